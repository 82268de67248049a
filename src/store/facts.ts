/** The facts that a disclosure is decided from, in one reading: docs/desk.md, "Order of a disclosure". */
import { type Kysely, type RawBuilder, sql } from 'kysely'
import { SESSION_IDLE_MS } from '../base/desk-limits.ts'
import { type Because, type Facts, type FactsPort, serviceOf } from '../disclosure/ports.ts'
import type { AgentFacts, Caller, GrantFacts, PassedCode, TicketFacts } from '../guard/facts.ts'
import { type LimitsRow, limitsIn, limitsOf } from './limits.ts'
import type { Tables } from './tables.ts'

/** The database, or a transaction in it. */
export type Db = Kysely<Tables>

/** Tickets of a guarded help desk; their codes are the desk's own. */
export interface TicketReader {
  ticket(number: string): Promise<TicketFacts | null>
}

const NONE = { hour: 0, day: 0, week: 0 } as const

/** What one statement answers. */
interface Row {
  readonly person: string
  readonly name: string
  readonly pseudonym: string
  readonly team: string | null
  readonly roles: AgentFacts['roles']
  readonly kind: AgentFacts['kind']
  readonly status: AgentFacts['status']
  readonly is_good: boolean
  /** Ids of the accounts of the agent's person. */
  readonly accounts: readonly string[]
  readonly ticket: TicketRow | null
  readonly codes: readonly PassedCode[]
  readonly granted: GrantFacts | null
  readonly limits: LimitsRow
}

interface TicketRow {
  readonly number: string
  readonly customer: string
  readonly queue: string | null
  readonly state: TicketFacts['state']
  readonly origin_kind: NonNullable<TicketFacts['origin']>['kind']
  readonly origin_agent: string | null
  readonly assignee: string | null
  readonly assigned_kind: NonNullable<TicketFacts['assignment']>['kind'] | null
  readonly assigned_agent: string | null
  readonly assigned_at_ms: number | null
  readonly contact_at_ms: number
}

/** Reads the facts in one statement, and a guarded help desk's ticket beside it; `tickets` null: they
 * are our own. */
export function factsStore(db: Db, nowMs: () => number, tickets: TicketReader | null): FactsPort {
  return {
    read: async (caller, because) => {
      const number = because.kind === 'ticket' ? because.number : null
      const [row, elsewhere] = await Promise.all([
        readRow(db, caller, because, nowMs()),
        number === null ? null : (tickets?.ticket(number) ?? null),
      ])
      if (row === null)
        return { sessionGood: false, agent: caller.agent, ticket: null, grant: null, limits: NONE }
      const ticket = tickets === null ? row.ticket && ticketOf(row.ticket) : elsewhere
      return {
        sessionGood: row.is_good,
        agent: agentOf(caller.agent.id, row),
        ticket: ticket && { ...asReader(ticket, caller.agent.id, row.accounts), codes: row.codes },
        grant: row.granted,
        limits: limitsIn(row.limits),
      }
    },
  }
}

async function readRow(
  db: Db,
  { agent, session }: Caller,
  because: Because,
  atMs: number,
): Promise<Row | null> {
  const number = because.kind === 'ticket' ? because.number : null
  const grant = because.kind === 'grant' ? because.id : null
  const { rows } = await sql<Row>`
    select a.person, a.name, a.pseudonym, a.team, a.roles, a.kind, a.status,
      ${isGoodSession(session, atMs)} as is_good,
      array(select id from telltale.agents where person = a.person) as accounts,
      (select to_jsonb(t) from support.tickets t where t.number = ${number}) as ticket,
      coalesce((
        select jsonb_agg(jsonb_build_object('agent', c.agent, 'assignedAtMs', c.assigned_at_ms,
                                            'passedAtMs', c.passed_at_ms))
        from telltale.codes c where c.ticket = ${number} and c.passed_at_ms is not null
      ), '[]') as codes,
      (select jsonb_build_object('id', g.id, 'kind', g.kind, 'agent', g.agent,
                'customers', to_jsonb(g.customers), 'fields', to_jsonb(g.fields),
                'emergency', g.emergency, 'state', g.state,
                'liveFromMs', g.live_from_ms, 'liveUntilMs', g.live_until_ms)
       from telltale.grants g where g.id = ${grant}) as granted,
      (select to_jsonb(l) from (${limitsOf(atMs)}) l) as limits
    from telltale.agents a where a.id = ${agent.id}`.execute(db)
  return rows[0] ?? null
}

/** Whether the agent `a` is active and this session theirs, on the device that it was bound to; or the
 * token stands that takes its place. */
export function isGoodSession(
  { id, device }: Caller['session'],
  atMs: number,
): RawBuilder<boolean> {
  const service = serviceOf(id)
  if (service !== null) {
    return sql<boolean>`a.status = 'active' and exists (
      select from telltale.services where id = ${service} and revoked_at_ms is null)`
  }
  return sql<boolean>`a.status = 'active' and exists (
    select from telltale.sessions s
    where s.id = ${id} and s.agent = a.id and s.device = ${device}
      and s.ended_at_ms is null and s.expires_at_ms > ${atMs}
      and s.seen_at_ms > ${atMs - SESSION_IDLE_MS})`
}

function agentOf(id: string, row: Row): Facts['agent'] {
  const { person, name, pseudonym, team, roles, kind, status } = row
  return { id, person, name, pseudonym, team, roles, kind, status }
}

function ticketOf(row: TicketRow): TicketFacts {
  const { number, customer, queue, state, assignee } = row
  return {
    number,
    customer,
    queue,
    state,
    origin: { kind: row.origin_kind, agent: row.origin_agent },
    assignee,
    assignment:
      row.assigned_kind === null ? null : { kind: row.assigned_kind, agent: row.assigned_agent },
    assignedAtMs: row.assigned_at_ms,
    contactAtMs: row.contact_at_ms,
    codes: [],
  }
}

/** What another account of the same person did, the reader did. */
function asReader(ticket: TicketFacts, reader: string, accounts: readonly string[]): TicketFacts {
  const known = <By extends { readonly agent: string | null }>(by: By): By =>
    by.agent !== null && accounts.includes(by.agent) ? { ...by, agent: reader } : by
  const { origin, assignment } = ticket
  return { ...ticket, origin: origin && known(origin), assignment: assignment && known(assignment) }
}
