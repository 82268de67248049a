/** The tables of the desk, as docs/desk.md lists them and the migrations make them. */
import type { ColumnType, Generated } from 'kysely'
import type { OrNull, SupportTables } from './support-tables.ts'

/** Given as text, since pg would turn an array of JavaScript into one of PostgreSQL. */
type Json = ColumnType<unknown, string, string>
type JsonOrNull = ColumnType<unknown, string | null | undefined, string | null>

interface Teams {
  id: string
  name: string
  created_at_ms: number
}

interface Agents {
  id: string
  person: string
  name: string
  mail: OrNull<string>
  pseudonym: string
  team: OrNull<string>
  roles: string[]
  kind: 'person' | 'service'
  status: 'active' | 'suspended'
  external_id: OrNull<string>
  created_at_ms: number
  changed_at_ms: number
  suspended_at_ms: OrNull<number>
  suspended_by: OrNull<string>
}

interface Identities {
  issuer: string
  subject: string
  agent: string
}

interface Passkeys {
  id: string
  agent: string
  public_key: Uint8Array
  counter: number
  transports: string[]
  label: string
  created_at_ms: number
  used_at_ms: OrNull<number>
}

interface Challenges {
  id: string
  kind: string
  payload: Json
  expires_at_ms: number
}

interface Rosters {
  agent: string
  starts_at_ms: number
  ends_at_ms: number
}

interface Sessions {
  id: string
  secret_hash: Uint8Array
  agent: string
  device: OrNull<string>
  device_key: JsonOrNull
  method: string
  created_at_ms: number
  seen_at_ms: number
  expires_at_ms: number
  step_up_at_ms: OrNull<number>
  ended_at_ms: OrNull<number>
  ended_why: OrNull<string>
}

interface Services {
  id: string
  name: string
  token_hash: Uint8Array
  scopes: string[]
  created_at_ms: number
  revoked_at_ms: OrNull<number>
}

interface Views {
  agent: string
  customer: string
  last_at_ms: number
}

interface Lookups {
  id: string
  agent: string
  at_ms: number
  found: boolean
}

interface Budgets {
  scope: string
  per_hour: number
  per_day: number
  per_week: number
  basis: JsonOrNull
  set_at_ms: number
  set_by: string
}

interface Grants {
  id: string
  kind: 'see' | 'export' | 'budget'
  agent: string
  person: string
  reason: string
  text: string
  ticket: OrNull<string>
  customers: string[]
  fields: string[]
  extra: number
  minutes: number
  emergency: boolean
  state: 'asked' | 'approved' | 'denied' | 'ended'
  asked_at_ms: number
  decided_by: OrNull<string>
  decided_person: OrNull<string>
  decided_at_ms: OrNull<number>
  decision_text: OrNull<string>
  live_from_ms: OrNull<number>
  live_until_ms: OrNull<number>
  ended_at_ms: OrNull<number>
  reviewed_by: OrNull<string>
  reviewed_at_ms: OrNull<number>
  review: OrNull<'fine' | 'wrong'>
  review_text: OrNull<string>
}

interface Codes {
  id: string
  ticket: string
  agent: string
  assigned_at_ms: OrNull<number>
  field: string
  code_hash: Uint8Array
  sent_at_ms: number
  expires_at_ms: number
  attempts: Generated<number>
  passed_at_ms: OrNull<number>
  customer: OrNull<string>
}

interface Shown {
  id: Generated<number>
  agent: string
  at_ms: number
  entry: number
  path: string
  purpose: string
  reference: OrNull<string>
  queue: OrNull<string>
  grade: string
  customers: number
  fields: string[]
  masked: string[]
}

interface Assignments {
  ticket: string
  customer: OrNull<string>
  assignee: OrNull<string>
  by_kind: OrNull<'router' | 'agent'>
  by_agent: OrNull<string>
  at_ms: number
  origin_kind: OrNull<'customer' | 'system' | 'agent'>
  origin_agent: OrNull<string>
  contact_at_ms: OrNull<number>
  closed_at_ms: OrNull<number>
}

interface Idempotency {
  agent: string
  key: string
  route: string
  request_hash: Uint8Array
  status: OrNull<number>
  body: JsonOrNull
  created_at_ms: number
}

interface Exports {
  id: string
  grant_id: string
  agent: string
  rows: number
  canaries: string[]
  made_at_ms: number
}

interface Canaries {
  customer: string
  export_id: OrNull<string>
  created_at_ms: number
}

interface Hooks {
  id: string
  source: string
  received_at_ms: number
}

interface Events {
  id: Generated<number>
  at_ms: number
  kind: string
  agent: OrNull<string>
  payload: Json
}

interface Outbox {
  message: number
  agent: string
  state: 'queued' | 'sent' | 'failed'
  attempts: Generated<number>
  queued_at_ms: number
  next_at_ms: number
  message_id_header: string
  last_error_class: OrNull<string>
}

/** What Kysely is told: each table by its full name. */
export interface Tables extends SupportTables {
  'telltale.teams': Teams
  'telltale.agents': Agents
  'telltale.identities': Identities
  'telltale.passkeys': Passkeys
  'telltale.challenges': Challenges
  'telltale.rosters': Rosters
  'telltale.sessions': Sessions
  'telltale.services': Services
  'telltale.views': Views
  'telltale.lookups': Lookups
  'telltale.budgets': Budgets
  'telltale.grants': Grants
  'telltale.codes': Codes
  'telltale.shown': Shown
  'telltale.assignments': Assignments
  'telltale.idempotency': Idempotency
  'telltale.exports': Exports
  'telltale.canaries': Canaries
  'telltale.hooks': Hooks
  'telltale.events': Events
  'telltale.outbox': Outbox
}
