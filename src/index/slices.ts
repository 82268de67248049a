/** One slice of an import: cleaned, judged, counted, encoded. */
import type { DuckDBConnection } from '@duckdb/node-api'
import { TelltaleError } from '../base/errors.ts'
import { ORDINARY_REASONS, REJECT_REASONS, type RejectReason } from '../disclosure/rejects.ts'
import type { ImportSummary, Reject } from '../disclosure/source.ts'
import { clockChanges } from '../disclosure/zones.ts'
import { encodeSlice } from './dictionary.ts'
import { normaliseSql, type Reading } from './normalise.ts'
import { queryRow, queryRows, sqlText } from './sql.ts'
import type { Slice } from './staging.ts'

export interface Tally {
  rowsRead: number
  readonly rejects: Map<RejectReason, { count: number; first: Reject }>
  /** Times without an offset, with one, and dates without a time of day. */
  local: number
  zoned: number
  wholeDays: number
  /** Local times that the zone's clock showed twice or never. */
  twice: number
  never: number
  /** Words in `grade` or `purpose` that are not known here. */
  ungraded: number
}

export function emptyTally(): Tally {
  return {
    rowsRead: 0,
    rejects: new Map(),
    local: 0,
    zoned: 0,
    wholeDays: 0,
    twice: 0,
    never: 0,
    ungraded: 0,
  }
}

export interface SliceWork {
  readonly db: DuckDBConnection
  readonly file: string
  readonly reading: Reading
  readonly strict: boolean
  readonly fieldNames: string[]
  readonly tally: Tally
  /** Told of the first reject of each reason. */
  readonly onReject: (reject: Reject) => void
}

export async function workSlice(slice: Slice, work: SliceWork): Promise<void> {
  const { db, reading, tally } = work
  await db.run(
    `CREATE OR REPLACE TABLE scratch.main.clean AS ${normaliseSql(slice.relation, reading)}`,
  )
  const counts = await queryRow(
    db,
    `SELECT count(*) AS rows, count(reason) AS rejected,
      count(local_s) FILTER (NOT whole_day) AS local, count(local_s) FILTER (whole_day) AS days,
      min(local_s) AS low, max(local_s) AS high,
      count(*) FILTER (reason IS NULL AND grounded IS NULL) AS ungraded
     FROM scratch.main.clean`,
  )
  const rejected = Number(counts.rejected)
  await takeRejects(work, slice.rejects, rejected > 0)
  const rows = Number(counts.rows)
  tally.rowsRead += rows + slice.rejects.length
  tally.local += Number(counts.local)
  tally.wholeDays += Number(counts.days)
  tally.zoned += rows - rejected - Number(counts.local) - Number(counts.days)
  if (reading.columns.has('grade') || reading.columns.has('purpose')) {
    tally.ungraded += Number(counts.ungraded)
  }
  if (counts.low !== null) await countClockChanges(work, Number(counts.low), Number(counts.high))
  if (rows > rejected) await encodeSlice(db, work.file, work.fieldNames)
}

async function countClockChanges(work: SliceWork, low: number, high: number): Promise<void> {
  for (const { fromS, toS, clock } of clockChanges(work.reading.zone, low, high)) {
    const { n } = await queryRow(
      work.db,
      `SELECT count(*) AS n FROM scratch.main.clean
       WHERE NOT whole_day AND local_s >= ${fromS} AND local_s < ${toS}`,
    )
    work.tally[clock] += Number(n)
  }
}

/** Records rejects of the reader and of the values; in strict mode throws for the first line. */
async function takeRejects(
  work: SliceWork,
  fromReader: readonly Reject[],
  fromValues: boolean,
): Promise<void> {
  const { db, file } = work
  const rows = fromReader.map(
    ({ line, reason, text }) => `(${line}, ${sqlText(reason)}, ${sqlText(plainText(text))})`,
  )
  for (let i = 0; i < rows.length; i += 1000) {
    await db.run(`INSERT INTO scratch.main.rejected VALUES ${rows.slice(i, i + 1000).join(', ')}`)
  }
  if (fromValues) {
    await db.run(`INSERT INTO scratch.main.rejected
      SELECT line, reason, text FROM scratch.main.clean WHERE reason IS NOT NULL`)
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

export function summaryRejects(tally: Tally): ImportSummary['rejects'] {
  return [...tally.rejects]
    .map(([reason, { count, first }]) => ({ reason, count, first }))
    .sort((a, b) => b.count - a.count)
}
