/** What was given in this session: the index must hold that and nothing else, or a verdict would rest
 * on files that nobody sees any more. */
import type { DuckDBConnection } from '@duckdb/node-api'
import { TelltaleError } from '../base/errors.ts'
import { REJECT_REASONS, type RejectReason } from '../disclosure/rejects.ts'
import { queryRow, queryRows, type SqlRow, sqlText } from './sql.ts'

export interface GivenSource {
  readonly file: string
  readonly sha256: string
  readonly reading: string
}

export interface Given {
  source(source: GivenSource): void
  population(sha256: string): void
  /** A log, by its verifier key. */
  log(vkey: string): void
  /** An SQL condition on `main.source`: it was given in this session. */
  sourcesSql(): string
  /** Throws INDEX_HOLDS_MORE where rows or customers came from a file not given in this session, and
   * NO_USABLE_ACCESSES where there are no rows at all. */
  check(db: DuckDBConnection, dir: string): Promise<void>
}

/** As many files as a person reads in a sentence. */
const NAMED_MAX = 5

export function createGiven(): Given {
  const sources: GivenSource[] = []
  const populations: string[] = []
  const logs: string[] = []
  const sourcesSql = () => {
    const pairs = sources.map(({ sha256, reading }) => `(${sqlText(sha256)}, ${sqlText(reading)})`)
    const isFile = pairs.length === 0 ? 'false' : `(sha256, reading) IN (${pairs.join(', ')})`
    const keys = logs.map(sqlText).join(', ')
    return logs.length === 0
      ? isFile
      : `(${isFile} OR id IN (SELECT source FROM main.followed WHERE vkey IN (${keys})))`
  }
  return {
    source: (source) => void sources.push(source),
    population: (sha256) => void populations.push(sha256),
    log: (vkey) => void logs.push(vkey),
    sourcesSql,
    async check(db, dir) {
      const more = [
        ...(await sourcesBeside(db, sourcesSql(), new Set(sources.map(({ file }) => file)))),
        ...(await populationsBeside(db, populations)),
      ]
      if (more.length > 0) throw new TelltaleError('INDEX_HOLDS_MORE', { dir, files: listed(more) })
      await checkUsable(db, sourcesSql())
    },
  }
}

/** Sources without a row of their own say nothing that those given do not say. */
async function sourcesBeside(
  db: DuckDBConnection,
  isGiven: string,
  files: ReadonlySet<string>,
): Promise<string[]> {
  const rows = await queryRows(
    db,
    `SELECT file FROM main.source WHERE NOT (${isGiven}) AND rows_added > 0
     GROUP BY file ORDER BY min(id)`,
  )
  return rows.map(({ file }) => {
    const name = String(file)
    return files.has(name) ? `${name} as it was before` : name
  })
}

async function populationsBeside(
  db: DuckDBConnection,
  given: readonly string[],
): Promise<string[]> {
  const rows = await queryRows(db, 'SELECT file, sha256 FROM main.population')
  return rows
    .filter(({ sha256 }) => !given.includes(String(sha256)))
    .map(({ file }) => `the population ${file}`)
}

function listed(names: readonly string[]): string {
  const beyond = names.length - NAMED_MAX
  const shown = names.slice(0, NAMED_MAX).join(', ')
  return beyond > 0 ? `${shown} and ${beyond} more` : shown
}

async function checkUsable(db: DuckDBConnection, isGiven: string): Promise<void> {
  const counts = await queryRow(
    db,
    `SELECT EXISTS (FROM main.disclosure) AS usable, coalesce(sum(rows_read), 0) AS read,
      coalesce(sum(rejected), 0) AS rejected
     FROM main.source WHERE ${isGiven}`,
  )
  if (counts.usable === true) return
  const [first] = await queryRows(
    db,
    `SELECT file, line, reason FROM main.reject
     WHERE source IN (SELECT id FROM main.source WHERE ${isGiven}) ORDER BY source, line LIMIT 1`,
  )
  throw new TelltaleError('NO_USABLE_ACCESSES', {
    read: Number(counts.read),
    rejected: Number(counts.rejected),
    first: first === undefined ? '' : firstOf(first),
  })
}

function firstOf({ file, line, reason }: SqlRow): string {
  return ` (the first on line ${line} of ${file}: ${REJECT_REASONS[reason as RejectReason]})`
}
