/** The tickets of a telltale.yaml: what grounds a purpose, and what a list shows. */
import { DECISION_KEYS, tableMapOf } from './decisions.ts'
import { expressionOf, kindOf, required, timeOf } from './expressions.ts'
import type { Expression, TicketMap } from './model.ts'
import { isText, type Reader } from './reader.ts'

const WORDS = ['queue', 'topic', 'channel', 'priority'] as const

/** Reads `tickets`. What is not said is as in `base`. */
export function ticketsOf(parent: Reader, base: TicketMap | undefined): TicketMap | undefined {
  if (!parent.has('tickets')) return base ?? parent.refuse('tickets', 'is missing')
  const map = parent.section('tickets')
  if (map === undefined) return undefined
  map.knows(
    'number',
    'customer',
    'opened-at',
    'contact-at',
    'assigned-at',
    'state',
    'assignee',
    'origin',
    'assignment',
    ...WORDS,
    ...DECISION_KEYS,
  )
  const number = base && !map.has('number') ? base.number : required(map, 'number')
  const customer = base && !map.has('customer') ? base.customer : required(map, 'customer')
  const openedAt = timeOf(map, 'opened-at') ?? base?.openedAt
  if (openedAt === undefined && !map.has('opened-at')) map.refuse('opened-at', 'is missing')
  const state = stateOf(map) ?? base?.state
  const assignee = assigneeOf(map) ?? base?.assignee
  const tableMap = tableMapOf(map, base, new Set())
  const word = (key: (typeof WORDS)[number]) =>
    map.has(key) ? wordOf(map, key) : (base?.[key] ?? null)
  const rest = {
    queue: word('queue'),
    topic: word('topic'),
    channel: word('channel'),
    priority: word('priority'),
    contactAt: timeOf(map, 'contact-at') ?? base?.contactAt ?? null,
    assignedAt: timeOf(map, 'assigned-at') ?? base?.assignedAt ?? null,
    origin: map.has('origin') ? originOf(map) : (base?.origin ?? null),
    assignment: map.has('assignment') ? assignmentOf(map) : (base?.assignment ?? null),
    joins: base?.joins ?? '',
  }
  if (!tableMap || !openedAt || !state || !assignee) return undefined
  if (number === undefined || customer === undefined) return undefined
  return { ...tableMap, ...rest, number, customer, openedAt, state, assignee }
}

/** `null` takes away what the preset reads. */
function wordOf(map: Reader, key: string): Expression | null {
  return map.raw(key) === null ? null : (expressionOf(map, key) ?? null)
}

function stateOf(parent: Reader): TicketMap['state'] | undefined {
  const map = parent.section('state')
  if (map === undefined) return undefined
  map.knows('column', 'open')
  const column = required(map, 'column')
  const open = map.literals('open')
  if (!map.has('open')) map.refuse('open', 'is missing: the values that mean open')
  else if (open?.length === 0) map.refuse('open', 'holds no value that means open')
  return column !== undefined && open !== undefined ? { column, open } : undefined
}

function assigneeOf(parent: Reader): TicketMap['assignee'] | undefined {
  const raw = parent.raw('assignee')
  if (isText(raw)) return { column: raw, none: [] }
  const map = parent.section('assignee')
  if (map === undefined) return undefined
  map.knows('column', 'none')
  const column = required(map, 'column')
  return column === undefined ? undefined : { column, none: map.literals('none') ?? [] }
}

function originOf(parent: Reader): TicketMap['origin'] {
  if (parent.raw('origin') === 'unknown') return null
  const map = parent.section('origin')
  if (map === undefined) return null
  map.knows('kind', 'agent')
  const kind = kindOf(map, 'kind', ['customer', 'system', 'agent'])
  if (!map.has('kind')) map.refuse('kind', 'is missing')
  return kind ? { kind, agent: expressionOf(map, 'agent') ?? null } : null
}

function assignmentOf(parent: Reader): TicketMap['assignment'] {
  const raw = parent.raw('assignment')
  if (raw === 'routed') return raw
  if (raw === 'unknown') return null
  const map = parent.section('assignment')
  if (map === undefined) return null
  map.knows('kind', 'agent')
  const kind = kindOf(map, 'kind', ['router', 'agent'])
  if (!map.has('kind')) map.refuse('kind', 'is missing')
  return kind ? { kind, agent: expressionOf(map, 'agent') ?? null } : null
}
