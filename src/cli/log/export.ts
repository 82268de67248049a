/** `telltale log export`: what is sealed in a log, as lines: disclosures as `append` reads them,
 * decisions in a shape of their own. */
import { TelltaleError } from '../../base/errors.ts'
import { decisionLine, disclosureLine } from '../../disclosure/entries.ts'
import { BEGINNING, type Followed, follow } from '../../sequencer/follow.ts'
import { type Sealers, sealersOf } from '../../sequencer/keyring.ts'
import { edgeAt, type LogSource, type TreeHead } from '../../sequencer/source.ts'
import { rootOf } from '../../tlog/edge.ts'
import { type Opened, type OpenedDisclosure, parseEntry } from '../../tlog/entry.ts'
import { parseVkey } from '../../tlog/vkey.ts'
import { openOutput } from '../output.ts'
import type { Terminal } from '../stdio.ts'
import { count, plural } from '../words.ts'
import { publishedBy } from './entry.ts'
import type { LogPlace, LogTools } from './ports.ts'

/** What can be exported. */
export const EXPORT_KINDS = ['disclosures', 'decisions', 'all'] as const
type ExportKind = (typeof EXPORT_KINDS)[number]

export interface ExportOptions extends LogPlace {
  readonly kind: ExportKind
  /** First entry, and the first not to export any more. */
  readonly from?: number
  readonly to?: number
  readonly out?: string
}

/** Exports what can be opened, in the order of the log; entries of destroyed epochs are counted. */
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
  const tally = emptyTally()
  try {
    const joiner = createJoiner(tally)
    for await (const part of follow(files, head, await cursorAt(files, from, head))) {
      const opened = await openedOf(part, { to, kind: options.kind }, sealersOf(keys.ring), tally)
      await output.write(textOf(opened.flatMap(joiner.take)))
      if (part.first + part.entries.length >= to) break
    }
    await output.write(textOf(joiner.rest()))
    await output.close()
  } catch (error) {
    await output.abandon()
    throw error
  }
  terminal.err(`${told(tally, options.kind, Math.max(0, to - from))}\n`)
}

function textOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('')
}

type Tally = ReturnType<typeof emptyTally>

function emptyTally() {
  return {
    disclosures: 0,
    decisions: 0,
    /** Decisions that were not asked for. */
    undemanded: 0,
    destroyed: 0,
    destructions: 0,
  }
}

function told(tally: Tally, kind: ExportKind, entries: number): string {
  const { undemanded, destroyed, destructions } = tally
  const disclosures = plural(tally.disclosures, 'disclosure')
  const decisions = plural(tally.decisions, 'decision')
  const what = { disclosures, decisions, all: `${disclosures} and ${decisions}` }[kind]
  const parts = [`Exported ${what} of ${plural(entries, 'entry', 'entries')}.`]
  if (destroyed > 0) {
    parts.push(
      `${count(destroyed)} could not be opened, because the keys of their epochs were destroyed.`,
    )
  }
  if (destructions > 0)
    parts.push(`${plural(destructions, 'entry', 'entries')} record a destruction.`)
  if (undemanded > 0) {
    parts.push(`${plural(undemanded, 'decision')} left out: --kind all has them, too.`)
  }
  return parts.join(' ')
}

/** Where to follow from: what the tiles say there, which is proven with the first entries. */
async function cursorAt(files: LogSource, from: number, { size }: TreeHead): Promise<TreeHead> {
  return from === 0 ? BEGINNING : { size: from, root: rootOf(await edgeAt(files, from, size)) }
}

/** The entries that were asked for, opened. */
async function openedOf(
  { first, entries }: Followed,
  { to, kind }: { readonly to: number; readonly kind: ExportKind },
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
    if (kind !== 'all' && kind !== `${header.kind}s`) {
      if (header.kind === 'decision') tally.undemanded++
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

/** Makes lines of opened entries, and counts them. The parts of a disclosure that are neighbours are
 * joined; what is cut off is given as it is. */
function createJoiner(tally: Tally) {
  let parts: OpenedDisclosure[] = []

  function joined(): string[] {
    const [first] = parts
    const customers = parts.flatMap(({ disclosure }) => disclosure.customers)
    parts = []
    if (first === undefined) return []
    tally.disclosures++
    return [disclosureLine({ ...first.disclosure, customers })]
  }

  function take(one: Opened): string[] {
    if (one.decision !== null) {
      tally.decisions++
      return [...joined(), decisionLine(one.decision)]
    }
    const { part, parts: of } = one.header
    const before = belongs(parts.at(-1), one) ? [] : joined()
    parts.push(one)
    return part === of ? [...before, ...joined()] : before
  }

  return { take, rest: joined }
}

/** Whether an entry is the next part of the same disclosure: all but its customers is the same. */
function belongs(last: OpenedDisclosure | undefined, next: OpenedDisclosure): boolean {
  if (last === undefined) return false
  const { part, parts, epoch } = next.header
  if (part !== last.header.part + 1 || parts !== last.header.parts) return false
  const rest = ({ disclosure }: OpenedDisclosure) =>
    disclosureLine({ ...disclosure, customers: ['-'] })
  return epoch === last.header.epoch && rest(last) === rest(next)
}
