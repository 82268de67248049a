/** A small Chatwoot: two agents, three contacts, and conversations that began in every way. */
import type pg from 'pg'

const AT = `timestamp '2026-03-01 10:00:00'`

/** Agents 1 (anna) and 2 (ben); inboxes: 1 mail, 2 widget, 3 API; contacts 10 to 12. */
const BASE = `
insert into accounts (id, name, created_at, updated_at) values (1, 'Desk', ${AT}, ${AT}), (2, 'Other', ${AT}, ${AT});
insert into users (id, uid, name, email, created_at, updated_at) values
(1, 'anna@desk.example', 'Anna', 'anna@desk.example', ${AT}, ${AT}), (2, 'ben@desk.example', 'Ben', 'ben@desk.example', ${AT}, ${AT});
insert into inboxes (id, channel_id, account_id, name, channel_type, created_at, updated_at) values
(1, 1, 1, 'Mail', 'Channel::Email', ${AT}, ${AT}), (2, 1, 1, 'Site', 'Channel::WebWidget', ${AT}, ${AT}),
(3, 1, 1, 'App', 'Channel::Api', ${AT}, ${AT});
insert into inbox_members (user_id, inbox_id, created_at, updated_at) values (1, 1, ${AT}, ${AT}), (1, 2, ${AT}, ${AT}), (2, 1, ${AT}, ${AT});
insert into contacts (id, name, last_name, email, phone_number, account_id, identifier, additional_attributes, custom_attributes, location, created_at, updated_at) values
(10, 'Aiko', 'Tanaka', 'aiko@kunde.example', '+815000012345', 1, 'C-100', '{"company_name": "Kranich KK", "city": "Tokyo", "created_at_ip": "203.0.113.9"}', '{"card": "4111111111111111"}', 'Tokyo', ${AT}, ${AT}),
(11, 'Olivia', '', 'Olivia@Kunde.example', null, 1, null, '{}', '{}', '', ${AT}, ${AT}),
(12, 'Other', '', 'aiko@kunde.example', '+815000012345', 2, 'C-100', '{}', '{}', '', ${AT}, ${AT});
insert into contact_inboxes (id, contact_id, inbox_id, source_id, hmac_verified, created_at, updated_at) values
(1, 10, 1, 'a', false, ${AT}, ${AT}), (2, 10, 2, 'b', false, ${AT}, ${AT}), (3, 10, 2, 'c', true, ${AT}, ${AT}), (4, 10, 3, 'd', false, ${AT}, ${AT});
`

export async function seedChatwoot(db: pg.Pool): Promise<void> {
  await db.query(BASE)
}

export interface SeededConversation {
  readonly id: number
  readonly inbox?: number
  readonly contactInbox?: number
  readonly contact?: number
  readonly account?: number
  readonly status?: number
  readonly assignee?: number | null
  readonly priority?: number | null
  readonly at?: string
}

/** Its number is 500 more than its id. */
export async function addConversation(db: pg.Pool, one: SeededConversation): Promise<string> {
  const { id, inbox = 1, contactInbox = 1, contact = 10, account = 1, status = 0 } = one
  const { assignee = null, priority = null, at = '2026-03-02 09:00:00' } = one
  await db.query(
    `insert into conversations (id, account_id, inbox_id, status, assignee_id, contact_id, display_id,
      contact_inbox_id, priority, created_at, updated_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)`,
    [id, account, inbox, status, assignee, contact, 500 + id, contactInbox, priority, at],
  )
  return String(500 + id)
}

export interface SeededMessage {
  readonly conversation: number
  /** 0 incoming, 1 outgoing, 2 activity, 3 template. */
  readonly type: number
  readonly from?: readonly [kind: string, id: number]
  readonly at?: string
  readonly body?: string
  readonly private?: boolean
}

export async function addMessage(db: pg.Pool, message: SeededMessage): Promise<void> {
  const { conversation, type, from, at = '2026-03-02 09:00:00', body = 'text' } = message
  await db.query(
    `insert into messages (content, account_id, inbox_id, conversation_id, message_type, private, sender_type,
      sender_id, created_at, updated_at) values ($1, 1, 1, $2, $3, $4, $5, $6, $7, $7)`,
    [body, conversation, type, message.private ?? false, from?.[0], from?.[1], at],
  )
}
