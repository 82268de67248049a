/** From the tables to the arrays: the engine sorts and streams, the builder fills. */
import type { DuckDBConnection } from '@duckdb/node-api'
import { INDEX_PASS_ROWS } from '../base/limits.ts'
import { arraysBuilder, type ExposureArrays } from './arrays.ts'
import { type Bursts, burstsOf } from './bursts.ts'
import { chunksOf, numbersIn } from './chunks.ts'
import type { TableFacts } from './facts.ts'
import { type KeyTable, keysBuilder } from './keys.ts'
import { type DisclosureRows, type GroupSizes, type Ids, idsFor, type LogShape } from './rows.ts'
import { queryRows } from './sql.ts'

export interface Derived {
  readonly arrays: ExposureArrays
  readonly keys: KeyTable
}

export interface DeriveOptions {
  readonly sizes?: GroupSizes
  /** Disclosures ordered at once. */
  readonly passRows?: number
}

export async function deriveArrays(
  db: DuckDBConnection,
  facts: TableFacts,
  onPhase: (phase: string) => void,
  { sizes, passRows = INDEX_PASS_ROWS }: DeriveOptions = {},
): Promise<Derived> {
  const { overview, customers } = facts
  onPhase('reading customers')
  const shape: LogShape = {
    agents: facts.agents.length,
    customers,
    cell: await cellsOf(db, customers),
    everyCustomer: overview.population !== null,
    ...(sizes && { sizes }),
  }
  const keys = await keysOf(db, customers)
  const passes = await passesOf(db, customers, passRows)
  onPhase('looking for bursts')
  const bursts = await burstsIn(db, passes)
  const plan = { shape, capacity: overview.disclosures, knowsFields: overview.knowsFields, bursts }
  const builder = arraysBuilder(plan)
  const queues = overview.matchedOn.some((what) => what.startsWith('queue'))
  const read = await passReader(db, facts, queues)
  let done = 0
  for (const pass of passes) {
    onPhase(`ordering disclosures ${Math.floor((100 * done) / Math.max(1, overview.disclosures))}%`)
    builder.push(await read(pass))
    done += pass.rows
  }
  onPhase('placing contacts')
  return { arrays: builder.finish(), keys }
}

/** Customers [from, to) and how many disclosures they have. */
interface Pass {
  readonly from: number
  readonly to: number
  readonly rows: number
}

/** Ranges of customers with a bounded number of disclosures each, so that memory is bounded. */
async function passesOf(
  db: DuckDBConnection,
  customers: number,
  passRows: number,
): Promise<Pass[]> {
  const width = Math.max(1, Math.ceil(customers / 4096))
  const counts = await queryRows(
    db,
    `SELECT (customer // ${width})::DOUBLE AS part, count(*)::DOUBLE AS n
     FROM disclosure GROUP BY 1 ORDER BY 1`,
  )
  const passes: Pass[] = []
  let from = 0
  let rows = 0
  for (const { part, n } of counts) {
    if (rows > 0 && rows + Number(n) > passRows) {
      passes.push({ from, to: Number(part) * width, rows })
      from = Number(part) * width
      rows = 0
    }
    rows += Number(n)
  }
  return rows > 0 ? [...passes, { from, to: customers, rows }] : passes
}

async function cellsOf(db: DuckDBConnection, customers: number): Promise<Ids> {
  await db.run(
    `CREATE OR REPLACE TEMP TABLE cell AS
     SELECT segment, region, row_number() OVER (ORDER BY segment NULLS FIRST, region NULLS FIRST) - 1 AS code
     FROM (SELECT DISTINCT segment, region FROM customer)`,
  )
  const [{ n }] = await queryRows(db, 'SELECT count(*)::DOUBLE AS n FROM cell')
  const cells = idsFor(Number(n), customers)
  const joined = `SELECT c.id::UINTEGER, cell.code::UINTEGER FROM customer c JOIN cell
    ON c.segment IS NOT DISTINCT FROM cell.segment AND c.region IS NOT DISTINCT FROM cell.region`
  for await (const chunk of chunksOf(db, joined)) {
    const ids = numbersIn<Uint32Array>(chunk.getColumnVector(0))
    const codes = numbersIn<Uint32Array>(chunk.getColumnVector(1))
    for (let i = 0; i < chunk.rowCount; i++) cells[ids[i]] = codes[i]
  }
  await db.run('DROP TABLE cell')
  return cells
}

async function keysOf(db: DuckDBConnection, customers: number): Promise<KeyTable> {
  const [{ bytes }] = await queryRows(
    db,
    'SELECT coalesce(sum(strlen(key)), 0)::DOUBLE AS bytes FROM customer',
  )
  const builder = keysBuilder(customers, Number(bytes))
  const sorted = 'SELECT id::UINTEGER, encode(key) FROM customer ORDER BY key'
  for await (const chunk of chunksOf(db, sorted)) {
    const ids = numbersIn<Uint32Array>(chunk.getColumnVector(0))
    const keys = chunk.getColumnVector(1) as unknown as { getItemBytes(i: number): Uint8Array }
    for (let i = 0; i < chunk.rowCount; i++) builder.add(ids[i], keys.getItemBytes(i))
  }
  return builder.finish()
}

/** Bursts over the disclosures whose purpose is unknown. A customer's disclosures lie in one pass,
 * so distinct customers add up over passes. */
async function burstsIn(db: DuckDBConnection, passes: Pass[]): Promise<Bursts> {
  const counts = new Map<number, number>()
  const [{ unknown }] = await queryRows(
    db,
    'SELECT coalesce(bool_or(grounded IS NULL), false) AS unknown FROM disclosure',
  )
  for (const { from, to } of unknown === true ? passes : []) {
    const days = `SELECT (agent::BIGINT * 65536 + "at" // 86400)::DOUBLE,
      count(DISTINCT customer)::DOUBLE FROM disclosure
      WHERE customer >= ${from} AND customer < ${to} AND grounded IS NULL GROUP BY 1`
    for await (const chunk of chunksOf(db, days)) {
      const keys = numbersIn<Float64Array>(chunk.getColumnVector(0))
      const seen = numbersIn<Float64Array>(chunk.getColumnVector(1))
      for (let i = 0; i < chunk.rowCount; i++) {
        counts.set(keys[i], (counts.get(keys[i]) ?? 0) + seen[i])
      }
    }
  }
  return burstsOf(counts)
}

/** Reads one pass into columns that the next pass overwrites. */
async function passReader(db: DuckDBConnection, facts: TableFacts, queues: boolean) {
  const { knowsFields, knowsPurposes, knowsTickets } = facts.overview
  const agentType = facts.agents.length <= 0x10000 ? 'USMALLINT' : 'UINTEGER'
  if (queues) {
    await db.run(
      `CREATE OR REPLACE TEMP TABLE queue_code AS
       SELECT queue, row_number() OVER (ORDER BY queue) AS code
       FROM (SELECT DISTINCT queue FROM disclosure WHERE queue IS NOT NULL)`,
    )
  }
  // 53 bits of a hash tell the tickets of one customer apart as surely as the hardware works.
  const selected = [
    'd.customer::UINTEGER',
    `d.agent::${agentType}`,
    'd."at"',
    ...(knowsFields ? ['coalesce(d.fields, 0)::UINTEGER'] : []),
    ...(facts.hasMasked ? ['(d.fields IS NULL)::UTINYINT'] : []),
    ...(knowsPurposes
      ? ['CASE WHEN d.grounded IS NULL THEN 2 WHEN d.grounded THEN 1 ELSE 0 END::UTINYINT']
      : []),
    ...(knowsTickets
      ? ["CASE WHEN coalesce(d.ticket, '') = '' THEN 0 ELSE (hash(d.ticket) >> 11) + 1 END::DOUBLE"]
      : []),
    ...(queues ? ['coalesce(q.code, 0)::UINTEGER'] : []),
  ]
  const joined = queues ? 'LEFT JOIN queue_code q ON q.queue = d.queue' : ''
  let columns: PassColumns = []
  return async ({ from, to, rows }: Pass): Promise<DisclosureRows> => {
    const sql = `SELECT ${selected.join(', ')} FROM disclosure d ${joined}
      WHERE d.customer >= ${from} AND d.customer < ${to} ORDER BY 1, 2, 3`
    let at = 0
    for await (const chunk of chunksOf(db, sql)) {
      const vectors = selected.map((_, i) => numbersIn<PassColumn>(chunk.getColumnVector(i)))
      if ((columns[0]?.length ?? 0) < rows) columns = vectors.map((v) => columnLike(v, rows))
      for (const [i, vector] of vectors.entries()) {
        columns[i].set(vector.subarray(0, chunk.rowCount), at)
      }
      at += chunk.rowCount
    }
    const { hasMasked } = facts
    return namedColumns(columns, at, { ...facts.overview, hasMasked, queues })
  }
}

type PassColumn = Uint8Array | Uint16Array | Uint32Array | Float64Array
type PassColumns = PassColumn[]

function columnLike<T extends PassColumn>(vector: T, length: number): T {
  const Column = vector.constructor as new (length: number) => T
  return new Column(length)
}

function namedColumns(
  columns: PassColumns,
  rows: number,
  has: {
    knowsFields: boolean
    hasMasked: boolean
    knowsPurposes: boolean
    knowsTickets: boolean
    queues: boolean
  },
): DisclosureRows {
  const parts = columns.map((column) => column.subarray(0, rows))
  return {
    customer: parts.shift() as Uint32Array,
    agent: parts.shift() as Ids,
    at: parts.shift() as Uint32Array,
    ...(has.knowsFields && { fields: parts.shift() as Uint32Array }),
    ...(has.hasMasked && { masked: parts.shift() as Uint8Array }),
    ...(has.knowsPurposes && { grounded: parts.shift() as Uint8Array }),
    ...(has.knowsTickets && { ticket: parts.shift() as Float64Array }),
    ...(has.queues && { queue: parts.shift() as Uint32Array }),
  }
}
