/** What the tables say of themselves. */
import type { DuckDBConnection } from '@duckdb/node-api'
import { QUEUE_NAMES_MAX } from '../base/limits.ts'
import type { LogOverview } from '../disclosure/exposures.ts'
import { queryRows } from './sql.ts'

/** What the tables say before the arrays are built. */
export interface TableFacts {
  readonly overview: LogOverview
  readonly agents: readonly string[]
  readonly customers: number
  /** Some disclosures showed nothing but masked fields. */
  readonly hasMasked: boolean
}

/** A short text that changes whenever the tables do (disclosures are only ever added). */
export async function fingerprintOf(db: DuckDBConnection): Promise<string> {
  const parts = await queryRows(
    db,
    `SELECT (SELECT count(*) FROM disclosure)::VARCHAR AS disclosures,
      (SELECT concat_ws('/', count(*), max(id), count(*) FILTER (in_population),
        sum(hash(id, segment, region) % 1000003)) FROM customer) AS customers,
      (SELECT concat_ws('/', count(*), sum(hash(id, name) % 1000003)) FROM agent) AS agents,
      (SELECT string_agg(bit || '=' || name, ',' ORDER BY bit) FROM field) AS fields,
      (SELECT md5(string_agg(sha256 || '+' || rows_added, ',' ORDER BY id)) FROM source) AS sources`,
  )
  return JSON.stringify(parts[0])
}

export async function factsOf(db: DuckDBConnection): Promise<TableFacts> {
  const [log] = await queryRows(
    db,
    `SELECT count(*)::DOUBLE AS disclosures, coalesce(min("at"), 0) AS first_at,
      coalesce(max("at"), 0) AS last_at, coalesce(bool_or(fields IS NULL OR fields <> 0), false) AS fields,
      coalesce(bool_or(fields IS NULL), false) AS masked,
      coalesce(bool_or(ticket IS NOT NULL), false) AS tickets,
      coalesce(bool_or(grounded IS NOT NULL), false) AS purposes,
      approx_count_distinct(queue)::DOUBLE AS queues
     FROM disclosure`,
  )
  const [people] = await queryRows(
    db,
    `SELECT count(*)::DOUBLE AS customers, (count(*) FILTER (in_population))::DOUBLE AS population,
      (SELECT count(*) FROM (SELECT DISTINCT customer FROM disclosure))::DOUBLE AS shown,
      count(segment)::DOUBLE AS segments, count(region)::DOUBLE AS regions FROM customer`,
  )
  const agents = await queryRows(db, 'SELECT name FROM agent ORDER BY id')
  const fields = await queryRows(db, 'SELECT name FROM field ORDER BY bit')
  return {
    agents: agents.map((row) => String(row.name)),
    customers: Number(people.customers),
    hasMasked: log.masked === true,
    overview: {
      disclosures: Number(log.disclosures),
      customers: Number(people.shown),
      population: Number(people.population) || null,
      firstAtS: Number(log.first_at),
      lastAtS: Number(log.last_at),
      fieldNames: fields.map((row) => String(row.name)),
      knowsFields: log.fields === true,
      knowsTickets: log.tickets === true,
      knowsPurposes: log.purposes === true,
      matchedOn: matchedOn(Number(people.segments), Number(people.regions), Number(log.queues)),
    },
  }
}

function matchedOn(segments: number, regions: number, queues: number): string[] {
  return [
    ...(segments > 0 ? ['segment'] : []),
    ...(regions > 0 ? ['region'] : []),
    ...(queues > 0 && queues <= QUEUE_NAMES_MAX
      ? ['queue of the last contact (queues of fewer than 200 contacts together)']
      : []),
    'number of contacts so far',
    'time of the last contact',
  ]
}
