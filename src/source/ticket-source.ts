/** The tickets of a guarded database: what grounds a purpose, and lists without customers. */
import { SOURCE_QUEUES_MAX } from '../base/source-limits.ts'
import type { TicketFacts } from '../guard/facts.ts'
import type { TicketRow } from '../tickets/ports.ts'
import type { TicketBoard } from '../tickets/stores.ts'
import type { Mapping } from './model.ts'
import type { Run } from './run.ts'
import type { Statements } from './statements.ts'

/** Tickets as the guarded database has them. Everything throws SOURCE_UNAVAILABLE. */
export interface TicketSource extends TicketBoard {
  /** null: there is no such ticket, or more than one. Its codes are the desk's own, and not among them. */
  ticket(number: string): Promise<TicketFacts | null>
}

/** Who the agents are that a source names by mail address, in lower case, or by external id. */
export interface AgentDirectory {
  /** Only names that exactly one agent has. */
  idsOf(by: 'mail' | 'external', names: readonly string[]): Promise<ReadonlyMap<string, string>>
  nameOf(by: 'mail' | 'external', agent: string): Promise<string | null>
}

interface TicketParts {
  readonly mapping: Mapping
  readonly statements: Statements
  readonly run: Run
  readonly agents: AgentDirectory
  readonly isNumber: (number: string) => boolean
}

type Row = Readonly<Record<string, unknown>>

/** A name that is nobody's id: a ticket of somebody we do not know is still somebody's. */
const UNKNOWN_AGENT = '?'

export function openTickets(parts: TicketParts): TicketSource {
  const { mapping, statements, run, isNumber } = parts
  const names = namesOf(parts)
  const ids = idsOf(parts)
  const rowsOf = async (rows: readonly Row[]) => {
    const known = await ids(rows.map(({ assignee }) => assignee))
    return rows.map((row) => rowOf(row, known))
  }
  const read = async (number: string): Promise<Row | null> => {
    const rows = isNumber(number) ? await run(statements.ticket, [number]) : []
    return rows.length === 1 && rows[0].number === number ? rows[0] : null
  }
  return {
    ticket: async (number) => {
      const row = await read(number)
      if (row === null) return null
      return factsOf(row, await ids([row.assignee, row.origin_agent, row.assigned_agent]), mapping)
    },
    mine: async (agent, after, limit) => {
      const place = after ? [after.priority, after.contactAtMs, after.number] : [null, null, null]
      const known = await names(agent)
      if (known.length === 0) return []
      return rowsOf(await run(statements.mine, [known, ...place, limit]))
    },
    waiting: async (agent) => {
      const known = await names(agent)
      if (known.length === 0 || statements.queuesOf === null) return []
      const queues = await run(statements.queuesOf, [known, SOURCE_QUEUES_MAX])
      const rows = await run(statements.waiting, [queues.map(({ queue }) => queue)])
      return rows.map((row) => ({
        queue: row.queue as string,
        count: Number(row.count),
        oldestAtMs: row.oldest === null ? null : Number(row.oldest),
      }))
    },
    row: async (agent, number) => {
      const row = await read(number)
      const [found] = row === null ? [] : await rowsOf([row])
      return found?.assignee === agent ? found : null
    },
    openOf: async (agent, customers) => {
      const known = await names(agent)
      if (known.length === 0 || customers.length === 0) return new Map()
      const rows = await run(statements.openOf, [known, [...customers]])
      return new Map(rows.map((row) => [row.customer as string, row.number as string]))
    },
  }
}

/** Ways in which the source may write an agent's name; none where it knows no such agent. */
function namesOf({ mapping, agents }: TicketParts): (agent: string) => Promise<readonly string[]> {
  const { by } = mapping.agents
  return async (agent) => {
    if (by === 'id') return [agent]
    const name = await agents.nameOf(by, agent)
    return name === null ? [] : [...new Set([name, by === 'mail' ? name.toLowerCase() : name])]
  }
}

type Ids = (name: unknown) => string | null

function idsOf({ mapping, agents }: TicketParts): (names: readonly unknown[]) => Promise<Ids> {
  const { by } = mapping.agents
  if (by === 'id') return async () => (name) => (typeof name === 'string' ? name : null)
  const plain = (name: unknown) =>
    typeof name !== 'string' ? null : by === 'mail' ? name.trim().toLowerCase() : name
  return async (names) => {
    const wanted = [...new Set(names.map(plain))].filter((name) => name !== null)
    const known = wanted.length === 0 ? new Map<string, string>() : await agents.idsOf(by, wanted)
    return (name) => known.get(plain(name) ?? '') ?? null
  }
}

function rowOf(row: Row, ids: Ids): TicketRow {
  return {
    number: row.number as string,
    queue: row.queue as string | null,
    topic: row.topic as string | null,
    channel: row.channel as string | null,
    state: row.is_open ? 'open' : 'closed',
    openedAtMs: Number(row.opened),
    contactAtMs: Number(row.contact),
    assignee: assigneeOf(row, ids),
    priority: Number(row.priority),
  }
}

function assigneeOf(row: Row, ids: Ids): string | null {
  if (row.assignee_key === null) return null
  return ids(row.assignee) ?? UNKNOWN_AGENT
}

function factsOf(row: Row, ids: Ids, { tickets }: Mapping): TicketFacts {
  const originKind = row.origin_kind as NonNullable<TicketFacts['origin']>['kind'] | null
  const given =
    tickets.assignment === 'routed'
      ? 'router'
      : (row.assigned_kind as NonNullable<TicketFacts['assignment']>['kind'] | null)
  const assignee = assigneeOf(row, ids)
  return {
    number: row.number as string,
    customer: row.customer as string,
    queue: row.queue as string | null,
    state: row.is_open ? 'open' : 'closed',
    origin: originKind && { kind: originKind, agent: agentOf(originKind, row.origin_agent, ids) },
    assignee,
    assignment:
      assignee === null || given === null
        ? null
        : { kind: given, agent: agentOf(given, row.assigned_agent, ids) },
    assignedAtMs: assignee === null || row.assigned === null ? null : Number(row.assigned),
    contactAtMs: Number(row.contact),
    codes: [],
  }
}

/** null where the source names nobody we know: that counts as the agent's own word. */
function agentOf(kind: string, name: unknown, ids: Ids): string | null {
  return kind === 'agent' ? ids(name) : null
}
