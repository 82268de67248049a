/**
 * Chatwoot. Checked against the schema 2025_08_16_044639 of chatwoot/chatwoot (commit 0032d604). Statuses,
 * message types and senders are the enums of its models Conversation and Message.
 */
import type { Decision, Field, Mapping } from '../model.ts'

const table = (name: string) => ({ schema: 'public', name })

/** Anybody who may use its API writes incoming messages of an API inbox, and anybody who visits a web
 * widget says who they are: only a widget that signs its visitors (HMAC) proves it. */
const BELIEVED = `(i.channel_type in ({trusted})
  or i.channel_type not in ('Channel::Api', 'Channel::WebWidget')
  or i.channel_type = 'Channel::WebWidget' and x.hmac_verified)`

const BY_CUSTOMER = `m.message_type = 0 and m.sender_type = 'Contact' and m.sender_id = t.contact_id`

const contact = (
  column: string,
  kind: Field['class'],
  mask: Field['mask'],
  more: Partial<Field> = {},
): Field => ({ value: { column }, class: kind, mask, search: null, stored: 'as-typed', ...more })

const attribute = (key: string, kind: Field['class']): Field => ({
  ...contact('additional_attributes', kind, 'text'),
  value: { column: 'additional_attributes', path: [key] },
})

const customers: Mapping['customers'] = {
  table: table('contacts'),
  only: {},
  key: 'id',
  fields: {
    name: {
      ...contact('name', 'identity', 'name'),
      value: {
        sql: `nullif(trim(concat_ws(' ', nullif(c.name, ''), nullif(c.middle_name, ''), nullif(c.last_name, ''))), '')`,
        reads: ['name', 'middle_name', 'last_name'],
      },
    },
    mail: contact('email', 'contact', 'mail', { search: 'mail' }),
    phone: contact('phone_number', 'contact', 'phone', { search: 'phone', stored: 'e164' }),
    number: contact('identifier', 'reference', 'reference', { search: 'customer' }),
    company: attribute('company_name', 'identity'),
    city: attribute('city', 'contact'),
    country: attribute('country', 'reference'),
  },
  notPersonal: [
    'account_id',
    'created_at',
    'updated_at',
    'last_activity_at',
    'contact_type',
    'blocked',
  ],
  never: ['location', 'country_code', 'additional_attributes', 'custom_attributes'],
  undecided: [],
}

const tickets: Mapping['tickets'] = {
  table: table('conversations'),
  only: {},
  number: 'display_id',
  customer: 'contact_id',
  queue: { column: 'inbox_id', lookup: { table: table('inboxes'), key: 'id', value: 'name' } },
  // Chatwoot has no subject; what mails bring as one is the customer's text.
  topic: null,
  channel: {
    sql: `select lower(replace(i.channel_type, 'Channel::', '')) from public.inboxes i where i.id = t.inbox_id`,
    reads: ['inbox_id'],
  },
  priority: { sql: 't.priority + 1', reads: ['priority'] },
  openedAt: { column: 'created_at' },
  contactAt: {
    sql: `select floor(extract(epoch from max(m.created_at)) * 1000)::bigint from public.messages m
      join public.inboxes i on i.id = t.inbox_id
      left join public.contact_inboxes x on x.id = t.contact_inbox_id
      where m.conversation_id = t.id and ${BY_CUSTOMER} and ${BELIEVED}`,
    reads: ['id', 'contact_id', 'inbox_id', 'contact_inbox_id'],
  },
  // Open, and snoozed until the customer answers or a time comes; pending is a bot's.
  state: { column: 'status', open: [0, 3] },
  assignee: { column: 'assignee_id', none: [] },
  origin: {
    kind: { sql: 'first.kind', reads: ['id', 'contact_id', 'inbox_id', 'contact_inbox_id'] },
    agent: { sql: 'first.agent', reads: [] },
  },
  // Its database does not say who assigned whom.
  assignment: null,
  assignedAt: null,
  // The first message that is no activity. Bots and templates are nobody: agents can write in their name.
  joins: `left join lateral (
    select case when ${BY_CUSTOMER} and ${BELIEVED} then 'customer'
        when m.message_type = 1 and m.sender_type = 'User' then 'agent' end as kind,
      case when m.sender_type = 'User' then m.sender_id end as agent
    from public.messages m
    join public.inboxes i on i.id = t.inbox_id
    left join public.contact_inboxes x on x.id = t.contact_inbox_id
    where m.conversation_id = t.id and m.message_type <> 2
    order by m.id limit 1) first on true`,
  notPersonal: [
    'id',
    'account_id',
    'updated_at',
    'contact_last_seen_at',
    'agent_last_seen_at',
    'assignee_last_seen_at',
    'uuid',
    'last_activity_at',
    'team_id',
    'campaign_id',
    'snoozed_until',
    'first_reply_created_at',
    'sla_policy_id',
    'waiting_since',
    'cached_label_list',
  ],
  never: ['additional_attributes', 'custom_attributes', 'identifier'],
  undecided: [],
}

const messages: Mapping['messages'] = {
  table: table('messages'),
  only: {},
  key: 'id',
  ticket: 'conversation_id',
  ticketKey: 'id',
  at: { column: 'created_at' },
  direction: {
    sql: `case when m.private then 'note' when m.message_type = 0 then 'in'
      when m.message_type in (1, 3) then 'out' end`,
    reads: ['private', 'message_type'],
  },
  author: {
    sql: `select u.name from public.users u where m.sender_type = 'User' and u.id = m.sender_id`,
    reads: ['sender_type', 'sender_id'],
  },
  body: { column: 'content' },
  html: null,
  delivery: null,
  notPersonal: [
    'account_id',
    'inbox_id',
    'updated_at',
    'status',
    'content_type',
    'external_source_ids',
    'sentiment',
  ],
  never: ['content_attributes', 'additional_attributes', 'processed_message_content', 'source_id'],
  undecided: [],
}

/** Tables that point to contacts, conversations or messages, some only by a type and an id. */
const ELSEWHERE: Readonly<Record<string, Decision>> = {
  'public.access_tokens': 'not-personal',
  'public.active_storage_attachments': 'never',
  'public.applied_slas': 'not-personal',
  'public.attachments': 'never',
  'public.audits': 'never',
  'public.campaign_messages': 'never',
  'public.contact_inboxes': 'never',
  'public.conversation_participants': 'not-personal',
  'public.csat_survey_responses': 'never',
  'public.mentions': 'not-personal',
  'public.notes': 'never',
  'public.notifications': 'never',
  'public.platform_app_permissibles': 'not-personal',
  'public.captain_assistant_responses': 'never',
  'public.inboxes': 'not-personal',
  'public.reporting_events': 'not-personal',
  'public.sla_events': 'not-personal',
  'public.taggings': 'not-personal',
}

export const CHATWOOT: Mapping = {
  product: 'Chatwoot',
  region: null,
  trust: [],
  agents: { by: 'mail', lookup: { table: table('users'), key: 'id', value: 'email' } },
  customers,
  tickets,
  messages,
  members: {
    table: table('inbox_members'),
    agent: 'user_id',
    queue: { column: 'inbox_id', lookup: { table: table('inboxes'), key: 'id', value: 'name' } },
  },
  elsewhere: ELSEWHERE,
  authorColumns: [],
}
