/**
 * Slices of a text file as relations that the engine judges. Rows are appended by data chunks, as
 * few and as large values as may be, because each value costs a call: plain rows as runs of bytes
 * that the engine divides itself; the others each as one text, its values separated by U+001F. Two
 * pairs of staging tables alternate, so that a slice is read while the one before it is judged.
 */
import { BLOB, DuckDBBlobValue, DuckDBDataChunk, INTEGER, VARCHAR } from '@duckdb/node-api'
import { STAGE_ROWS } from '../base/limits.ts'
import type {
  DisclosureColumn,
  PlainRows,
  Reject,
  RowBatch,
  RowSource,
} from '../disclosure/source.ts'
import { type Engine, STAGE } from './engine.ts'
import { trimmedText } from './normalise.ts'
import { sqlText } from './sql.ts'

export interface Slice {
  /** A relation with `line` and the columns, as trimmed text. */
  readonly relation: string
  readonly rows: number
  /** Rows that the reader could not take. */
  readonly rejects: readonly Reject[]
}

const SEPARATOR = '\u001f'
const CHUNK_ROWS = 2048

/** Slices of about STAGE_ROWS rows. The relation of a slice is gone once the next but one is asked
 * for. */
export async function* stageRows(
  engine: Engine,
  source: RowSource,
  columns: readonly DisclosureColumn[],
): AsyncIterable<Slice> {
  let rejects: Reject[] = []
  let stage = await openStage(engine, 0, columns)
  for await (const batch of source.rows((reject) => rejects.push(reject))) {
    stage.append(batch)
    if (stage.rows() + rejects.length < STAGE_ROWS) continue
    yield { ...stage.close(), rejects }
    rejects = []
    stage = await openStage(engine, stage.number + 1, columns)
  }
  yield { ...stage.close(), rejects }
}

async function openStage(engine: Engine, number: number, columns: readonly DisclosureColumn[]) {
  const values = await openTable(engine, `rows_${number % 2}`, VARCHAR)
  const runs = await openTable(engine, `runs_${number % 2}`, BLOB)
  let plain: PlainRows | undefined
  let rows = 0

  return {
    number,
    rows: () => rows,
    append(batch: RowBatch): void {
      const kept = columns.map((column) => batch.columns[column] ?? [])
      for (let row = 0; row < batch.count; row++) {
        let text = trimmed(kept[0][row])
        for (let i = 1; i < kept.length; i++) text += SEPARATOR + trimmed(kept[i][row])
        values.append(batch.lines[row], text)
      }
      rows += batch.count
      plain ??= batch.plain
      for (const run of batch.plain?.runs ?? []) {
        runs.append(run.line, new DuckDBBlobValue(run.bytes))
        rows += run.rows
      }
    },
    close(): { relation: string; rows: number } {
      const split = columns.map((column, i) => `part[${i + 1}] AS ${column}`).join(', ')
      const relations = [
        `SELECT line, ${split} FROM (
          SELECT line, string_split(value, chr(31)) AS part FROM ${values.close()})`,
      ]
      const table = runs.close()
      if (plain !== undefined) relations.push(dividedRuns(table, plain, columns))
      return { relation: `(${relations.join(' UNION ALL ')})`, rows }
    },
  }
}

/** Runs -> lines -> values, by the engine. */
function dividedRuns(
  table: string,
  { delimiter, positions, linePosition }: PlainRows,
  columns: readonly DisclosureColumn[],
): string {
  const split = columns.map(
    (column) => `${trimmedText(`part[${(positions[column] ?? 0) + 1}]`)} AS ${column}`,
  )
  const line = linePosition === undefined ? 'line' : `part[${linePosition + 1}]::BIGINT AS line`
  return `SELECT ${line}, ${split.join(', ')} FROM (
    SELECT line, string_split(row, ${sqlText(delimiter)}) AS part FROM (
      SELECT line + generate_subscripts(rows, 1) - 1 AS line, unnest(rows) AS row FROM (
        SELECT line, string_split(decode(value), chr(10)) AS rows FROM ${table})))`
}

/** A staging table of lines and values, filled by chunks. `close` gives its name. */
async function openTable(engine: Engine, table: string, type: typeof VARCHAR | typeof BLOB) {
  const name = `${STAGE}.main.${table}`
  await engine.staging.run(`CREATE OR REPLACE TABLE ${name} (line INTEGER, value ${type})`)
  const appender = await engine.staging.createAppender(table, 'main', STAGE)
  const chunk = DuckDBDataChunk.create([INTEGER, type])
  let lines: number[] = []
  let values: (string | DuckDBBlobValue)[] = []

  function flush(): void {
    if (lines.length === 0) return
    chunk.reset()
    chunk.rowCount = lines.length
    chunk.setColumnValues(0, lines)
    chunk.setColumnValues(1, values)
    appender.appendDataChunk(chunk)
    lines = []
    values = []
  }

  return {
    append(line: number, value: string | DuckDBBlobValue): void {
      lines.push(line)
      values.push(value)
      if (lines.length === CHUNK_ROWS) flush()
    },
    close(): string {
      flush()
      appender.closeSync()
      return name
    },
  }
}

/** As `trimmedText` does it in SQL; here it costs next to nothing. */
function trimmed(value: string | null | undefined): string {
  if (value === null || value === undefined || value === '') return ''
  const first = value.charCodeAt(0)
  const last = value.charCodeAt(value.length - 1)
  return first <= 32 || first >= 160 || last <= 32 || last >= 160 ? value.trim() : value
}
