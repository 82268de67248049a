/** What the API needs of services and adapters. */
import type { Access } from '../../disclosure/access.ts'
import type { Release, Search } from '../../disclosure/ports.ts'
import type { Grants } from '../../grants/ports.ts'
import type { Counts, FieldSpec } from '../../guard/facts.ts'
import type { People, Services, Sessions } from '../../identity/ports.ts'
import type { Inbound } from '../../tickets/inbound.ts'
import type { Codes, Tickets } from '../../tickets/ports.ts'

/** What the routes call. */
export interface DeskServices {
  readonly sessions: Sessions
  readonly people: People
  readonly services: Services
  readonly tickets: Tickets
  readonly codes: Codes
  readonly search: Search
  readonly grants: Grants
  readonly release: Release
  readonly access: Access
  readonly budgets: BudgetsPort
  readonly inbound: Inbound
  readonly idempotency: Idempotency
  readonly events: EventFeed
  readonly ready: Readiness
  /** Fields of customers here. */
  readonly fields: readonly FieldSpec[]
}

/** Budgets of teams. */
export interface BudgetsPort {
  /** By the id of the team, with how many agents it has. */
  ofTeams(): Promise<ReadonlyMap<string, { readonly agents: number; readonly limits: Counts }>>
}

/** A write, as its sender numbers it. */
export interface Numbered {
  /** Agent or service. */
  readonly agent: string
  readonly key: string
  /** Method and pattern of the route. */
  readonly route: string
  /** SHA-256 of address and body. */
  readonly hash: Uint8Array
}

/** What became of a numbered write. */
export type Outcome =
  | { readonly state: 'new' | 'running' | 'mismatch' }
  | { readonly state: 'done'; readonly status: number; readonly body: unknown }

/** Remembers writes for a day, so that one that is sent again happens once. */
export interface Idempotency {
  /** Claims the number, or says what became of it; atomic over all desks. */
  begin(numbered: Numbered): Promise<Outcome>
  finish(numbered: Numbered, status: number, body: unknown): Promise<void>
  /** Frees the number of a write that did not happen. */
  forget(numbered: Numbered): Promise<void>
}

/** Something changed; no personal data. */
export interface Change {
  readonly kind: 'queue' | 'ticket' | 'grant' | 'request' | 'budget' | 'session'
  readonly atMs: number
  /** Whom it concerns; null: everybody. */
  readonly agent: string | null
  /** Ended session, of kind session. */
  readonly session: string | null
  readonly ticket: string | null
  readonly grant: string | null
}

/** Changes, from all desks on this store. */
export interface EventFeed {
  /** Calls back until the returned function is called; null: some may have been missed. */
  follow(onChange: (change: Change | null) => void): () => void
}

/** Whether the desk can work, by part: null where it can, else why not, for operators. */
export type Readiness = () => Promise<Readonly<Record<'store' | 'source' | 'log', string | null>>>
