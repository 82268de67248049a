/**
 * A file of customers, by an exception of its own: one disclosure that names every one of them, durable
 * before a byte leaves, and marked with customers whom nobody is, so that a copy tells where it came from.
 */
import { createHash } from 'node:crypto'
import { EXPORT_BYTES_MAX, EXPORT_CANARIES } from '../base/desk-limits.ts'
import { TelltaleError } from '../base/errors.ts'
import { decideExport } from '../guard/decide.ts'
import type { Caller, FieldSpec, GrantFacts, Purpose } from '../guard/facts.ts'
import type { Policies } from '../guard/policy.ts'
import { grantPurpose } from '../guard/purpose.ts'
import type { Decision } from '../tlog/decision.ts'
import { csvOf } from './csv.ts'
import { situationOf } from './judge.ts'
import type { Facts, FactsPort, KeepShown, SourcePort, Values } from './ports.ts'
import type { Recorder } from './recorder.ts'
import {
  endedRefusal,
  fieldsRefusal,
  meanwhileError,
  type Refusal,
  unknownFieldRefusal,
} from './refusals.ts'
import { refusalOf } from './refused.ts'

/** Makes the file of a grant. Throws SESSION_ENDED, GRANT_UNKNOWN, GRANT_DECIDED, PURPOSE_ENDED,
 * REVEAL_REFUSED, STEP_UP_NEEDED, EXPORT_TOO_LARGE, EXPORT_UNMARKED, and what log, store and source
 * throw; then nothing leaves. */
export type ExportRelease = (
  caller: Caller,
  grant: string,
) => Promise<{ readonly csv: string; readonly rows: number }>

/** A file that is about to be made. */
export interface Claimed {
  readonly id: string
  /** Keys of customers whom nobody is, in this file and no other. */
  readonly canaries: readonly string[]
}

/** Whose turn it is to make a file. */
export interface CanaryPort {
  /** Ends the grant, takes canaries and notes the export, in one step that happens once; `before` runs
   * before it counts. Throws GRANT_DECIDED where the grant does not hold any more, EXPORT_UNMARKED where
   * there are too few canaries. */
  claim(
    claim: {
      readonly grant: string
      readonly agent: string
      readonly rows: number
      readonly canaries: number
      readonly atMs: number
    },
    before: (claimed: Claimed) => Promise<unknown>,
  ): Promise<Claimed>
}

/** What an export needs. */
export interface ExportPorts {
  readonly facts: FactsPort
  readonly policies: Policies
  readonly canaries: CanaryPort
  readonly source: Pick<SourcePort, 'fields' | 'valuesOf'>
  readonly recorder: Pick<Recorder, 'record' | 'decide'>
  readonly keepShown: KeepShown
  readonly nowMs: () => number
}

interface Allowed {
  readonly grant: GrantFacts
  readonly purpose: Purpose
  readonly names: readonly string[]
}

/** Exports through these. */
export function createExport(ports: ExportPorts): ExportRelease {
  const { facts, canaries, recorder, source, nowMs } = ports
  return async (caller, id) => {
    const atMs = nowMs()
    const because = { kind: 'grant', id, customer: '' } as const
    const now = await facts.read(caller, because)
    if (!now.sessionGood) throw new TelltaleError('SESSION_ENDED', {})
    const allowed = allowedBy(ports, caller, now, atMs)
    if ('error' in allowed) {
      await recorder.decide(refusalOf({ caller, because }, null, allowed.detail, atMs))
      throw allowed.error
    }
    const { grant, names } = allowed
    const wanted = { grant: id, agent: caller.agent.id, rows: grant.customers.length, atMs }
    const claimed = await canaries.claim({ ...wanted, canaries: EXPORT_CANARIES }, () =>
      recorder.decide(madeOf(caller, grant, names, atMs)),
    )
    const values = await source.valuesOf([...grant.customers, ...claimed.canaries], names)
    if (!claimed.canaries.every((key) => values.has(key))) throw unmarked()
    const keys = inNoOrder(claimed.id, [...values.keys()])
    const csv = csvOf(
      names,
      keys.map((key) => rowOf(values.get(key) ?? {}, names)),
    )
    if (Buffer.byteLength(csv) > EXPORT_BYTES_MAX) {
      throw new TelltaleError('EXPORT_TOO_LARGE', { limit: `${EXPORT_BYTES_MAX >> 20} MiB` })
    }
    await record(ports, caller, allowed, [...values.keys()], atMs)
    const again = await facts.read(caller, because)
    if (!again.sessionGood) throw meanwhileError(again)
    return { csv, rows: keys.length }
  }
}

function allowedBy(
  { policies, source }: ExportPorts,
  caller: Caller,
  facts: Facts,
  atMs: number,
): Allowed | Refusal {
  const { grant, agent } = facts
  const purpose = grantPurpose(grant, agent.id, null, atMs)
  if (grant === null || purpose.ended !== null) return endedRefusal(purpose)
  const specs = grant.fields.map((name) => source.fields.find((field) => field.name === name))
  const known = specs.filter((spec): spec is FieldSpec => spec !== undefined)
  if (known.length < specs.length || known.length === 0) return unknownFieldRefusal()
  const situation = situationOf(facts, caller, purpose, atMs)
  const refused = decideExport(policies, situation, known).filter(({ view }) => view !== 'clear')
  if (refused.length > 0) return fieldsRefusal(refused)
  return { grant, purpose, names: known.map(({ name }) => name) }
}

function madeOf(
  { agent, session }: Caller,
  { id, customers }: GrantFacts,
  names: readonly string[],
  atMs: number,
): Decision {
  return {
    act: 'export.made',
    agent: agent.id,
    atMs,
    // The disclosure names them, canaries among them.
    customers: [],
    detail: `${customers.length} customers, ${names.length} fields`,
    reason: null,
    reference: id,
    session: session.id,
    subject: null,
    writer: null,
  }
}

async function record(
  { recorder, keepShown }: ExportPorts,
  { agent, session }: Caller,
  { purpose, names }: Allowed,
  keys: readonly string[],
  atMs: number,
): Promise<void> {
  const fields = sorted(names)
  const path = 'export'
  const { first } = await recorder.record({
    agent: agent.id,
    atMs,
    customers: sorted(keys),
    fields,
    masked: [],
    grade: purpose.grade,
    path,
    purpose: purpose.kind,
    query: null,
    queue: null,
    reference: purpose.reference,
    session: session.id,
    writer: null,
  })
  const shown = { agent: agent.id, atMs, entry: first, path, purpose, masked: [] } as const
  keepShown({ ...shown, customers: keys.length, fields })
}

/** An order that nobody can tell anything from who does not know the export's id. */
function inNoOrder(id: string, keys: readonly string[]): string[] {
  const place = (key: string) => createHash('sha256').update(`${id}\n${key}`).digest('hex')
  return keys
    .map((key) => ({ key, at: place(key) }))
    .sort((a, b) => (a.at < b.at ? -1 : 1))
    .map(({ key }) => key)
}

function rowOf(values: Values, names: readonly string[]): (string | null)[] {
  return names.map((name) => values[name] ?? null)
}

function sorted(texts: readonly string[]): string[] {
  return [...texts].sort((a, b) => (a < b ? -1 : 1))
}

function unmarked(): TelltaleError {
  return new TelltaleError('EXPORT_UNMARKED', {})
}
