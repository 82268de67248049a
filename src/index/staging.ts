/**
 * Slices of a source as relations of text that `normaliseSql` reads. Rows from a text file are
 * appended by data chunks, each row one text with its values separated by U+001F: one call for each
 * row instead of one for each value is what makes 300k rows/s possible, and the engine splits them
 * again on its own threads. Two staging tables alternate, so that a slice is staged while the one
 * before it is worked on.
 */
import { DuckDBDataChunk, INTEGER, VARCHAR } from '@duckdb/node-api'
import { STAGE_ROWS } from '../base/limits.ts'
import type { DisclosureColumn, Reject, RowBatch, RowSource } from '../disclosure/source.ts'
import { type Engine, SCRATCH } from './engine.ts'

export interface Slice {
  /** A relation with `line` and the columns, as text. */
  readonly relation: string
  readonly rows: number
  /** Rows that the reader could not take. */
  readonly rejects: readonly Reject[]
}

const SEPARATOR = '\u001f'
const CHUNK_ROWS = 2048

/** As `trimmedText` does it in SQL; here it costs next to nothing. */
function trimmed(value: string | null | undefined): string {
  if (value === null || value === undefined || value === '') return ''
  const first = value.charCodeAt(0)
  const last = value.charCodeAt(value.length - 1)
  return first <= 32 || first >= 160 || last <= 32 || last >= 160 ? value.trim() : value
}

/** Slices of at most STAGE_ROWS rows. The relation of a slice is gone once the next but one is
 * asked for. */
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
  const table = `stage_${number % 2}`
  await engine.staging.run(
    `CREATE OR REPLACE TABLE ${SCRATCH}.main.${table} (line INTEGER, packed VARCHAR)`,
  )
  const appender = await engine.staging.createAppender(table, 'main', SCRATCH)
  const chunk = DuckDBDataChunk.create([INTEGER, VARCHAR])
  let rows = 0
  let lines: number[] = []
  let packed: string[] = []

  function flush(): void {
    if (lines.length === 0) return
    chunk.reset()
    chunk.rowCount = lines.length
    chunk.setColumnValues(0, lines)
    chunk.setColumnValues(1, packed)
    appender.appendDataChunk(chunk)
    lines = []
    packed = []
  }

  return {
    number,
    rows: () => rows,
    append(batch: RowBatch): void {
      const values = columns.map((column) => batch.columns[column] ?? [])
      for (let row = 0; row < batch.count; row++) {
        let text = trimmed(values[0][row])
        for (let i = 1; i < values.length; i++) text += SEPARATOR + trimmed(values[i][row])
        lines.push(batch.lines[row])
        packed.push(text)
        if (lines.length === CHUNK_ROWS) flush()
      }
      rows += batch.count
    },
    close(): { relation: string; rows: number } {
      flush()
      appender.closeSync()
      const split = columns.map((column, i) => `part[${i + 1}] AS ${column}`)
      const parts = `SELECT line, string_split(packed, chr(31)) AS part FROM ${SCRATCH}.main.${table}`
      return { relation: `(SELECT line, ${split.join(', ')} FROM (${parts}))`, rows }
    },
  }
}
