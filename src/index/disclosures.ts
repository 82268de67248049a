/** An access log as disclosures for a log: the same reading of its values as an index has of them. */
import type { DuckDBConnection } from '@duckdb/node-api'
import { TelltaleError } from '../base/errors.ts'
import type { ReadDisclosures, ReadRow } from '../disclosure/imported.ts'
import { REJECT_REASONS, type RejectReason } from '../disclosure/rejects.ts'
import type { AccessSource } from '../disclosure/source.ts'
import { GRADES, type Grade, PURPOSES, type Purpose } from '../tlog/header.ts'
import { checkDisclosure, type Disclosure } from '../tlog/sealed.ts'
import { chunksOf } from './chunks.ts'
import { openEngine } from './engine.ts'
import { splitFields } from './fields.ts'
import { columnsOf } from './import.ts'
import { loggedSql, type Reading, rejectedSql } from './normalise.ts'
import { openParquet } from './parquet.ts'
import { settler } from './reading.ts'
import { type Slice, stageRows } from './staging.ts'

/** Reads the rows of a source in their order. `nowS`: times more than a day beyond it are rejected.
 * Throws what its reader throws, TIME_UNCLEAR, ZONE_UNKNOWN. */
export function readDisclosures(source: AccessSource, nowS: number): ReadDisclosures {
  const assumed = [...source.assumed]
  return { assumed, rows: rowsOf(source, nowS, assumed) }
}

async function* rowsOf(
  source: AccessSource,
  nowS: number,
  assumed: string[],
): AsyncGenerator<readonly ReadRow[]> {
  const engine = await openEngine({})
  const db = engine.connection
  try {
    if (source.kind === 'parquet') {
      const opened = await openParquet(db, source)
      const settle = await settler(db, source, opened.map, opened.time)
      const { assumed: guessed, ...settled } = await settle(opened.sample)
      assumed.push(...opened.assumed, ...guessed)
      yield* judged(db, opened, { columns: new Set(columnsOf(opened.map)), nowS, ...settled })
      return
    }
    const columns = columnsOf(source.map)
    const settle = await settler(db, source, source.map, null)
    for await (const slice of stageRows(engine, source, columns)) {
      const { assumed: guessed, ...settled } = await settle(slice.relation)
      for (const one of guessed) if (!assumed.includes(one)) assumed.push(one)
      yield* judged(db, slice, { columns: new Set(columns), nowS, ...settled })
    }
  } finally {
    engine.close()
    await source.dispose()
  }
}

/** The rows of a slice: those not understood first, then the others in the file's order. */
async function* judged(
  db: DuckDBConnection,
  slice: Slice,
  reading: Reading,
): AsyncGenerator<readonly ReadRow[]> {
  yield slice.rejects.map(({ line, reason, text }) => rejected(line, reason, text))
  for await (const chunk of chunksOf(db, rejectedSql(slice.relation, reading))) {
    yield chunk
      .getRows()
      .map(([line, reason, text]) =>
        rejected(Number(line), reason as RejectReason, String(text ?? '')),
      )
  }
  for await (const chunk of chunksOf(db, loggedSql(slice.relation, reading))) {
    yield chunk.getRows().map((row) => readRow(row as Row))
  }
}

function rejected(line: number, reason: RejectReason, text: string): ReadRow {
  return { line, problem: REJECT_REASONS[reason], text }
}

type Text = string | null
type Row = [
  line: number,
  agent: string,
  customer: string,
  atMs: number,
  fields: Text,
  masked: Text,
  ticket: Text,
  purpose: Text,
  grade: Text,
  isGrounded: boolean | null,
  queue: Text,
]

function readRow(row: Row): ReadRow {
  const [line, agent, customer, atMs, fields, masked, ticket, purpose, grade, isGrounded, queue] =
    row
  const hidden = isNo(masked) ? [] : splitFields(masked ?? '')
  const disclosure: Disclosure = {
    agent,
    customers: [customer],
    atMs,
    fields: ascending(splitFields(fields ?? '').filter((name) => !hidden.includes(name))),
    masked: ascending(hidden),
    ...purposeOf(purpose, ticket),
    grade: gradeOf(grade, isGrounded),
    path: 'import',
    query: null,
    queue,
    session: null,
    writer: null,
  }
  try {
    checkDisclosure(disclosure)
    return { line, disclosure }
  } catch (error) {
    if (!(error instanceof TelltaleError)) throw error
    return { line, problem: String(error.details.problem), text: `${agent} ${customer}` }
  }
}

/** A column that says whether a row was masked, not what of it. */
function isNo(masked: Text): boolean {
  return masked !== null && ['false', 'no', '0'].includes(masked)
}

function ascending(names: readonly string[]): string[] {
  return [...names].sort((a, b) => (a < b ? -1 : 1))
}

/** A ticket is a purpose, whatever else the file says of one. */
function purposeOf(purpose: Text, ticket: Text): { purpose: Purpose; reference: Text } {
  const known = PURPOSES.find((one) => one === purpose) ?? 'none'
  if (ticket === null) return { purpose: known, reference: null }
  return { purpose: known === 'none' ? 'ticket' : known, reference: ticket }
}

/** Where the file has no grade of its own, the least that its ticket or purpose stands for. */
function gradeOf(grade: Text, isGrounded: boolean | null): Grade {
  const known = GRADES.find((one) => one === grade)
  return known ?? (isGrounded ? 'colleague' : 'none')
}
