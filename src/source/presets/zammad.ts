/**
 * Zammad. Checked against the migrations create_base of 7.1 and create_ticket of zammad/zammad (commit
 * 02380592). Its customers and its agents are rows of one table.
 */
import type { Decision, Field, Mapping } from '../model.ts'

const table = (name: string) => ({ schema: 'public', name })

const user = (
  column: string,
  kind: Field['class'],
  mask: Field['mask'],
  more: Partial<Field> = {},
): Field => ({ value: { column }, class: kind, mask, search: null, stored: 'as-typed', ...more })

const customers: Mapping['customers'] = {
  table: table('users'),
  only: {},
  key: 'id',
  fields: {
    name: {
      ...user('firstname', 'identity', 'name'),
      value: {
        sql: `nullif(trim(concat_ws(' ', nullif(c.firstname, ''), nullif(c.lastname, ''))), '')`,
        reads: ['firstname', 'lastname'],
      },
    },
    // Its model writes addresses in lower case.
    mail: user('email', 'contact', 'mail', { search: 'mail', stored: 'lower' }),
    phone: user('phone', 'contact', 'phone', { search: 'phone' }),
    mobile: user('mobile', 'contact', 'phone', { search: 'phone' }),
    fax: user('fax', 'contact', 'phone'),
    address: {
      ...user('street', 'contact', 'text'),
      value: {
        sql: `nullif(concat_ws(', ', nullif(c.street, ''), nullif(trim(concat_ws(' ', c.zip, c.city)), ''),
          nullif(c.country, ''), nullif(c.address, '')), '')`,
        reads: ['street', 'zip', 'city', 'country', 'address'],
      },
    },
    organization: {
      ...user('organization_id', 'identity', 'text'),
      value: {
        column: 'organization_id',
        lookup: { table: table('organizations'), key: 'id', value: 'name' },
      },
    },
    department: user('department', 'identity', 'text'),
    web: user('web', 'contact', 'text'),
    notes: user('note', 'text', 'text'),
  },
  notPersonal: [
    'vip',
    'verified',
    'active',
    'last_login',
    'login_failed',
    'out_of_office',
    'out_of_office_start_at',
    'out_of_office_end_at',
    'out_of_office_replacement_id',
    'updated_by_id',
    'created_by_id',
    'created_at',
    'updated_at',
  ],
  never: ['login', 'image', 'image_source', 'password', 'source', 'preferences'],
  undecided: [],
}

const IS_TICKET = `h.history_object_id = (select o.id from public.history_objects o where o.name = 'Ticket')`
const ATTRIBUTE = (name: string) =>
  `h.history_attribute_id = (select a.id from public.history_attributes a where a.name = '${name}')`
const STATES_OF = (types: string) =>
  `(select s.id from public.ticket_states s join public.ticket_state_types y on y.id = s.state_type_id
    where y.name in (${types}))`

const tickets: Mapping['tickets'] = {
  table: table('tickets'),
  only: {},
  number: 'number',
  customer: 'customer_id',
  queue: { column: 'group_id', lookup: { table: table('groups'), key: 'id', value: 'name' } },
  // The title is the customer's text, and lists show nothing of customers.
  topic: null,
  channel: {
    column: 'create_article_type_id',
    lookup: { table: table('ticket_article_types'), key: 'id', value: 'name' },
  },
  priority: { column: 'priority_id' },
  openedAt: { column: 'created_at' },
  // What customers wrote themselves: agents note calls in their name.
  contactAt: {
    sql: `select floor(extract(epoch from max(m.created_at)) * 1000)::bigint from public.ticket_articles m
      join public.ticket_article_senders s on s.id = m.sender_id
      where m.ticket_id = t.id and s.name = 'Customer' and m.created_by_id = t.customer_id and not m.internal`,
    reads: ['id', 'customer_id'],
  },
  // By type: organisations have states of their own.
  state: {
    sql: `t.state_id in ${STATES_OF(`'new', 'open', 'pending reminder', 'pending action'`)}`,
    reads: ['state_id'],
  },
  // The user 1 stands for nobody.
  assignee: { column: 'owner_id', none: [1] },
  // A ticket whose customer was changed was opened for the new one by whoever changed it.
  origin: {
    kind: {
      sql: `case when coalesce(moved.by, t.created_by_id) = 1 then 'system'
        when moved.by is null and t.created_by_id = t.customer_id and exists (
          select from public.ticket_article_senders s
          where s.id = t.create_article_sender_id and s.name = 'Customer') then 'customer'
        else 'agent' end`,
      reads: ['created_by_id', 'customer_id', 'create_article_sender_id'],
    },
    agent: { sql: 'coalesce(moved.by, t.created_by_id)', reads: ['created_by_id'] },
  },
  // Triggers, schedulers and mail filters act as the user 1, or as the customer whose mail they handle.
  assignment: {
    kind: {
      sql: `case when coalesce(given.by, t.created_by_id) = 1 then 'router'
        when coalesce(given.by, t.created_by_id) = t.customer_id and t.customer_id <> t.owner_id then 'router'
        else 'agent' end`,
      reads: ['created_by_id', 'customer_id', 'owner_id'],
    },
    agent: { sql: 'coalesce(given.by, t.created_by_id)', reads: ['created_by_id'] },
  },
  assignedAt: {
    sql: `floor(extract(epoch from coalesce(given.at, t.created_at)) * 1000)::bigint`,
    reads: ['created_at'],
  },
  // The last time it was given to its owner, or that its owner opened it again.
  joins: `left join lateral (
    select h.created_by_id as by, h.created_at as at from public.histories h
    where h.o_id = t.id and ${IS_TICKET} and (
      ${ATTRIBUTE('owner')} and h.id_to = t.owner_id
      or ${ATTRIBUTE('state')} and h.created_by_id = t.owner_id
        and h.id_from in ${STATES_OF(`'closed', 'merged', 'removed'`)}
        and h.id_to not in ${STATES_OF(`'closed', 'merged', 'removed'`)})
    order by h.id desc limit 1) given on true
  left join lateral (
    select h.created_by_id as by from public.histories h
    where h.o_id = t.id and ${IS_TICKET} and ${ATTRIBUTE('customer')}
    order by h.id desc limit 1) moved on true`,
  notPersonal: [
    'id',
    'organization_id',
    'first_response_at',
    'first_response_escalation_at',
    'first_response_in_min',
    'first_response_diff_in_min',
    'close_at',
    'close_escalation_at',
    'close_in_min',
    'close_diff_in_min',
    'update_escalation_at',
    'update_in_min',
    'update_diff_in_min',
    'last_close_at',
    'last_contact_at',
    'last_contact_agent_at',
    'last_contact_customer_at',
    'last_owner_update_at',
    'article_count',
    'escalation_at',
    'pending_time',
    'type',
    'approver',
    'approval_state',
    'time_unit',
    'ai_agent_running',
    'updated_by_id',
    'updated_at',
    'checklist_id',
  ],
  never: ['title', 'note', 'preferences'],
  undecided: [],
}

const messages: Mapping['messages'] = {
  table: table('ticket_articles'),
  only: {},
  key: 'id',
  ticket: 'ticket_id',
  ticketKey: 'id',
  at: { column: 'created_at' },
  direction: {
    sql: `case when m.internal then 'note' else (select case s.name when 'Customer' then 'in' else 'out' end
      from public.ticket_article_senders s where s.id = m.sender_id) end`,
    reads: ['internal', 'sender_id'],
  },
  author: {
    sql: `select trim(concat_ws(' ', u.firstname, u.lastname)) from public.users u
      join public.ticket_article_senders s on s.id = m.sender_id
      where u.id = m.created_by_id and s.name = 'Agent'`,
    reads: ['created_by_id', 'sender_id'],
  },
  body: { column: 'body' },
  html: { column: 'content_type', values: { html: ['text/html'] } },
  delivery: null,
  notPersonal: [
    'type_id',
    'detected_language',
    'message_id_md5',
    'updated_by_id',
    'origin_by_id',
    'updated_at',
  ],
  never: ['from', 'to', 'cc', 'subject', 'reply_to', 'message_id', 'in_reply_to', 'preferences'],
  undecided: [],
}

/** Tables that point to users, tickets or articles, some only by a type and an id. */
const ELSEWHERE: Readonly<Record<string, Decision>> = {
  'public.activity_streams': 'not-personal',
  'public.ai_agents': 'not-personal',
  'public.ai_analytics_runs': 'never',
  'public.ai_analytics_usages': 'never',
  'public.ai_stored_results': 'never',
  'public.ai_text_tools': 'not-personal',
  'public.authorizations': 'never',
  'public.avatars': 'never',
  'public.chat_sessions': 'never',
  'public.checklist_items': 'never',
  'public.cti_caller_ids': 'never',
  'public.data_privacy_tasks': 'never',
  'public.groups_users': 'not-personal',
  'public.histories': 'never',
  'public.mentions': 'not-personal',
  'public.online_notifications': 'not-personal',
  'public.organizations_users': 'never',
  'public.overviews_users': 'not-personal',
  'public.recent_closes': 'not-personal',
  'public.roles_users': 'not-personal',
  'public.stats_stores': 'not-personal',
  'public.taskbars': 'never',
  'public.ticket_article_flags': 'not-personal',
  'public.ticket_daily_event_locks': 'not-personal',
  'public.ticket_shared_draft_zooms': 'never',
  'public.ticket_time_accountings': 'not-personal',
  'public.tokens': 'never',
  'public.user_devices': 'never',
  'public.user_overview_sortings': 'not-personal',
  'public.user_two_factor_preferences': 'never',
}

export const ZAMMAD: Mapping = {
  product: 'Zammad',
  region: null,
  trust: [],
  agents: { by: 'mail', lookup: { table: table('users'), key: 'id', value: 'email' } },
  customers,
  tickets,
  messages,
  members: {
    sql: `select distinct g.name as queue from public.groups g where g.active and (
      g.id in (select b.group_id from public.groups_users b where b.access in ('full', 'change') and b.user_id {agent})
      or g.id in (select r.group_id from public.roles_groups r join public.roles_users w on w.role_id = r.role_id
        where r.access in ('full', 'change') and w.user_id {agent}))`,
    reads: [],
  },
  elsewhere: ELSEWHERE,
  authorColumns: ['created_by_id', 'updated_by_id', 'origin_by_id'],
}
