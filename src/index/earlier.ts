/** Whether a file is in the index already. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import type { DuckDBConnection } from '@duckdb/node-api'
import { TelltaleError } from '../base/errors.ts'
import type { RejectReason } from '../disclosure/rejects.ts'
import type { AccessSource, ImportSummary } from '../disclosure/source.ts'
import { queryRows, sqlText } from './sql.ts'

const CHUNK_BYTES = 1 << 20

export async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file, { highWaterMark: CHUNK_BYTES })) {
    hash.update(chunk)
  }
  return hash.digest('hex')
}

/** How a source is read, as a name: the same file read in the same way is the same import. */
export function readingName({ map, time }: AccessSource): string {
  const sorted = Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1))
  return [...sorted, ['format', time.format ?? 'guessed'], ['zone', time.zone ?? 'UTC']]
    .map(([column, name]) => `${column}=${name}`)
    .join(' ')
}

/** The summary of an import that adds nothing, because the same file was imported before; null
 * where it was not. Throws SOURCE_READ_DIFFERENTLY where it was read in another way and gave rows:
 * they could not be told from the new ones. */
export async function earlierImport(
  db: DuckDBConnection,
  file: string,
  sha256: string,
  reading: string,
): Promise<ImportSummary | null> {
  const [row] = await queryRows(
    db,
    `SELECT * FROM main.source WHERE sha256 = ${sqlText(sha256)}
     ORDER BY reading = ${sqlText(reading)} DESC, rows_added DESC LIMIT 1`,
  )
  if (row === undefined) return null
  if (row.reading !== reading) {
    if (Number(row.rows_added) === 0) return null
    throw new TelltaleError('SOURCE_READ_DIFFERENTLY', { file, before: String(row.reading) })
  }
  const rejects = await queryRows(
    db,
    `SELECT reason, min(line) AS line, arg_min(text, line) AS text, count(*) AS n
     FROM main.reject WHERE source = ${row.id} GROUP BY reason ORDER BY n DESC`,
  )
  return {
    file,
    rowsRead: Number(row.rows_read),
    rowsAdded: 0,
    rowsDuplicate: Number(row.rows_added) + Number(row.rows_duplicate),
    rejects: rejects.map((reject) => {
      const reason = reject.reason as RejectReason
      const text = String(reject.text ?? '')
      const first = { file, line: Number(reject.line), reason, text }
      return { reason, count: Number(reject.n), first }
    }),
    assumed: [`the same file was imported before, as ${row.file}: it adds nothing`],
  }
}
