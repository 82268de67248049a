/** `telltale log append --accesses`: rows of an access log, sealed. */
import { TelltaleError } from '../../base/errors.ts'
import type { ReadRow } from '../../disclosure/imported.ts'
import { csvLine } from '../csv.ts'
import { type Output, openFile } from '../output.ts'
import { count, visible } from '../words.ts'
import type { Flow } from './flow.ts'

/** Rows that were left out, by reason. */
export interface LeftOut {
  readonly rows: number
  readonly reasons: ReadonlyMap<string, { readonly rows: number; readonly firstLine: number }>
}

/** A file for rows that were left out. Throws FILE_UNWRITABLE. */
export async function openRejects(path: string): Promise<Output> {
  const rejects = openFile(path)
  await rejects.write(csvLine(['file', 'line', 'reason', 'text']))
  return rejects
}

/** About what a row takes on its way, beside its texts. */
const ROW_BYTES = 300

/** Sends rows into the log; those that are no disclosures are counted, and written to `rejects`.
 * Throws ROW_REJECTED at the first of them where `strict`; what was before it is in the log. */
export async function takeRows(
  rows: AsyncIterable<readonly ReadRow[]>,
  flow: Flow,
  { file, strict, rejects }: { file: string; strict: boolean; rejects: Output | null },
  onRows: (rows: number) => void,
): Promise<LeftOut> {
  const reasons = new Map<string, { rows: number; firstLine: number }>()
  let read = 0
  let left = 0
  for await (const some of rows) {
    for (const row of some) {
      if ('disclosure' in row) {
        const full = flow.add(row.disclosure, ROW_BYTES)
        if (full !== null) await full
        continue
      }
      const { line, problem, text } = row
      if (strict) {
        await flow.drain()
        throw new TelltaleError('ROW_REJECTED', {
          file,
          line,
          reason: problem,
          text: visible(text),
        })
      }
      left++
      const reason = reasons.get(problem) ?? { rows: 0, firstLine: line }
      const firstLine = Math.min(reason.firstLine, line)
      reasons.set(problem, { rows: reason.rows + 1, firstLine })
      await rejects?.write(csvLine([file, String(line), problem, text]))
    }
    read += some.length
    onRows(read)
  }
  await flow.drain()
  return { rows: left, reasons }
}

/** What was left out, a line a reason. */
export function leftOutLines({ reasons }: LeftOut): string[] {
  return [...reasons]
    .sort(([, a], [, b]) => b.rows - a.rows)
    .map(
      ([reason, { rows, firstLine }]) =>
        `Left out ${count(rows)}: ${reason} (first at line ${count(firstLine)}).`,
    )
}
