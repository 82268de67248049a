/** Files for the importers' tests, in a folder that goes when the test ends. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { PlainRows, Reject, RowSource } from '../../src/disclosure/source.ts'
import { type AccessLogOptions, openAccessLog } from '../../src/importers/open.ts'

export function fileOf(content: string | Uint8Array, name = 'log.csv'): string {
  const folder = mkdtempSync(join(tmpdir(), 'telltale-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, name)
  writeFileSync(file, content)
  return file
}

export interface Row {
  readonly line: number
  readonly [column: string]: string | number | null
}

/** Every row of an access log, and every reject, without the file's name. */
export async function readAll(file: string, options: AccessLogOptions = {}) {
  const source = (await openAccessLog(file, options)) as RowSource
  const rejects: Omit<Reject, 'file'>[] = []
  const rows: Row[] = []
  for await (const batch of source.rows(({ line, reason, text }) =>
    rejects.push({ line, reason, text }),
  )) {
    const columns = Object.entries(batch.columns)
    for (let i = 0; i < batch.count; i++) {
      rows.push({
        line: batch.lines[i],
        ...Object.fromEntries(columns.map(([name, values]) => [name, values[i]])),
      })
    }
    if (batch.plain) rows.push(...dividedRows(batch.plain))
  }
  rows.sort((a, b) => a.line - b.line)
  return { rows, rejects, source }
}

/** Undivided rows, divided as the engine divides them. */
function dividedRows({ delimiter, positions, runs }: PlainRows): Row[] {
  return runs.flatMap(({ line, bytes }) =>
    Buffer.from(bytes)
      .toString()
      .split('\n')
      .map((row, i) => {
        const values = row.replace(/\r$/, '').split(delimiter)
        const named = Object.entries(positions).map(([name, at]) => [name, values[at]])
        return { line: line + i, ...Object.fromEntries(named) }
      }),
  )
}
