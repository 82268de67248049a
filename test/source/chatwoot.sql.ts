/**
 * The tables of Chatwoot that tickets and customers are in, and some that point to them: columns, types,
 * defaults and indexes of its schema 2025_08_16_044639 (chatwoot/chatwoot, commit 0032d604). Left out
 * are its trigram indexes, which need an extension, and the trigger that numbers conversations.
 */
export const CHATWOOT_TABLES = `
  create table accounts (
    id serial primary key, name varchar not null, created_at timestamp not null,
    updated_at timestamp not null, locale integer default 0, domain varchar(100),
    support_email varchar(100), feature_flags bigint default 0 not null,
    auto_resolve_duration integer, limits jsonb default '{}', custom_attributes jsonb default '{}',
    status integer default 0, internal_attributes jsonb default '{}' not null,
    settings jsonb default '{}'
  );
  create index on accounts (status);
  create table users (
    id serial primary key, provider varchar default 'email' not null,
    uid varchar default '' not null, encrypted_password varchar default '' not null,
    reset_password_token varchar, reset_password_sent_at timestamp, remember_created_at timestamp,
    sign_in_count integer default 0 not null, current_sign_in_at timestamp,
    last_sign_in_at timestamp, current_sign_in_ip varchar, last_sign_in_ip varchar,
    confirmation_token varchar, confirmed_at timestamp, confirmation_sent_at timestamp,
    unconfirmed_email varchar, name varchar not null, display_name varchar, email varchar,
    tokens json, created_at timestamp not null, updated_at timestamp not null, pubsub_token varchar,
    availability integer default 0, ui_settings jsonb default '{}',
    custom_attributes jsonb default '{}', type varchar, message_signature text
  );
  create index on users (email); create unique index on users (pubsub_token);
  create unique index on users (reset_password_token); create unique index on users (uid, provider);
  create table inboxes (
    id serial primary key, channel_id integer not null, account_id integer not null,
    name varchar not null, created_at timestamp not null, updated_at timestamp not null,
    channel_type varchar, enable_auto_assignment boolean default true,
    greeting_enabled boolean default false, greeting_message varchar, email_address varchar,
    working_hours_enabled boolean default false, out_of_office_message varchar,
    timezone varchar default 'UTC', enable_email_collect boolean default true,
    csat_survey_enabled boolean default false, allow_messages_after_resolved boolean default true,
    auto_assignment_config jsonb default '{}',
    lock_to_single_conversation boolean default false not null, portal_id bigint,
    sender_name_type integer default 0 not null, business_name varchar,
    csat_config jsonb default '{}' not null
  );
  create index on inboxes (account_id); create index on inboxes (channel_id, channel_type);
  create index on inboxes (portal_id);
  create table inbox_members (
    id serial primary key, user_id integer not null, inbox_id integer not null,
    created_at timestamp not null, updated_at timestamp not null
  );
  create unique index on inbox_members (inbox_id, user_id);
  create index on inbox_members (inbox_id);
  create table teams (
    id bigserial primary key, name varchar not null, description text,
    allow_auto_assign boolean default true, account_id bigint not null,
    created_at timestamp(6) not null, updated_at timestamp(6) not null
  );
  create index on teams (account_id); create unique index on teams (name, account_id);
  create table team_members (
    id bigserial primary key, team_id bigint not null, user_id bigint not null,
    created_at timestamp(6) not null, updated_at timestamp(6) not null
  );
  create unique index on team_members (team_id, user_id); create index on team_members (team_id);
  create index on team_members (user_id);
  create table contacts (
    id serial primary key, name varchar default '', email varchar, phone_number varchar,
    account_id integer not null, created_at timestamp not null, updated_at timestamp not null,
    additional_attributes jsonb default '{}', identifier varchar,
    custom_attributes jsonb default '{}', last_activity_at timestamp,
    contact_type integer default 0, middle_name varchar default '', last_name varchar default '',
    location varchar default '', country_code varchar default '',
    blocked boolean default false not null
  );
  create index on contacts (lower(email), account_id);
  create index on contacts (account_id, contact_type);
  create index on contacts (account_id, email, phone_number, identifier) where email <> '' or phone_number <> '' or identifier <> '';
  create index on contacts (account_id, last_activity_at desc nulls last);
  create index on contacts (account_id);
  create index on contacts (account_id) where email <> '' or phone_number <> '' or identifier <> '';
  create index on contacts (blocked); create unique index on contacts (email, account_id);
  create unique index on contacts (identifier, account_id);
  create index on contacts (phone_number, account_id);
  create table contact_inboxes (
    id bigserial primary key, contact_id bigint, inbox_id bigint, source_id varchar not null,
    created_at timestamp(6) not null, updated_at timestamp(6) not null,
    hmac_verified boolean default false, pubsub_token varchar
  );
  create index on contact_inboxes (contact_id);
  create unique index on contact_inboxes (inbox_id, source_id);
  create index on contact_inboxes (inbox_id); create unique index on contact_inboxes (pubsub_token);
  create index on contact_inboxes (source_id);
  create table conversations (
    id serial primary key, account_id integer not null, inbox_id integer not null,
    status integer default 0 not null, assignee_id integer, created_at timestamp not null,
    updated_at timestamp not null, contact_id bigint, display_id integer not null,
    contact_last_seen_at timestamp, agent_last_seen_at timestamp,
    additional_attributes jsonb default '{}', contact_inbox_id bigint,
    uuid uuid default gen_random_uuid() not null, identifier varchar,
    last_activity_at timestamp default current_timestamp not null, team_id bigint,
    campaign_id bigint, snoozed_until timestamp, custom_attributes jsonb default '{}',
    assignee_last_seen_at timestamp, first_reply_created_at timestamp, priority integer,
    sla_policy_id bigint, waiting_since timestamp(6), cached_label_list text
  );
  create unique index on conversations (account_id, display_id);
  create index on conversations (account_id, id);
  create index on conversations (account_id, inbox_id, status, assignee_id);
  create index on conversations (account_id);
  create index on conversations (assignee_id, account_id);
  create index on conversations (campaign_id); create index on conversations (contact_id);
  create index on conversations (contact_inbox_id);
  create index on conversations (first_reply_created_at); create index on conversations (inbox_id);
  create index on conversations (priority); create index on conversations (status, account_id);
  create index on conversations (status, priority); create index on conversations (team_id);
  create unique index on conversations (uuid); create index on conversations (waiting_since);
  create table messages (
    id serial primary key, content text, account_id integer not null, inbox_id integer not null,
    conversation_id integer not null, message_type integer not null, created_at timestamp not null,
    updated_at timestamp not null, private boolean default false not null, status integer default 0,
    source_id varchar, content_type integer default 0 not null,
    content_attributes json default '{}', sender_type varchar, sender_id bigint,
    external_source_ids jsonb default '{}', additional_attributes jsonb default '{}',
    processed_message_content text, sentiment jsonb default '{}'
  );
  create index on messages (account_id, content_type, created_at);
  create index on messages (account_id, created_at, message_type);
  create index on messages (account_id, inbox_id); create index on messages (account_id);
  create index on messages (conversation_id, account_id, message_type, created_at);
  create index on messages (conversation_id); create index on messages (created_at);
  create index on messages (inbox_id); create index on messages (sender_type, sender_id);
  create index on messages (source_id);
  create table attachments (
    id serial primary key, file_type integer default 0, external_url varchar,
    coordinates_lat double precision default 0, coordinates_long double precision default 0,
    message_id integer not null, account_id integer not null, created_at timestamp not null,
    updated_at timestamp not null, fallback_title varchar, extension varchar,
    meta jsonb default '{}'
  );
  create index on attachments (account_id); create index on attachments (message_id);
  create table notes (
    id bigserial primary key, content text not null, account_id bigint not null,
    contact_id bigint not null, user_id bigint, created_at timestamp(6) not null,
    updated_at timestamp(6) not null
  );
  create index on notes (account_id); create index on notes (contact_id);
  create index on notes (user_id);
  create table campaign_messages (
    id bigserial primary key, campaign_id bigint not null, contact_id bigint not null,
    message_id varchar, status varchar default 'pending' not null, error_code varchar,
    error_description text, sent_at timestamp(6), delivered_at timestamp(6), read_at timestamp(6),
    created_at timestamp(6) not null, updated_at timestamp(6) not null
  );
  create index on campaign_messages (campaign_id, status);
  create index on campaign_messages (campaign_id); create index on campaign_messages (contact_id);
  create unique index on campaign_messages (message_id); create index on campaign_messages (status);
  create table csat_survey_responses (
    id bigserial primary key, account_id bigint not null, conversation_id bigint not null,
    message_id bigint not null, rating integer not null, feedback_message text,
    contact_id bigint not null, assigned_agent_id bigint, created_at timestamp(6) not null,
    updated_at timestamp(6) not null
  );
  create index on csat_survey_responses (account_id);
  create index on csat_survey_responses (assigned_agent_id);
  create index on csat_survey_responses (contact_id);
  create index on csat_survey_responses (conversation_id);
  create unique index on csat_survey_responses (message_id);
  create table conversation_participants (
    id bigserial primary key, account_id bigint not null, user_id bigint not null,
    conversation_id bigint not null, created_at timestamp(6) not null,
    updated_at timestamp(6) not null
  );
  create index on conversation_participants (account_id);
  create index on conversation_participants (conversation_id);
  create unique index on conversation_participants (user_id, conversation_id);
  create index on conversation_participants (user_id);
  create table audits (
    id bigserial primary key, auditable_id bigint, auditable_type varchar, associated_id bigint,
    associated_type varchar, user_id bigint, user_type varchar, username varchar, action varchar,
    audited_changes jsonb, version integer default 0, comment varchar, remote_address varchar,
    request_uuid varchar, created_at timestamp
  );
  create index on audits (associated_type, associated_id);
  create index on audits (auditable_type, auditable_id, version);
  create index on audits (created_at); create index on audits (request_uuid);
  create index on audits (user_id, user_type);
  create table mentions (
    id bigserial primary key, user_id bigint not null, conversation_id bigint not null,
    account_id bigint not null, mentioned_at timestamp not null, created_at timestamp(6) not null,
    updated_at timestamp(6) not null
  );
  create index on mentions (account_id); create index on mentions (conversation_id);
  create unique index on mentions (user_id, conversation_id); create index on mentions (user_id);
  create table taggings (
    id serial primary key, tag_id integer, taggable_type varchar, taggable_id integer,
    tagger_type varchar, tagger_id integer, context varchar(128), created_at timestamp
  );
  create index on taggings (context); create index on taggings (tag_id);
  create index on taggings (taggable_id); create index on taggings (taggable_type);
  create index on taggings (tagger_id);
  alter table campaign_messages add foreign key (contact_id) references contacts;
`
