/** The services of a desk, each on the adapters that it needs. */
import type { OpenLog } from './cli/log/ports.ts'
import type { DeskKeys, DeskStore } from './desk-store.ts'
import { createAccess, keepingShown } from './disclosure/access.ts'
import { createExport } from './disclosure/export.ts'
import { createHandles } from './disclosure/handles.ts'
import type { BudgetPort, FactsPort, Release, SourcePort } from './disclosure/ports.ts'
import type { Recorder } from './disclosure/recorder.ts'
import { createRelease } from './disclosure/release.ts'
import { createSearch } from './disclosure/search.ts'
import { createTicketCustomers } from './disclosure/ticket-customers.ts'
import { createGrants } from './grants/grants.ts'
import type { Policies } from './guard/policy.ts'
import { counted, type Metrics } from './http/desk/metrics.ts'
import type { DeskServices } from './http/desk/ports.ts'
import { createPeople } from './identity/people.ts'
import type { Sessions } from './identity/ports.ts'
import { createServices } from './identity/services.ts'
import { createSessions } from './identity/sessions.ts'
import type { TicketSource } from './source/ticket-source.ts'
import { createShownStore } from './store/access.ts'
import { createAssignmentInbound, withAssignments } from './store/assignments.ts'
import { budgetStore } from './store/budgets.ts'
import { createCodeStore } from './store/codes.ts'
import type { EventFeed } from './store/events.ts'
import { exportStore } from './store/exports.ts'
import { factsStore } from './store/facts.ts'
import { grantStore } from './store/grants.ts'
import { createIdempotencyStore } from './store/idempotency.ts'
import { createPeopleStore } from './store/identity/people.ts'
import { createServiceStore } from './store/identity/services.ts'
import { createSessionStore } from './store/identity/sessions.ts'
import { createOwnInbound } from './store/inbound.ts'
import { budgetLimits } from './store/limits.ts'
import { createLookupStore } from './store/lookups.ts'
import { teamLimits } from './store/team-limits.ts'
import { tellingPeople, tellingSessions } from './store/telling.ts'
import { createTicketStore } from './store/tickets.ts'
import { createCodes } from './tickets/codes.ts'
import { createInbound } from './tickets/inbound.ts'
import type { CodeSender, Dialer, ReplySender } from './tickets/ports.ts'
import { createTickets } from './tickets/work.ts'

/** What the services stand on. */
export interface DeskParts {
  readonly store: DeskStore
  readonly log: Pick<OpenLog, 'recorder'>
  readonly keys: DeskKeys
  readonly policies: Policies
  readonly source: SourcePort & TicketSource
  /** Whether tickets are those of another help desk, which are changed there. */
  readonly guarded: boolean
  readonly events: EventFeed
  readonly sender: CodeSender | null
  readonly replies: ReplySender | null
  readonly dialer: Dialer | null
  readonly metrics: Metrics
  readonly ready: DeskServices['ready']
  readonly onFault: (error: unknown) => void
  readonly nowMs: () => number
}

/** The services of a desk. */
export function deskServices(parts: DeskParts): DeskServices {
  const { store, log, events, ready, nowMs } = parts
  const { db } = store
  const identity = { decisions: log.recorder, nowMs }
  const sessions = createSessions({
    ...identity,
    store: tellingSessions(createSessionStore(db), db),
  })
  const shared = sharedOf(parts)
  const release = counted(
    createRelease({ ...shared, policies: parts.policies, nowMs }),
    parts.metrics,
  )
  return {
    sessions,
    people: createPeople({ ...identity, store: tellingPeople(createPeopleStore(db), db) }),
    services: createServices({ ...identity, store: createServiceStore(db) }),
    release,
    ...ticketServices(parts, shared, release, sessions),
    grants: grantsOf(parts, shared, release),
    access: createAccess({ ...shared, now: nowMs }),
    budgets: teamLimits(db),
    inbound: createInbound(
      parts.guarded ? createAssignmentInbound(db) : createOwnInbound(db),
      nowMs,
    ),
    idempotency: createIdempotencyStore(db, nowMs),
    events,
    ready,
    fields: parts.source.fields,
  }
}

type Shared = ReturnType<typeof sharedOf>

/** What several services stand on, with the time that each step takes. */
function sharedOf({ store, log, source, guarded, metrics, onFault, nowMs }: DeskParts) {
  const { db } = store
  const { timed } = metrics
  const facts = factsStore(db, nowMs, guarded ? withAssignments(db, source) : null)
  const budget = { ...budgetStore(db), ...budgetLimits(db) }
  const recorder = countedRecorder(log.recorder, metrics)
  const shown = createShownStore(db)
  const kept = keepingShown(shown, onFault)
  return {
    facts: {
      read: (caller, because) => timed('facts', () => facts.read(caller, because)),
    } satisfies FactsPort,
    budget: {
      ...budget,
      charge: (charge) => timed('charge', () => budget.charge(charge)),
    } satisfies BudgetPort,
    source: {
      ...source,
      values: (customer, fields) => timed('values', () => source.values(customer, fields)),
    } satisfies SourcePort & TicketSource,
    recorder,
    decide: (decision: Parameters<Recorder['decide']>[0]) => recorder.decide(decision),
    keepShown: kept.keep,
    settled: kept.settled,
    shown,
    lookups: createLookupStore(db),
  }
}

/** Entries under way are told to whoever looks at the metrics. */
function countedRecorder(recorder: Recorder, { timed, watchQueue }: Metrics): Recorder {
  let waiting = 0
  const count = async <T>(work: () => Promise<T>): Promise<T> => {
    waiting++
    return work().finally(() => waiting--)
  }
  watchQueue(() => waiting)
  return {
    record: (disclosure) => count(() => timed('record', () => recorder.record(disclosure))),
    decide: (decision) => count(() => recorder.decide(decision)),
  }
}

function ticketServices(
  parts: DeskParts,
  shared: Shared,
  release: Release,
  sessions: Sessions,
): Pick<DeskServices, 'tickets' | 'codes' | 'search'> {
  const { policies, guarded, keys, sender, replies, dialer, nowMs } = parts
  const { db } = parts.store
  const own = guarded ? null : createTicketStore(db)
  const board = own ?? parts.source
  const handles = createHandles(keys.handles)
  const codes = createCodeStore(db)
  const base = { ...shared, policies, handles, sender, now: nowMs }
  return {
    tickets: createTickets({ ...base, release, board, store: own, codes, replies, dialer }),
    codes: createCodes({ ...base, codes, key: keys.codes }),
    search: createSearch({
      ...base,
      stands: (caller) => sessions.stands(caller),
      openOf: (agent, customers) => board.openOf(agent, customers),
    }),
  }
}

function grantsOf(parts: DeskParts, shared: Shared, release: Release): DeskServices['grants'] {
  const { policies, guarded, keys, nowMs, source } = parts
  const { db } = parts.store
  const handles = createHandles(keys.handles)
  const board = guarded ? source : createTicketStore(db)
  return createGrants({
    store: grantStore(db),
    policies,
    decide: shared.decide,
    release,
    releaseExport: createExport({ ...shared, policies, canaries: exportStore(db), nowMs }),
    meant: {
      ofHandle: (caller, handle, atMs) => handles.open(caller, handle, atMs),
      ofTickets: createTicketCustomers({ ...shared, ticket: (number) => source.ticket(number) }),
    },
    openOf: (agent, customers) => board.openOf(agent, customers),
    fields: source.fields,
    nowMs,
  })
}
