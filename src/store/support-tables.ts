/** The tables of the schema `support`: the desk's own customers and tickets. */
import type { ColumnType, Generated } from 'kysely'

/** A column that may be null, and is where nothing is said. */
export type OrNull<Value> = ColumnType<Value | null, Value | null | undefined, Value | null>

interface Customers {
  key: string
  name: OrNull<string>
  mail: OrNull<string>
  phone: OrNull<string>
  alias: OrNull<string>
  address: OrNull<string>
  segment: OrNull<string>
  locale: OrNull<string>
  product: OrNull<string>
  notes: OrNull<string>
  payment: OrNull<string>
  created_at_ms: number
}

interface Tickets {
  number: string
  customer: string
  queue: string
  topic: OrNull<string>
  channel: 'mail' | 'phone' | 'web' | 'chat' | 'system'
  origin_kind: 'customer' | 'system' | 'agent'
  origin_agent: OrNull<string>
  opened_at_ms: number
  state: 'open' | 'closed'
  assignee: OrNull<string>
  assigned_kind: OrNull<'router' | 'agent'>
  assigned_agent: OrNull<string>
  assigned_at_ms: OrNull<number>
  contact_at_ms: number
  closed_at_ms: OrNull<number>
  merged_into: OrNull<string>
  priority: Generated<number>
}

interface Messages {
  id: Generated<number>
  ticket: string
  at_ms: number
  direction: 'in' | 'out' | 'note'
  author: OrNull<string>
  body: string
  mail_id: OrNull<string>
}

interface Queues {
  id: string
  name: string
}

interface Members {
  queue: string
  agent: string
}

/** Each table by its full name. */
export interface SupportTables {
  'support.customers': Customers
  'support.tickets': Tickets
  'support.messages': Messages
  'support.queues': Queues
  'support.members': Members
}
