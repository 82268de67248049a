/** The who-saw-whom index over the embedded engine. */
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { TelltaleError } from '../base/errors.ts'
import type { ExposureIndex, LogOverview, ReportQuery } from '../disclosure/exposures.ts'
import { type ExposureArrays, overlaps } from './arrays.ts'
import { type Derived, type DeriveOptions, deriveArrays } from './derive.ts'
import { type EvidenceQuery, evidence, ghostEvidence } from './evidence.ts'
import { factsOf, fingerprintOf, type TableFacts } from './facts.ts'
import { type Columns, loadArrays, saveArrays } from './file.ts'
import { idOfKey, type KeyTable } from './keys.ts'
import { type OwnPairs, ownKey, prepareOwn } from './own.ts'
import { exposuresWhere, sampleKeys, segmentsOf, similarKeys } from './queries.ts'
import { namedInRejects, queueGroups } from './queues.ts'
import { ALL_FIELDS, type GroupSizes } from './rows.ts'

/** Name of the saved arrays in the folder of a kept index. */
export const ARRAYS_FILE = 'arrays.bin'

export interface IndexOptions extends DeriveOptions {
  /** A directory to keep the arrays in, so that opening the same tables again is fast. */
  readonly dir?: string
  readonly onPhase?: (phase: string) => void
  /** Called by the index's `close`. */
  readonly onClose?: () => void
}

/** The arrays and what the tables say of themselves. */
export type OpenedArrays = Derived & { readonly facts: TableFacts }

/** The index of the tables behind `db` (tables of docs/index.md); it keeps using the connection. */
export async function openExposureIndex(
  db: DuckDBConnection,
  options: IndexOptions = {},
): Promise<ExposureIndex> {
  return exposureIndexOver(db, await openArrays(db, options), options)
}

/** The index over arrays already opened from the tables behind `db`. */
export function exposureIndexOver(
  db: DuckDBConnection,
  { arrays, keys, facts }: OpenedArrays,
  options: Pick<IndexOptions, 'onClose'> = {},
): ExposureIndex {
  const own: OwnPairs = new Map()
  const idOf = (customer: string) => idOfKey(keys, customer)
  const reportedIds = reportedCache(idOf)
  const shownTo = (where: string, beforeS: number) =>
    exposuresWhere(db, facts.overview, where, beforeS)
  return {
    agents: facts.agents,
    overview: facts.overview,
    distinctCustomers: arrays.distinctCustomers,
    prepare: (reports) => prepareOwn(db, arrays.agents, ticketed(reports, idOf), own),
    evidenceFor(report, reported) {
      const customer = idOf(report.customer)
      if (customer === -1) return ghostEvidence(report.report, report.knowing)
      const query = queryOf(report, customer, facts.overview, own)
      return evidence(arrays, query, reportedIds(reported))
    },
    isKnownCustomer: (customer) => idOf(customer) !== -1,
    similarCustomers: (customer) => similarKeys(db, customer),
    exposuresOf: (customer, beforeS) => shownTo(`customer = ${idOf(customer)}`, beforeS),
    customersOf: (agent, beforeS) => shownTo(`agent = ${agent}`, beforeS),
    sampleCustomers: (count) => sampleKeys(db, arrays.customers, count),
    queueGroups: (agent, reported, beforeS) => queueGroups(db, agent, reported, beforeS),
    namedInRejects: (customers) => namedInRejects(db, customers),
    segmentsOf: (agent) => segmentsOf(db, agent),
    overlapsOf: (agent) => overlaps(arrays, agent),
    close: () => options.onClose?.(),
  }
}

/** The arrays of the tables behind `db`: loaded where saved, derived (and saved) otherwise. */
export async function openArrays(
  db: DuckDBConnection,
  options: IndexOptions = {},
): Promise<OpenedArrays> {
  const { dir, onPhase = () => {} } = options
  const fingerprint = `${await fingerprintOf(db)} ${JSON.stringify(options.sizes ?? {})}`
  if (dir !== undefined) {
    onPhase('opening the saved index')
    const saved = await loadArrays(join(dir, ARRAYS_FILE), fingerprint)
    if (saved) return unpack(saved.columns, saved.about as About)
  }
  onPhase('reading the tables')
  const facts = await factsOf(db)
  const derived = await deriveArrays(db, facts, onPhase, options)
  if (dir !== undefined) {
    onPhase('saving the index')
    const { columns, about } = pack(derived, facts)
    await saveArrays(join(dir, ARRAYS_FILE), { fingerprint, columns, about })
  }
  return { ...derived, facts }
}

/** What goes into the saved file beside the columns. */
interface About {
  readonly facts: TableFacts
  readonly sizes: GroupSizes
}

function pack({ arrays, keys }: Derived, facts: TableFacts): { columns: Columns; about: About } {
  const { agents: _agents, customers: _customers, sizes, ...columns } = arrays
  const { ids: keyIds, offsets: keyOffsets, bytes: keyBytes } = keys
  return { columns: { ...columns, keyIds, keyOffsets, keyBytes }, about: { facts, sizes } }
}

function unpack(columns: Columns, { facts, sizes }: About): OpenedArrays {
  const { keyIds, keyOffsets, keyBytes, pairFields = null, ...rest } = columns
  const arrays = {
    ...(rest as unknown as ExposureArrays),
    pairFields: pairFields as Uint32Array | null,
    agents: facts.agents.length,
    customers: facts.customers,
    sizes,
  }
  const keys = { ids: keyIds, offsets: keyOffsets, bytes: keyBytes } as KeyTable
  return { arrays, keys, facts }
}

function ticketed(reports: readonly ReportQuery[], idOf: (customer: string) => number) {
  return reports.flatMap((report) => {
    const customer = idOf(report.customer)
    const ticket = report.ticket?.trim() ?? ''
    return ticket === '' || customer === -1 ? [] : [{ customer, ticket }]
  })
}

function queryOf(
  report: ReportQuery,
  customer: number,
  overview: LogOverview,
  own: OwnPairs,
): EvidenceQuery {
  const { contactedAtS, lagS, knowing } = report
  const mask = maskOf(report.knew, overview)
  const query = { report: report.report, customer, contactedAtS, lagS, mask, knowing }
  const ticket = report.ticket?.trim() ?? ''
  if (ticket === '') return query
  const pairs = own.get(ownKey({ customer, ticket }))
  if (!pairs) throw new TelltaleError('INTERNAL', { reason: 'a report was not prepared' })
  return { ...query, own: { pairs, customer: 0 } }
}

/** Names that the log does not record ask for nothing. */
function maskOf(knew: readonly string[], { knowsFields, fieldNames }: LogOverview): number {
  if (!knowsFields) return 0
  let mask = 0
  for (const name of knew) {
    const bit = fieldNames.indexOf(name.trim().toLowerCase())
    if (bit >= 0) mask |= 1 << bit
  }
  return mask & ALL_FIELDS
}

/** Ids of the reported customers. A set that has only grown since the last call is followed, not
 * looked up anew. */
function reportedCache(idOf: (customer: string) => number) {
  let keys: string[] = []
  let ids = new Set<number>()
  return (reported: ReadonlySet<string>): ReadonlySet<number> => {
    let place = 0
    for (const key of reported) {
      if (keys[place] !== key) {
        if (place < keys.length) {
          keys = keys.slice(0, place)
          ids = new Set(keys.map(idOf))
        }
        keys.push(key)
        ids.add(idOf(key))
      }
      place++
    }
    if (place < keys.length) {
      keys = keys.slice(0, place)
      ids = new Set(keys.map(idOf))
    }
    return ids
  }
}
