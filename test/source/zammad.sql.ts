/**
 * The tables of Zammad that tickets and customers are in, and some that point to them: columns, types,
 * defaults and references of its migrations create_base (7.1) and create_ticket (zammad/zammad, commit
 * 02380592), and their indexes but those on times and durations of tickets; of small
 * tables not who made them.
 */
export const ZAMMAD_TABLES = `
  create table organizations (
    id serial primary key, name varchar(150) not null, shared boolean default true not null,
    domain varchar(250) default '', domain_assignment boolean default false not null,
    active boolean default true not null, vip boolean default false not null,
    note varchar(5000) default '', updated_by_id integer not null, created_by_id integer not null,
    created_at timestamp(3) not null, updated_at timestamp(3) not null
  );
  create unique index on organizations (name); create index on organizations (domain);
  create table users (
    id serial primary key, organization_id integer, login varchar(255) not null,
    firstname varchar(100) default '', lastname varchar(100) default '',
    email varchar(255) default '', image varchar(100), image_source varchar(200),
    web varchar(100) default '', password varchar(100), phone varchar(100) default '',
    fax varchar(100) default '', mobile varchar(100) default '', department varchar(200) default '',
    street varchar(120) default '', zip varchar(100) default '', city varchar(100) default '',
    country varchar(100) default '', address varchar(500) default '',
    vip boolean default false not null, verified boolean default false not null,
    active boolean default true not null, note varchar(5000) default '', last_login timestamp(3),
    source varchar(200), login_failed integer default 0 not null,
    out_of_office boolean default false not null, out_of_office_start_at date,
    out_of_office_end_at date, out_of_office_replacement_id integer, preferences varchar(8000),
    updated_by_id integer not null, created_by_id integer not null,
    created_at timestamp(3) not null, updated_at timestamp(3) not null
  );
  create unique index on users (login); create index on users (email);
  create index on users (organization_id); create index on users (image);
  create index on users (department); create index on users (phone); create index on users (fax);
  create index on users (mobile);
  create index on users (out_of_office, out_of_office_start_at, out_of_office_end_at);
  create index on users (out_of_office_replacement_id); create index on users (source);
  create index on users (created_by_id);
  create table signatures (
    id serial primary key, name varchar(100) not null, body text,
    active boolean default true not null, note varchar(250), updated_by_id integer not null,
    created_by_id integer not null, created_at timestamp(3) not null,
    updated_at timestamp(3) not null
  );
  create unique index on signatures (name);
  create table email_addresses (
    id serial primary key, channel_id integer, name varchar(250) not null,
    email varchar(255) not null, active boolean default true not null, note varchar(250),
    preferences varchar(2000), updated_by_id integer not null, created_by_id integer not null,
    created_at timestamp(3) not null, updated_at timestamp(3) not null
  );
  create unique index on email_addresses (email);
  create table groups (
    id serial primary key, signature_id integer, email_address_id integer,
    name varchar(1618) not null, name_last varchar(160) not null, parent_id integer,
    assignment_timeout integer, follow_up_possible varchar(100) default 'yes' not null,
    reopen_time_in_days integer, follow_up_assignment boolean default true not null,
    active boolean default true not null, shared_drafts boolean default true not null,
    summary_generation varchar default 'global_default' not null, note varchar(250),
    updated_by_id integer not null, created_by_id integer not null,
    created_at timestamp(3) not null, updated_at timestamp(3) not null
  );
  create unique index on groups (name);
  create table roles (
    id serial primary key, name varchar(100) not null, preferences text,
    default_at_signup boolean default false not null, active boolean default true not null,
    note varchar(250), updated_by_id integer not null, created_by_id integer not null,
    created_at timestamp(3) not null, updated_at timestamp(3) not null
  );
  create unique index on roles (name);
  create table roles_users (
    user_id integer, role_id integer
  );
  create index on roles_users (user_id); create index on roles_users (role_id);
  create table groups_users (
    user_id integer not null, group_id integer not null, access varchar(50) default 'full' not null
  );
  create index on groups_users (user_id); create index on groups_users (group_id);
  create index on groups_users (access); create index on groups_users (user_id, group_id, access);
  create table roles_groups (
    role_id integer not null, group_id integer not null, access varchar(50) default 'full' not null
  );
  create index on roles_groups (role_id); create index on roles_groups (group_id);
  create index on roles_groups (access);
  create table authorizations (
    id serial primary key, provider varchar(250) not null, uid varchar(250) not null,
    token varchar(2500), secret varchar(250), username varchar(250), user_id integer not null,
    created_at timestamp(3) not null, updated_at timestamp(3) not null
  );
  create unique index on authorizations (uid, provider); create index on authorizations (user_id);
  create index on authorizations (username);
  create table object_lookups (
    id serial primary key, name varchar(250) not null, created_at timestamp(3) not null,
    updated_at timestamp(3) not null
  );
  create unique index on object_lookups (name);
  create table history_types (
    id serial primary key, name varchar(250) not null, created_at timestamp(3) not null,
    updated_at timestamp(3) not null
  );
  create unique index on history_types (name);
  create table history_objects (
    id serial primary key, name varchar(250) not null, note varchar(250),
    created_at timestamp(3) not null, updated_at timestamp(3) not null
  );
  create unique index on history_objects (name);
  create table history_attributes (
    id serial primary key, name varchar(250) not null, created_at timestamp(3) not null,
    updated_at timestamp(3) not null
  );
  create unique index on history_attributes (name);
  create table histories (
    id serial primary key, history_type_id integer not null, history_object_id integer not null,
    history_attribute_id integer, sourceable_type varchar, sourceable_id integer,
    sourceable_name varchar(500), o_id integer not null, related_o_id integer,
    related_history_object_id integer, id_to integer, id_from integer, value_from varchar(500),
    value_to varchar(500), created_by_id integer not null, created_at timestamp(3) not null,
    updated_at timestamp(3) not null
  );
  create index on histories (o_id); create index on histories (created_by_id);
  create index on histories (created_at); create index on histories (history_object_id);
  create index on histories (history_attribute_id); create index on histories (history_type_id);
  create index on histories (id_to); create index on histories (id_from);
  create index on histories (related_o_id); create index on histories (related_history_object_id);
  create index on histories (o_id, history_object_id, related_o_id);
  create table avatars (
    id serial primary key, o_id integer not null, object_lookup_id integer not null,
    "default" boolean default false not null, deletable boolean default true not null,
    initial boolean default false not null, store_full_id integer, store_resize_id integer,
    store_hash varchar(32), source varchar(100) not null, source_url varchar(512),
    updated_by_id integer not null, created_by_id integer not null,
    created_at timestamp(3) not null, updated_at timestamp(3) not null
  );
  create index on avatars (o_id, object_lookup_id); create index on avatars (store_hash);
  create index on avatars (source); create index on avatars ("default");
  create table online_notifications (
    id serial primary key, o_id integer not null, object_lookup_id integer not null,
    type_lookup_id integer not null, user_id integer not null, seen boolean default false not null,
    updated_by_id integer not null, created_by_id integer not null,
    created_at timestamp(3) not null, updated_at timestamp(3) not null
  );
  create index on online_notifications (user_id); create index on online_notifications (seen);
  create index on online_notifications (created_at);
  create index on online_notifications (updated_at);
  create table user_devices (
    id serial primary key, user_id integer not null, name varchar(250) not null, os varchar(150),
    browser varchar(250), location varchar(150), device_details varchar(2500),
    location_details varchar(2500), fingerprint varchar(160), user_agent varchar(250),
    ip varchar(160), created_at timestamp(3) not null, updated_at timestamp(3) not null
  );
  create index on user_devices (user_id); create index on user_devices (os, browser, location);
  create index on user_devices (fingerprint); create index on user_devices (updated_at);
  create index on user_devices (created_at);
  create table cti_caller_ids (
    id serial primary key, caller_id varchar(100) not null, comment varchar(500),
    level varchar(100) not null, object varchar(100) not null, o_id integer not null,
    user_id integer, preferences text, created_at timestamp(3) not null,
    updated_at timestamp(3) not null
  );
  create index on cti_caller_ids (caller_id); create index on cti_caller_ids (caller_id, level);
  create index on cti_caller_ids (caller_id, user_id);
  create index on cti_caller_ids (object, o_id);
  create table mentions (
    id serial primary key, mentionable_type varchar not null, mentionable_id integer not null,
    user_id integer not null, updated_by_id integer not null, created_by_id integer not null,
    created_at timestamp(3) not null, updated_at timestamp(3) not null
  );
  create unique index on mentions (mentionable_id, mentionable_type, user_id);
  create table ticket_state_types (
    id serial primary key, name varchar(250) not null, note varchar(250),
    updated_by_id integer not null, created_by_id integer not null,
    created_at timestamp(3) not null, updated_at timestamp(3) not null
  );
  create unique index on ticket_state_types (name);
  create table ticket_states (
    id serial primary key, state_type_id integer not null, name varchar(250) not null,
    next_state_id integer, ignore_escalation boolean default false not null,
    default_create boolean default false not null, default_follow_up boolean default false not null,
    default_close boolean default false not null, note varchar(250),
    active boolean default true not null, updated_by_id integer not null,
    created_by_id integer not null, created_at timestamp(3) not null,
    updated_at timestamp(3) not null
  );
  create unique index on ticket_states (name); create index on ticket_states (default_create);
  create index on ticket_states (default_follow_up); create index on ticket_states (default_close);
  create table ticket_priorities (
    id serial primary key, name varchar(250) not null,
    default_create boolean default false not null, ui_icon varchar(100), ui_color varchar(100),
    note varchar(250), active boolean default true not null, updated_by_id integer not null,
    created_by_id integer not null, created_at timestamp(3) not null,
    updated_at timestamp(3) not null
  );
  create unique index on ticket_priorities (name);
  create index on ticket_priorities (default_create);
  create table tickets (
    id serial primary key, group_id integer not null, priority_id integer not null,
    state_id integer not null, organization_id integer, number varchar(60) not null,
    title varchar(250) not null, owner_id integer not null, customer_id integer not null,
    note varchar(250), first_response_at timestamp(3), first_response_escalation_at timestamp(3),
    first_response_in_min integer, first_response_diff_in_min integer, close_at timestamp(3),
    close_escalation_at timestamp(3), close_in_min integer, close_diff_in_min integer,
    update_escalation_at timestamp(3), update_in_min integer, update_diff_in_min integer,
    last_close_at timestamp(3), last_contact_at timestamp(3), last_contact_agent_at timestamp(3),
    last_contact_customer_at timestamp(3), last_owner_update_at timestamp(3),
    create_article_type_id integer, create_article_sender_id integer, article_count integer,
    escalation_at timestamp(3), pending_time timestamp(3), type varchar(100), approver integer,
    approval_state varchar(100), time_unit numeric(6,2), preferences text,
    ai_agent_running boolean default false not null, updated_by_id integer not null,
    created_by_id integer not null, created_at timestamp(3) not null,
    updated_at timestamp(3) not null
  );
  create index on tickets (state_id); create index on tickets (priority_id);
  create index on tickets (group_id); create index on tickets (owner_id);
  create index on tickets (customer_id);
  create index on tickets (customer_id, state_id, created_at);
  create unique index on tickets (number); create index on tickets (title);
  create index on tickets (created_at); create index on tickets (updated_at);
  create index on tickets (created_by_id); create index on tickets (pending_time);
  create index on tickets (group_id, state_id);
  create index on tickets (group_id, state_id, owner_id);
  create table ticket_article_types (
    id serial primary key, name varchar(250) not null, note varchar(250),
    communication boolean default false not null, active boolean default true not null,
    updated_by_id integer not null, created_by_id integer not null,
    created_at timestamp(3) not null, updated_at timestamp(3) not null
  );
  create unique index on ticket_article_types (name);
  create table ticket_article_senders (
    id serial primary key, name varchar(250) not null, note varchar(250),
    updated_by_id integer not null, created_by_id integer not null,
    created_at timestamp(3) not null, updated_at timestamp(3) not null
  );
  create unique index on ticket_article_senders (name);
  create table ticket_articles (
    id serial primary key, ticket_id integer not null, type_id integer not null,
    sender_id integer not null, detected_language varchar(8), "from" varchar(3000),
    "to" varchar(3000), cc varchar(3000), subject varchar(3000), reply_to varchar(300),
    message_id varchar(3000), message_id_md5 varchar(32), in_reply_to varchar(3000),
    content_type varchar(20) default 'text/plain' not null, body text not null,
    internal boolean default false not null, preferences text, updated_by_id integer not null,
    created_by_id integer not null, origin_by_id integer, created_at timestamp(3) not null,
    updated_at timestamp(3) not null
  );
  create index on ticket_articles (ticket_id); create index on ticket_articles (message_id_md5);
  create index on ticket_articles (message_id_md5, type_id);
  create index on ticket_articles (created_by_id); create index on ticket_articles (created_at);
  create index on ticket_articles (internal); create index on ticket_articles (type_id);
  create index on ticket_articles (sender_id);
  alter table users add foreign key (created_by_id) references users,
      add foreign key (updated_by_id) references users,
      add foreign key (out_of_office_replacement_id) references users,
      add foreign key (organization_id) references organizations;
  alter table organizations add foreign key (created_by_id) references users,
      add foreign key (updated_by_id) references users;
  alter table groups add foreign key (signature_id) references signatures,
      add foreign key (email_address_id) references email_addresses,
      add foreign key (created_by_id) references users,
      add foreign key (updated_by_id) references users;
  alter table roles add foreign key (created_by_id) references users,
      add foreign key (updated_by_id) references users;
  alter table roles_users add foreign key (user_id) references users,
      add foreign key (role_id) references roles;
  alter table groups_users add foreign key (user_id) references users,
      add foreign key (group_id) references groups;
  alter table roles_groups add foreign key (role_id) references roles,
      add foreign key (group_id) references groups;
  alter table authorizations add foreign key (user_id) references users;
  alter table histories add foreign key (history_type_id) references history_types,
      add foreign key (history_object_id) references history_objects,
      add foreign key (history_attribute_id) references history_attributes,
      add foreign key (created_by_id) references users;
  alter table avatars add foreign key (created_by_id) references users,
      add foreign key (updated_by_id) references users;
  alter table online_notifications add foreign key (user_id) references users,
      add foreign key (created_by_id) references users,
      add foreign key (updated_by_id) references users;
  alter table user_devices add foreign key (user_id) references users;
  alter table cti_caller_ids add foreign key (user_id) references users;
  alter table mentions add foreign key (created_by_id) references users,
      add foreign key (updated_by_id) references users, add foreign key (user_id) references users;
  alter table ticket_states add foreign key (state_type_id) references ticket_state_types,
      add foreign key (created_by_id) references users,
      add foreign key (updated_by_id) references users;
  alter table tickets add foreign key (group_id) references groups,
      add foreign key (owner_id) references users, add foreign key (customer_id) references users,
      add foreign key (priority_id) references ticket_priorities,
      add foreign key (state_id) references ticket_states,
      add foreign key (organization_id) references organizations,
      add foreign key (created_by_id) references users,
      add foreign key (updated_by_id) references users;
  alter table ticket_articles add foreign key (ticket_id) references tickets,
      add foreign key (type_id) references ticket_article_types,
      add foreign key (sender_id) references ticket_article_senders,
      add foreign key (created_by_id) references users,
      add foreign key (updated_by_id) references users,
      add foreign key (origin_by_id) references users;
`
