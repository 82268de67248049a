/** `telltale log export`: opened disclosures as the lines that `append` reads. */
import { TelltaleError } from '../../base/errors.ts'
import { disclosureLine } from '../../disclosure/entries.ts'
import { BEGINNING, type Followed, follow } from '../../sequencer/follow.ts'
import { type Sealers, sealersOf } from '../../sequencer/keyring.ts'
import { edgeAt, type LogSource, type TreeHead } from '../../sequencer/source.ts'
import { rootOf } from '../../tlog/edge.ts'
import { type Opened, parseEntry } from '../../tlog/entry.ts'
import type { Disclosure } from '../../tlog/sealed.ts'
import { parseVkey } from '../../tlog/vkey.ts'
import { openOutput } from '../output.ts'
import type { Terminal } from '../stdio.ts'
import { count, plural } from '../words.ts'
import { publishedBy } from './entry.ts'
import type { LogPlace, LogTools } from './ports.ts'

export interface ExportOptions extends LogPlace {
  /** First entry, and the first not to export any more. */
  readonly from?: number
  readonly to?: number
  readonly out?: string
}

/** Exports what can be opened; entries of destroyed epochs are counted. */
export async function runExport(
  tools: LogTools,
  terminal: Terminal,
  options: ExportOptions,
): Promise<void> {
  const keys = await tools.keys(options)
  const files = tools.files(options.dir)
  const { checkpoint: head } = await publishedBy(files, parseVkey(keys.signer.vkey))
  const from = Math.min(options.from ?? 0, head.size)
  const to = Math.min(options.to ?? head.size, head.size)
  const output = openOutput(options.out, terminal)
  const tally = { disclosures: 0, destroyed: 0, destructions: 0 }
  try {
    const joiner = createJoiner()
    for await (const part of follow(files, head, await cursorAt(files, from, head))) {
      const lines: string[] = []
      for (const one of await openedOf(part, to, sealersOf(keys.ring), tally)) {
        for (const disclosure of joiner.take(one)) lines.push(`${disclosureLine(disclosure)}\n`)
      }
      tally.disclosures += lines.length
      await output.write(lines.join(''))
      if (part.first + part.entries.length >= to) break
    }
    const rest = joiner.rest().map((disclosure) => `${disclosureLine(disclosure)}\n`)
    tally.disclosures += rest.length
    await output.write(rest.join(''))
    await output.close()
  } catch (error) {
    await output.abandon()
    throw error
  }
  terminal.err(`${told(tally, Math.max(0, to - from))}\n`)
}

type Tally = { disclosures: number; destroyed: number; destructions: number }

function told({ disclosures, destroyed, destructions }: Tally, entries: number): string {
  const parts = [
    `Exported ${plural(disclosures, 'disclosure')} of ${plural(entries, 'entry', 'entries')}.`,
  ]
  if (destroyed > 0) {
    parts.push(
      `${count(destroyed)} could not be opened, because the keys of their epochs were destroyed.`,
    )
  }
  if (destructions > 0)
    parts.push(`${plural(destructions, 'entry', 'entries')} record a destruction.`)
  return parts.join(' ')
}

/** Where to follow from: what the tiles say there, which is proven with the first entries. */
async function cursorAt(files: LogSource, from: number, { size }: TreeHead): Promise<TreeHead> {
  return from === 0 ? BEGINNING : { size: from, root: rootOf(await edgeAt(files, from, size)) }
}

async function openedOf(
  { first, entries }: Followed,
  to: number,
  sealers: Sealers,
  tally: Tally,
): Promise<Opened[]> {
  const opened: Opened[] = []
  for (const entry of entries.slice(0, Math.max(0, to - first))) {
    const { header } = parseEntry(entry)
    if (header.kind === 'destruction') {
      tally.destructions++
      continue
    }
    try {
      opened.push((await sealers.of(header.epoch)).open(entry))
    } catch (error) {
      if (!(error instanceof TelltaleError && error.code === 'EPOCH_DESTROYED')) throw error
      tally.destroyed++
    }
  }
  return opened
}

/** Joins the parts of a disclosure that are neighbours. What is cut off is given as it is. */
function createJoiner() {
  let parts: Opened[] = []
  const joined = (): Disclosure[] => {
    const [first] = parts
    const customers = parts.flatMap(({ disclosure }) => disclosure.customers)
    parts = []
    return first === undefined ? [] : [{ ...first.disclosure, customers }]
  }
  return {
    take: (one: Opened): Disclosure[] => {
      const { part, parts: of } = one.header
      const before = belongs(parts.at(-1), one) ? [] : joined()
      parts.push(one)
      return part === of ? [...before, ...joined()] : before
    },
    rest: joined,
  }
}

/** Whether an entry is the next part of the same disclosure: all but its customers is the same. */
function belongs(last: Opened | undefined, next: Opened): boolean {
  if (last === undefined) return false
  const { part, parts, epoch } = next.header
  if (part !== last.header.part + 1 || parts !== last.header.parts) return false
  const rest = ({ disclosure }: Opened) => disclosureLine({ ...disclosure, customers: ['-'] })
  return epoch === last.header.epoch && rest(last) === rest(next)
}
