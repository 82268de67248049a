/** The rows of an import that are understood, as text, under the name `scratch.incoming`: a table
 * filled slice by slice from a text file, or a view of a Parquet file, which the engine reads twice
 * in less time than it would take to write its rows down once. */
import type { DuckDBConnection } from '@duckdb/node-api'
import { TelltaleError } from '../base/errors.ts'
import { ORDINARY_REASONS, REJECT_REASONS, type RejectReason } from '../disclosure/rejects.ts'
import type { ImportSummary, Reject } from '../disclosure/source.ts'
import { clockChanges } from '../disclosure/zones.ts'
import { FOUND, findNames } from './found.ts'
import { cleanSql, provenSql, type Reading, rejectedSql } from './normalise.ts'
import { guarded } from './parquet.ts'
import { isProvenClean } from './proof.ts'
import { queryNumber, queryRow, queryRows, sqlText } from './sql.ts'
import type { Slice } from './staging.ts'

export interface Tally {
  rowsRead: number
  readonly rejects: Map<RejectReason, { count: number; first: Reject }>
}

export interface Work {
  readonly db: DuckDBConnection
  readonly file: string
  readonly reading: Reading
  readonly strict: boolean
  readonly tally: Tally
  /** Told of the first reject of each reason. */
  readonly onReject: (reject: Reject) => void
}

/** Makes room for an import's rows. */
export async function openIncoming(db: DuckDBConnection): Promise<void> {
  await closeIncoming(db)
  await db.run('CREATE TABLE scratch.main.rejected (line BIGINT, reason VARCHAR, text VARCHAR)')
}

/** Frees what an import laid up. */
export async function closeIncoming(db: DuckDBConnection): Promise<void> {
  const views = await queryNumber(
    db,
    "SELECT count(*) FROM duckdb_views() WHERE database_name = 'scratch' AND view_name = 'incoming'",
  )
  if (views > 0) await db.run('DROP VIEW scratch.main.incoming')
  const tables = ['incoming', 'rejected', 'found', 'field_set', 'agent_number', 'customer_number']
  for (const table of tables) await db.run(`DROP TABLE IF EXISTS scratch.main.${table}`)
}

export async function workSlice(slice: Slice, work: Work): Promise<void> {
  const { db, reading, tally } = work
  const rows = cleanSql(slice.relation, reading)
  if (tally.rowsRead === 0) {
    await db.run(`CREATE TABLE IF NOT EXISTS scratch.main.incoming AS ${rows} LIMIT 0`)
  }
  const inserted = await db.run(`INSERT INTO scratch.main.incoming ${rows}`)
  await takeRejects(work, slice, inserted.rowsChanged < slice.rows)
  tally.rowsRead += slice.rows + slice.rejects.length
}

export async function workParquet(slice: Slice, work: Work): Promise<void> {
  const { db, file, reading, tally } = work
  const viewOf = (rows: string) => db.run(`CREATE VIEW scratch.main.incoming AS ${rows}`)
  await guarded(file, async () => {
    if (await isProvenClean(db, slice, reading)) {
      await viewOf(provenSql(slice.relation, reading))
      return
    }
    await viewOf(cleanSql(slice.relation, reading))
    await findNames(db)
  })
  const good = await queryNumber(
    db,
    `SELECT coalesce(sum(rows), 0) FROM scratch.main.found WHERE kind = ${FOUND.time}`,
  )
  await takeRejects(work, slice, good < slice.rows)
  tally.rowsRead += slice.rows
}

/** Records rejects of the reader and of the values; in strict mode throws for the first line. */
async function takeRejects(work: Work, slice: Slice, fromValues: boolean): Promise<void> {
  const { db, file, reading } = work
  const rows = slice.rejects.map(
    ({ line, reason, text }) => `(${line}, ${sqlText(reason)}, ${sqlText(plainText(text))})`,
  )
  for (let i = 0; i < rows.length; i += 1000) {
    await db.run(`INSERT INTO scratch.main.rejected VALUES ${rows.slice(i, i + 1000).join(', ')}`)
  }
  if (fromValues) {
    await db.run(`INSERT INTO scratch.main.rejected ${rejectedSql(slice.relation, reading)}`)
  }
  if (rows.length === 0 && !fromValues) return
  const firsts = await queryRows(
    db,
    `SELECT reason, min(line) AS line, arg_min(text, line) AS text, count(*) AS n
     FROM scratch.main.rejected GROUP BY reason ORDER BY line`,
  )
  for (const { reason, line, text, n } of firsts) {
    const first: Reject = {
      file,
      line: Number(line),
      reason: reason as RejectReason,
      text: String(text ?? ''),
    }
    if (work.strict && !ORDINARY_REASONS.has(first.reason)) throw rowRejected(first)
    if (!work.tally.rejects.has(first.reason)) work.onReject(first)
    work.tally.rejects.set(first.reason, { count: Number(n), first })
  }
}

/** NUL would end the text on its way into the engine. */
function plainText(text: string): string {
  return text.replaceAll('\0', '\uFFFD')
}

function rowRejected({ file, line, reason, text }: Reject): TelltaleError {
  return new TelltaleError('ROW_REJECTED', { file, line, reason: REJECT_REASONS[reason], text })
}

/** Counts by reason, the most frequent first. */
export function rejectsOf({ rejects }: Tally): ImportSummary['rejects'] {
  return [...rejects]
    .map(([reason, { count, first }]) => ({ reason, count, first }))
    .sort((a, b) => b.count - a.count)
}

/** How the times of the rows that were understood were written, in counts. */
export interface TimeCounts {
  /** With an offset, without one, and dates without a time of day. */
  readonly zoned: number
  readonly local: number
  readonly wholeDays: number
  /** Local times that the zone's clock showed twice or never. */
  readonly twice: number
  readonly never: number
  /** Words in `grade` or `purpose` that are not known here. */
  readonly ungraded: number
}

/** Finds the names of `scratch.incoming` where that is not done yet, and counts its times. */
export async function countFound({ db, reading, tally }: Work): Promise<TimeCounts> {
  const isFound = await queryNumber(
    db,
    "SELECT count(*) FROM duckdb_tables() WHERE database_name = 'scratch' AND table_name = 'found'",
  )
  if (isFound === 0) await findNames(db)
  const counts = await queryRow(
    db,
    `SELECT coalesce(sum(rows) FILTER (time_kind = 0), 0) AS zoned,
      coalesce(sum(rows) FILTER (time_kind = 1), 0) AS local,
      coalesce(sum(rows) FILTER (time_kind = 2), 0) AS days, min(low) AS low, max(high) AS high,
      coalesce(sum(rows - grounds_known), 0) AS ungraded
     FROM scratch.main.found WHERE kind = ${FOUND.time}`,
  )
  const asksGrounds = reading.columns.has('grade') || reading.columns.has('purpose')
  const changes = { twice: 0, never: 0 }
  if (counts.low !== null && tally.rowsRead > 0) {
    const found = clockChanges(reading.zone, Number(counts.low), Number(counts.high))
    for (const { fromS, toS, clock } of found) {
      changes[clock] += await queryNumber(
        db,
        `SELECT count(*) FROM scratch.main.incoming
         WHERE time_kind = 1 AND local_s >= ${fromS} AND local_s < ${toS}`,
      )
    }
  }
  return {
    zoned: Number(counts.zoned),
    local: Number(counts.local),
    wholeDays: Number(counts.days),
    ...changes,
    ungraded: asksGrounds ? Number(counts.ungraded) : 0,
  }
}
