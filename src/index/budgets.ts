/** How many distinct customers each agent was shown in rolling windows: what budgets are derived from. */
import type { DuckDBConnection } from '@duckdb/node-api'
import { BUDGET_BASIS_DAYS, BUDGET_WINDOWS_MS } from '../base/desk-limits.ts'
import { TelltaleError } from '../base/errors.ts'
import type { AgentPeaks, Peaks } from '../disclosure/team-budgets.ts'
import type { Counts } from '../guard/facts.ts'
import { queryRow, queryRows, sqlText } from './sql.ts'

const WINDOWS = ['hour', 'day', 'week'] as const satisfies readonly (keyof Counts)[]
const WEEK_S = BUDGET_WINDOWS_MS.week / 1000
const BASIS_S = (BUDGET_BASIS_DAYS * BUDGET_WINDOWS_MS.day) / 1000

/**
 * The peaks of the last 28 days up to the newest disclosure in the tables. A disclosure counts that
 * showed a field clear other than those of `reference` (lower case), or may have, and made no file.
 * Throws NO_USABLE_ACCESSES where there is no disclosure at all.
 */
export async function peaksOf(
  db: DuckDBConnection,
  reference: ReadonlySet<string>,
): Promise<Peaks> {
  const untilS = await newestS(db)
  const isCounted = await countedSql(db, reference)
  const found = new Map<string, Record<keyof Counts, number[]> & { lastWeek: Counts }>()
  for (const window of WINDOWS) {
    for (const { name, peak, age } of await queryRows(db, peaksSql(window, untilS, isCounted))) {
      const agent = String(name)
      const peaks = found.get(agent) ?? emptyPeaks()
      peaks[window].push(Number(peak))
      if (Number(age) < WEEK_S) {
        const most = Math.max(peaks.lastWeek[window], Number(peak))
        peaks.lastWeek = { ...peaks.lastWeek, [window]: most }
      }
      found.set(agent, peaks)
    }
  }
  const agents: AgentPeaks[] = [...found].map(([agent, peaks]) => ({ agent, ...peaks }))
  return { fromMs: (untilS - BASIS_S) * 1000, untilMs: untilS * 1000, agents }
}

function emptyPeaks() {
  return { hour: [], day: [], week: [], lastWeek: { hour: 0, day: 0, week: 0 } }
}

async function newestS(db: DuckDBConnection): Promise<number> {
  const { newest } = await queryRow(db, 'SELECT max("at") AS newest FROM main.disclosure')
  if (newest !== null) return Number(newest)
  const counts = await queryRow(
    db,
    `SELECT coalesce(sum(rows_read), 0) AS read, coalesce(sum(rejected), 0) AS rejected
     FROM main.source`,
  )
  const [read, rejected] = [Number(counts.read), Number(counts.rejected)]
  throw new TelltaleError('NO_USABLE_ACCESSES', { read, rejected, first: '' })
}

/** Fields: null where all were masked, 0 where none were recorded. Files count for no budget. */
async function countedSql(db: DuckDBConnection, reference: ReadonlySet<string>): Promise<string> {
  const isPage = "path IS DISTINCT FROM 'export'"
  const names = [...reference].map(sqlText)
  if (names.length === 0) return `${isPage} AND fields IS NOT NULL`
  const { mask } = await queryRow(
    db,
    `SELECT coalesce(bit_or((1::UBIGINT << bit)), 0)::DOUBLE AS mask FROM main.field
     WHERE lower(name) IN (${names.join(', ')})`,
  )
  const others = ~Number(mask) >>> 0
  return `${isPage} AND (fields = 0 OR (fields & ${others}::UINTEGER) <> 0)`
}

/**
 * For each agent and each window before `untilS` (counted back from it) in which they were shown
 * anybody: the most customers that they had been shown in as long a time before any moment of it, and
 * the age of that window's end. As `telltale.charge` counts: a customer shown at t counts from t until
 * the window has passed, or until they are shown again, from when they count anew. So each disclosure
 * adds one at its time and takes one away later, and the counts are the running sums.
 */
function peaksSql(window: keyof Counts, untilS: number, isCounted: string): string {
  const lengthS = BUDGET_WINDOWS_MS[window] / 1000
  const fromS = untilS - BASIS_S
  return `
    WITH shown AS (
      SELECT DISTINCT agent, customer, "at"::BIGINT AS t FROM main.disclosure
      WHERE ${isCounted} AND "at" > ${fromS - lengthS}),
    spans AS (
      SELECT agent, t, least(t + ${lengthS},
        coalesce(lead(t) OVER (PARTITION BY agent, customer ORDER BY t), t + ${lengthS})) AS ends
      FROM shown),
    steps AS (
      SELECT agent, t, sum(step) AS step, bool_or(step > 0) AS is_shown FROM (
        SELECT agent, t, 1 AS step FROM spans UNION ALL SELECT agent, ends, -1 FROM spans)
      GROUP BY agent, t),
    counts AS (
      SELECT agent, t, is_shown, sum(step) OVER (PARTITION BY agent ORDER BY t) AS customers
      FROM steps),
    peaks AS (
      SELECT agent, (${untilS} - t) // ${lengthS} AS back, max(customers) AS peak
      FROM counts WHERE is_shown AND t > ${fromS} GROUP BY ALL)
    SELECT a.name, peak::DOUBLE AS peak, (back * ${lengthS})::DOUBLE AS age
    FROM peaks JOIN main.agent a ON a.id = peaks.agent ORDER BY a.name, back`
}
