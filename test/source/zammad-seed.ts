/** A small Zammad: two agents, three customers, and tickets that came about in every way. */
import type pg from 'pg'

const AT = `timestamp '2026-03-01 10:00:00'`

/** What every Zammad has after its setup, as its seeds make it. */
const BASE = `
insert into users (id, login, firstname, lastname, email, updated_by_id, created_by_id, created_at, updated_at)
values (1, '-', '-', '', '', 1, 1, ${AT}, ${AT});
insert into object_lookups (id, name, created_at, updated_at) values (1, 'User', ${AT}, ${AT});
insert into history_objects (id, name, created_at, updated_at) values (1, 'User', ${AT}, ${AT}), (2, 'Ticket', ${AT}, ${AT});
insert into history_types (id, name, created_at, updated_at) values (1, 'created', ${AT}, ${AT}), (2, 'updated', ${AT}, ${AT});
insert into history_attributes (id, name, created_at, updated_at)
values (1, 'owner', ${AT}, ${AT}), (2, 'state', ${AT}, ${AT}), (3, 'customer', ${AT}, ${AT});
insert into ticket_state_types (id, name, updated_by_id, created_by_id, created_at, updated_at)
select i, n, 1, 1, ${AT}, ${AT} from unnest(array['new', 'open', 'pending reminder', 'pending action', 'closed', 'merged', 'removed'])
  with ordinality x(n, i);
insert into ticket_states (id, name, state_type_id, updated_by_id, created_by_id, created_at, updated_at)
select i, n, y, 1, 1, ${AT}, ${AT} from (values (1, 'new', 1), (2, 'open', 2), (3, 'pending reminder', 3), (4, 'closed', 5),
  (5, 'merged', 6), (6, 'removed', 7), (7, 'pending close', 4), (8, 'waiting for vendor', 2)) x(i, n, y);
insert into ticket_priorities (id, name, updated_by_id, created_by_id, created_at, updated_at)
values (1, '1 low', 1, 1, ${AT}, ${AT}), (2, '2 normal', 1, 1, ${AT}, ${AT}), (3, '3 high', 1, 1, ${AT}, ${AT});
insert into ticket_article_types (id, name, updated_by_id, created_by_id, created_at, updated_at)
values (1, 'email', 1, 1, ${AT}, ${AT}), (5, 'phone', 1, 1, ${AT}, ${AT}), (10, 'note', 1, 1, ${AT}, ${AT});
insert into ticket_article_senders (id, name, updated_by_id, created_by_id, created_at, updated_at)
values (1, 'Agent', 1, 1, ${AT}, ${AT}), (2, 'Customer', 1, 1, ${AT}, ${AT}), (3, 'System', 1, 1, ${AT}, ${AT});
`

/** Agents 10 (anna) and 11 (ben); customers 20 to 22. */
const PEOPLE = `
insert into organizations (id, name, updated_by_id, created_by_id, created_at, updated_at) values (1, 'Kranich GmbH', 1, 1, ${AT}, ${AT});
insert into users (id, organization_id, login, firstname, lastname, email, phone, mobile, street, zip, city, country, note,
  updated_by_id, created_by_id, created_at, updated_at) values
(10, null, 'anna', 'Anna', 'Agent', 'anna@desk.example', '', '', '', '', '', '', '', 1, 1, ${AT}, ${AT}),
(11, null, 'ben', 'Ben', 'Agent', 'ben@desk.example', '', '', '', '', '', '', '', 1, 1, ${AT}, ${AT}),
(20, 1, 'kaethe@kunde.example', 'Käthe', 'Köhler', 'kaethe@kunde.example', '030 123456', '+49 (0)171 39200-11', 'Musterweg 1',
  '10115', 'Berlin', 'Germany', 'Likes to be called late.', 1, 1, ${AT}, ${AT}),
(21, null, 'opfer@kunde.example', 'Otto', 'Opfer', 'opfer@kunde.example', '0049 30 654321', '', '', '', '', '', '', 1, 1, ${AT}, ${AT}),
(22, null, 'fritz@kunde.example', 'Fritz', '', 'fritz@kunde.example', '', '', '', '', '', '', '', 1, 1, ${AT}, ${AT});
insert into groups (id, name, name_last, updated_by_id, created_by_id, created_at, updated_at)
values (1, 'Users', 'Users', 1, 1, ${AT}, ${AT}), (2, 'Sales', 'Sales', 1, 1, ${AT}, ${AT}), (3, 'VIP', 'VIP', 1, 1, ${AT}, ${AT});
insert into roles (id, name, updated_by_id, created_by_id, created_at, updated_at) values (2, 'Agent', 1, 1, ${AT}, ${AT});
insert into roles_users (user_id, role_id) values (10, 2);
insert into roles_groups (role_id, group_id, access) values (2, 3, 'full');
insert into groups_users (user_id, group_id, access) values (10, 1, 'full'), (10, 2, 'read'), (11, 2, 'full');
`

export interface SeededTicket {
  readonly id: number
  readonly customer: number
  readonly owner?: number
  readonly state?: number
  readonly group?: number
  readonly createdBy: number
  /** 1 agent, 2 customer, 3 system. */
  readonly sender: number
  readonly at?: string
  readonly priority?: number
}

export async function seedZammad(db: pg.Pool): Promise<void> {
  await db.query(BASE + PEOPLE)
}

/** Its number is 70000 and its id. */
export async function addTicket(db: pg.Pool, ticket: SeededTicket): Promise<string> {
  const { id, customer, owner = 1, state = 2, group = 1, createdBy, sender, priority = 2 } = ticket
  const at = ticket.at ?? '2026-03-02 09:00:00'
  await db.query(
    `insert into tickets (id, group_id, priority_id, state_id, number, title, owner_id, customer_id,
      create_article_type_id, create_article_sender_id, updated_by_id, created_by_id, created_at, updated_at)
    values ($1, $2, $9, $3, $4, 'Refund for Käthe Köhler', $5, $6, 1, $7, $8, $8, $10, $10)`,
    [id, group, state, String(70_000 + id), owner, customer, sender, createdBy, priority, at],
  )
  return String(70_000 + id)
}

export interface SeededArticle {
  readonly ticket: number
  readonly sender: number
  readonly by: number
  readonly at: string
  readonly body?: string
  readonly internal?: boolean
  readonly html?: boolean
}

export async function addArticle(db: pg.Pool, article: SeededArticle): Promise<void> {
  const { ticket, sender, by, at, body = 'text', internal = false, html = false } = article
  await db.query(
    `insert into ticket_articles (ticket_id, type_id, sender_id, "from", "to", subject, content_type, body,
      internal, updated_by_id, created_by_id, created_at, updated_at)
    values ($1, 1, $2, 'Käthe Köhler <kaethe@kunde.example>', 'help@desk.example', 'Refund', $3, $4, $5, $6, $6, $7, $7)`,
    [ticket, sender, html ? 'text/html' : 'text/plain', body, internal, by, at],
  )
}

/** One change as Zammad's histories keep it. */
export async function addHistory(
  db: pg.Pool,
  change: {
    ticket: number
    attribute: 'owner' | 'state' | 'customer'
    from: number
    to: number
    by: number
    at: string
  },
): Promise<void> {
  const attribute = { owner: 1, state: 2, customer: 3 }[change.attribute]
  await db.query(
    `insert into histories (history_type_id, history_object_id, history_attribute_id, o_id, id_from, id_to,
      created_by_id, created_at, updated_at) values (2, 2, $1, $2, $3, $4, $5, $6, $6)`,
    [attribute, change.ticket, change.from, change.to, change.by, change.at],
  )
}
