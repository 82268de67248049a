/** `telltale log prove`: a receipt that one entry is in the log, for whoever has no access to it. */
import { TelltaleError } from '../../base/errors.ts'
import { formatReceipt } from '../../tlog/receipt.ts'
import { parseVkey } from '../../tlog/vkey.ts'
import { refuseClashes, writeOut } from '../output.ts'
import type { Terminal } from '../stdio.ts'
import { provenEntry, publishedBy } from './entry.ts'
import type { LogTools } from './ports.ts'

export interface ProveOptions {
  readonly dir: string
  readonly index: number
  readonly out?: string
  /** Where the bytes of the entry go. */
  readonly entryOut?: string
}

/** Writes a receipt by what the log's own key published: needs no secret. */
export async function runProve(tools: LogTools, terminal: Terminal, options: ProveOptions) {
  const { dir, index, out, entryOut } = options
  refuseClashes({}, { '--out': out, '--entry-out': entryOut })
  const files = tools.files(dir)
  const vkey = await files.read('vkey')
  if (vkey === null) throw new TelltaleError('LOG_MISSING', {})
  const published = await publishedBy(files, parseVkey(vkey.toString().trimEnd()))
  const { entry, receipt } = await provenEntry(files, published, index)
  if (entryOut !== undefined) await writeOut(entryOut, entry)
  if (out === undefined || out === '-') terminal.out(formatReceipt(receipt))
  else await writeOut(out, formatReceipt(receipt))
}
