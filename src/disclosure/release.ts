/**
 * The only way to a customer's fields: facts, decision, budget, values, log, another look, hand-over.
 * docs/desk.md, "Order of a disclosure", numbers the steps.
 */
import { CONVERSATION_MAX } from '../base/desk-limits.ts'
import { TelltaleError } from '../base/errors.ts'
import type { Counts, FieldDecision, FieldSpec } from '../guard/facts.ts'
import { mask } from '../guard/mask.ts'
import type { Policies } from '../guard/policy.ts'
import { type Judged, judge } from './judge.ts'
import {
  type BudgetPort,
  CONVERSATION,
  type Facts,
  type FactsPort,
  type KeepShown,
  type Message,
  type Release,
  type Released,
  type ReleaseRequest,
  type ShownField,
  type SourcePort,
  type Values,
} from './ports.ts'
import type { Recorder } from './recorder.ts'
import {
  budgetRefusal,
  goneError,
  meanwhileError,
  type Refusal,
  unknownFieldRefusal,
} from './refusals.ts'
import { refusalOf } from './refused.ts'

/** What a release needs. */
export interface ReleasePorts {
  readonly facts: FactsPort
  readonly policies: Policies
  readonly budget: BudgetPort
  readonly source: Pick<SourcePort, 'fields' | 'values' | 'conversation'>
  readonly recorder: Pick<Recorder, 'record' | 'decide'>
  readonly keepShown: KeepShown
  readonly nowMs: () => number
}

type Budget = Released['budget']
interface Read {
  readonly values: Values
  readonly conversation: readonly Message[] | null
}

/** Releases through these. */
export function createRelease(ports: ReleasePorts): Release {
  return async (request) => {
    const atMs = ports.nowMs()
    const facts = await ports.facts.read(request.caller, request.because)
    if (!facts.sessionGood) throw new TelltaleError('SESSION_ENDED', {})
    const judged = await judgedOrRefused(ports, request, facts, atMs)
    const budget = await charge(ports, request, facts, judged, atMs)
    if (judged.fields.every(({ view }) => view === 'hidden')) {
      return handedOver(judged, { values: {}, conversation: null }, null, budget)
    }
    const read = await readShown(ports.source, request, judged)
    const entry = await record(ports, request, judged, atMs)
    await lookAgain(ports, request, judged)
    return handedOver(judged, read, entry, budget)
  }
}

/** Step 2. */
async function judgedOrRefused(
  ports: ReleasePorts,
  request: ReleaseRequest,
  facts: Facts,
  atMs: number,
): Promise<Judged> {
  const specs = specsOf(ports.source.fields, request)
  const judged = specs === null ? unknownFieldRefusal() : judgeAgain(ports, request, facts, specs)
  if ('error' in judged) return refuse(ports, request, customerIn(request, facts), judged, atMs)
  return judged
}

function judgeAgain(
  { policies, nowMs }: ReleasePorts,
  request: ReleaseRequest,
  facts: Facts,
  specs: readonly FieldSpec[],
): Judged | Refusal {
  return judge(policies, request, facts, specs, nowMs())
}

/** The fields that are asked for; null where one of them is none. */
function specsOf(fields: readonly FieldSpec[], request: ReleaseRequest): FieldSpec[] | null {
  const isTicket = request.because.kind === 'ticket'
  const all = isTicket ? [...fields, CONVERSATION] : fields
  // A conversation is shown with its ticket; nobody asks for it by accident.
  if (request.fields.length === 0) return request.act === 'look' ? [...all] : [...fields]
  const names = new Set(request.fields)
  const named = all.filter(({ name }) => names.has(name))
  return named.length === names.size ? named : null
}

/** Whom a refusal is about, as far as the caller may have known them. */
function customerIn({ caller, because }: ReleaseRequest, { ticket, grant }: Facts): string | null {
  if (because.kind === 'ticket') {
    return ticket?.assignee === caller.agent.id ? ticket.customer : null
  }
  return grant?.customers.includes(because.customer) ? because.customer : null
}

async function refuse(
  { recorder }: ReleasePorts,
  request: ReleaseRequest,
  customer: string | null,
  { error, detail }: Refusal,
  atMs: number,
): Promise<never> {
  await recorder.decide(refusalOf(request, customer, detail, atMs))
  throw error
}

/** Step 3: counted before it is shown, and once, however often it is shown. */
async function charge(
  ports: ReleasePorts,
  request: ReleaseRequest,
  { agent, limits }: Facts,
  { customer, fields }: Judged,
  atMs: number,
): Promise<Budget> {
  const { budget } = ports
  if (!fields.some(isCounted)) return { used: await budget.used(agent.id, atMs), limits }
  const charged = await budget.charge({ agent: agent.id, customers: [customer], atMs, limits })
  if (charged.ok) return { used: charged.used, limits }
  const over: keyof Counts = charged.over ?? 'hour'
  return refuse(ports, request, customer, budgetRefusal(over, charged.used, limits), atMs)
}

/** What makes a customer one of those whom an agent was shown. */
function isCounted({ field, view }: FieldDecision): boolean {
  return view === 'clear' && field.class !== 'reference'
}

/** Step 4: nothing is read that is not shown. */
async function readShown(
  source: ReleasePorts['source'],
  { because }: ReleaseRequest,
  { customer, fields }: Judged,
): Promise<Read> {
  const shown = fields.filter(({ view }) => view !== 'hidden').map(({ field }) => field)
  const names = shown.filter(isOnRecord).map(({ name }) => name)
  const isConversationShown = names.length < shown.length && because.kind === 'ticket'
  const [values, conversation] = await Promise.all([
    source.values(customer, names),
    isConversationShown ? source.conversation(because.number, CONVERSATION_MAX) : null,
  ])
  if (values === null) throw goneError()
  return { values, conversation }
}

function isOnRecord({ name }: FieldSpec): boolean {
  return name !== CONVERSATION.name
}

/** Step 5: durable when it resolves. */
async function record(
  { recorder, keepShown }: ReleasePorts,
  { caller, path }: ReleaseRequest,
  { customer, purpose, fields }: Judged,
  atMs: number,
): Promise<number> {
  const agent = caller.agent.id
  const shown = { fields: namesOf(fields, 'clear'), masked: namesOf(fields, 'masked') }
  const { first } = await recorder.record({
    agent,
    atMs,
    customers: [customer],
    ...shown,
    grade: purpose.grade,
    path,
    purpose: purpose.kind,
    query: null,
    queue: purpose.queue,
    reference: purpose.reference,
    session: caller.session.id,
    writer: null,
  })
  keepShown({ agent, atMs, entry: first, path, purpose, customers: 1, ...shown })
  return first
}

function namesOf(fields: readonly FieldDecision[], view: FieldDecision['view']): string[] {
  const names = fields.filter((one) => one.view === view).map(({ field }) => field.name)
  return names.sort((a, b) => (a < b ? -1 : 1))
}

/** Step 6: what was allowed must be allowed still. */
async function lookAgain(
  ports: ReleasePorts,
  request: ReleaseRequest,
  judged: Judged,
): Promise<void> {
  const facts = await ports.facts.read(request.caller, request.because)
  const specs = judged.fields.map(({ field }) => field)
  const again = judgeAgain(ports, request, facts, specs)
  const isSame =
    facts.sessionGood &&
    !('error' in again) &&
    again.customer === judged.customer &&
    again.fields.length === judged.fields.length &&
    again.fields.every(({ view }, i) => isNoLess(view, judged.fields[i].view))
  if (!isSame) throw meanwhileError(facts)
}

function isNoLess(now: FieldDecision['view'], shown: FieldDecision['view']): boolean {
  return now === shown || now === 'clear' || shown === 'hidden'
}

/** Step 7. */
function handedOver(
  { customer, purpose, fields }: Judged,
  { values, conversation }: Read,
  entry: number | null,
  budget: Budget,
): Released {
  const shown = fields.filter(({ field }) => isOnRecord(field))
  return {
    customer,
    purpose,
    fields: shown.map((decision) => shownField(decision, values)),
    conversation,
    entry,
    budget,
  }
}

function shownField(decision: FieldDecision, values: Values): ShownField {
  const { field, view } = decision
  const value = values[field.name] ?? null
  if (view === 'hidden' || value === null) return { ...decision, value: null }
  return { ...decision, value: view === 'clear' ? value : mask(field.mask, value) }
}
