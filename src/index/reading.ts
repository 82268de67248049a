/** How a source's columns and times are read: told, or settled by looking at its first slice. */
import type { DuckDBConnection } from '@duckdb/node-api'
import { TelltaleError } from '../base/errors.ts'
import { SAMPLE_ROWS } from '../base/limits.ts'
import { nearest } from '../base/nearest.ts'
import type { AccessSource, ColumnMap, TimeRule } from '../disclosure/source.ts'
import { guessReading, isNumericDate, readingOf, type TimeReading } from '../disclosure/times.ts'
import { isZone } from '../disclosure/zones.ts'
import { presentText } from './normalise.ts'
import { queryNumber, queryRows, sqlText } from './sql.ts'
import { type ColumnReading, type NativeReading, timeSql } from './times-sql.ts'

/** More distinct dates than any log has. */
const DATES_MAX = 100_000

/** The zone of times without an offset. Throws ZONE_UNKNOWN. */
async function zoneOf(db: DuckDBConnection, { zone }: TimeRule): Promise<string> {
  if (zone === undefined) return 'UTC'
  const known = await queryNumber(
    db,
    `SELECT count(*) FROM pg_timezone_names() WHERE name = ${sqlText(zone)}`,
  )
  if (isZone(zone) && known > 0) return zone
  const names = await queryRows(db, 'SELECT name FROM pg_timezone_names()')
  const near = nearest(
    zone,
    names.map(({ name }) => String(name)),
  )
  throw new TelltaleError('ZONE_UNKNOWN', {
    zone,
    nearest: near === undefined ? '' : ` Did you mean ${near}?`,
  })
}

/** The reading that a format asks for. Throws TIME_FORMAT_INVALID. */
async function toldReading(db: DuckDBConnection, format: string): Promise<TimeReading> {
  const reading = readingOf(format)
  try {
    const { local, zoned } = timeSql('value', reading)
    await db.run(`SELECT ${local}, ${zoned} FROM (SELECT '2001-01-01' AS value)`)
  } catch (error) {
    const reason = (error as Error).message.split('\n')[0].replace(/^.*?Error: /, '')
    throw new TelltaleError('TIME_FORMAT_INVALID', { format, reason }, { cause: error })
  }
  if (reading.kind === 'pattern' && !format.includes('%')) {
    const reason = 'it holds no % directive'
    throw new TelltaleError('TIME_FORMAT_INVALID', { format, reason })
  }
  return reading
}

export interface Settled {
  readonly time: ColumnReading
  readonly zone: string
  readonly assumed: readonly string[]
}

/** Gives how a source's times are read: by their type or as told, else settled by the values of the
 * first relation that it is called with. Throws ZONE_UNKNOWN, TIME_FORMAT_INVALID; when called,
 * TIME_UNCLEAR. */
export async function settler(
  db: DuckDBConnection,
  { file, time: rule }: AccessSource,
  map: ColumnMap,
  native: NativeReading | null,
): Promise<(relation: string | null) => Promise<Settled>> {
  const zone = await zoneOf(db, rule)
  const told = rule.format === undefined ? null : await toldReading(db, rule.format)
  const time: ColumnReading | null = native ?? told
  let settled: Settled | null = time === null ? null : { time, zone, assumed: [] }
  return async (relation) => {
    if (settled !== null) return settled
    const { reading, assumed } = await guessedReading(db, file, map.time, relation)
    settled = { time: reading, zone, assumed }
    return settled
  }
}

interface SettledTime {
  readonly reading: TimeReading
  readonly assumed: readonly string[]
}

/** The reading of a relation's `time` column, guessed from its values. Throws TIME_UNCLEAR. */
async function guessedReading(
  db: DuckDBConnection,
  file: string,
  column: string,
  relation: string | null,
): Promise<SettledTime> {
  if (relation === null) return { reading: { kind: 'iso' }, assumed: [] }
  const times = `(SELECT ${presentText('time')} AS time FROM ${relation}) WHERE time IS NOT NULL`
  const sample = await texts(db, `SELECT time FROM ${times} LIMIT ${SAMPLE_ROWS}`)
  if (sample.length === 0) return { reading: { kind: 'iso' }, assumed: [] }
  // The day that decides between d/m and m/d may come late: look at every date, without its time.
  // In order, so that the example shown is the same on every run.
  const dates = sample.some(isNumericDate)
    ? await texts(
        db,
        `SELECT DISTINCT regexp_extract(time, '^(?:[A-Za-z]+,? )?[0-9]+[/.-][0-9]+[/.-][0-9]+')
         FROM ${times} ORDER BY 1 LIMIT ${DATES_MAX}`,
      )
    : []
  const guess = guessReading(sample, dates)
  if (guess.kind === 'reading') {
    return { reading: guess.reading, assumed: [`times are read as ${guess.shown}`] }
  }
  const problem = {
    ambiguous: `"${guess.example}" may be day/month or month/day`,
    contradictory: `${guess.example} cannot both be read, as day/month or as month/day`,
    unknown: `no known format reads "${guess.example}" and the values beside it`,
  }[guess.kind]
  throw new TelltaleError('TIME_UNCLEAR', { file, column, problem })
}

async function texts(db: DuckDBConnection, sql: string): Promise<string[]> {
  const reader = await db.runAndReadAll(sql)
  return reader.getRows().map(([value]) => String(value))
}
