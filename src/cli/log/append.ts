/** `telltale log append`: disclosures from standard input into a log. */
import { setTimeout as sleep } from 'node:timers/promises'
import { EXIT, TelltaleError } from '../../base/errors.ts'
import { FUTURE_TOLERANCE_S, PUBLISH_WAIT_MS } from '../../base/limits.ts'
import { parseDisclosureLine } from '../../disclosure/entries.ts'
import type { Disclosure } from '../../tlog/sealed.ts'
import { progressOn } from '../load.ts'
import { refuseClashes, safeJson } from '../output.ts'
import type { Progress } from '../progress.ts'
import type { Terminal } from '../stdio.ts'
import type { AccessOptions, Tools } from '../tools.ts'
import { count, plural, visible } from '../words.ts'
import { leftOutLines, openRejects, takeRows } from './append-file.ts'
import { createFlow, type Flow, type Flowed } from './flow.ts'
import { linesOf } from './lines.ts'
import type { LogPlace, OpenLog } from './ports.ts'

export interface AppendOptions extends LogPlace, AccessOptions {
  /** Access logs whose rows are sealed, instead of standard input. */
  readonly accesses?: readonly string[]
  readonly strict: boolean
  /** Where the rows that were left out are written. */
  readonly rejects?: string
  readonly json: boolean
}

/** Appends every line of standard input, or every row of access logs. Throws INPUT_LINE at the first
 * line that is no disclosure: those before it are in the log by then, nothing after it is. */
export async function runAppend(
  tools: Tools,
  terminal: Terminal,
  options: AppendOptions,
): Promise<number> {
  refuseClashes({ '--accesses': options.accesses }, { '--rejects': options.rejects })
  const log = await tools.log.open(options)
  const progress = progressOn(terminal, tools)
  try {
    tellRecovered(log, terminal)
    const flow = createFlow(log.recorder)
    const notes =
      options.accesses === undefined
        ? await takeLines(tools, terminal, flow)
        : await takeFiles(tools, options, flow, progress)
    progress.end()
    return await finish(log, { ...flow.done(), notes }, terminal, options.json)
  } finally {
    progress.end()
    await log.close()
  }
}

async function takeLines(tools: Tools, terminal: Terminal, flow: Flow): Promise<string[]> {
  const latestMs = () => tools.log.wallMs() + FUTURE_TOLERANCE_S * 1000
  await takeAll(disclosuresOf(terminal, latestMs), flow)
  return []
}

/** Gives what is to be said of the files: what was assumed and what was left out. */
async function takeFiles(
  tools: Tools,
  options: AppendOptions,
  flow: Flow,
  progress: Progress,
): Promise<string[]> {
  const { accesses = [], strict, rejects: path } = options
  const rejects = path === undefined ? null : await openRejects(path)
  const notes: string[] = []
  try {
    for (const file of accesses) {
      progress.phase(`Sealing ${file}`)
      const read = await tools.readDisclosures(await tools.openAccessLog(file, options))
      const left = await takeRows(read.rows, flow, { file, strict, rejects }, progress.rows)
      notes.push(...read.assumed.map((one) => `${file}: ${one}.`))
      notes.push(...leftOutLines(left).map((one) => `${file}: ${one}`))
    }
    await rejects?.close()
    return notes
  } catch (error) {
    const { disclosures } = flow.done()
    if (disclosures > 0) progress.note(`${plural(disclosures, 'row')} are in the log by now.`)
    throw error
  }
}

/** A disclosure, and the bytes it takes; or why the input is not read on. */
type Taken = { readonly disclosure: Disclosure; readonly bytes: number } | BadLine

interface BadLine {
  readonly line: number
  readonly problem: string
}

/** Sends disclosures into the log until one is bad. Throws INPUT_LINE then. */
async function takeAll(all: AsyncIterable<readonly Taken[]>, flow: Flow): Promise<void> {
  for await (const some of all) {
    for (const one of some) {
      if (!('disclosure' in one)) {
        await flow.drain()
        throw badLine(one, flow.done())
      }
      const full = flow.add(one.disclosure, one.bytes)
      if (full !== null) await full
    }
  }
  await flow.drain()
}

function badLine({ line, problem }: BadLine, done: Flowed): TelltaleError {
  const before =
    done.first === null || done.last === null
      ? 'Nothing was appended.'
      : `What was before it is in the log: ${plural(done.disclosures, 'disclosure')}, entries ${done.first} to ${done.last}. Nothing after it is.`
  return new TelltaleError('INPUT_LINE', { line, problem, before })
}

async function* disclosuresOf(
  terminal: Terminal,
  latestMs: () => number,
): AsyncGenerator<readonly Taken[]> {
  for await (const { first, lines, problem } of linesOf(terminal.input())) {
    const latest = latestMs()
    const taken: Taken[] = []
    for (const [i, line] of lines.entries()) {
      if (line.trim() !== '') taken.push(takenFrom(line, first + i, latest))
    }
    if (problem !== null) taken.push({ line: first + lines.length, problem })
    yield taken
  }
}

function takenFrom(text: string, line: number, latestMs: number): Taken {
  try {
    return { disclosure: parseDisclosureLine(text, latestMs), bytes: text.length }
  } catch (error) {
    if (!(error instanceof TelltaleError)) throw error
    return { line, problem: String(error.details.problem) }
  }
}

/** Waits for publication and says what came of it. */
async function finish(
  log: OpenLog,
  done: Flowed & { readonly notes: readonly string[] },
  terminal: Terminal,
  json: boolean,
): Promise<number> {
  const size = log.sequencer.size()
  const isPublished = await publishedWithin(log, size)
  const published = log.sequencer.published().size
  const unwitnessed = isPublished ? null : (log.unwitnessed() ?? 'no answer yet')
  if (json) terminal.out(safeJson({ ...done, size, published, unwitnessed }))
  else {
    const lines = [...done.notes.map(visible), ...said(done, size, published)]
    terminal.out(`${[...lines, ...missing(unwitnessed)].join('\n')}\n`)
  }
  return isPublished ? EXIT.done : EXIT.finding
}

/** False where the witnesses that the policy asks for do not cosign in time. */
async function publishedWithin({ sequencer }: OpenLog, size: number): Promise<boolean> {
  const stop = new AbortController()
  const late = sleep(PUBLISH_WAIT_MS, false, { signal: stop.signal }).catch(() => false)
  try {
    return await Promise.race([sequencer.whenPublished(size).then(() => true), late])
  } finally {
    stop.abort()
  }
}

function said({ disclosures, first, last }: Flowed, size: number, published: number): string[] {
  const entries =
    first === null || last === null
      ? 'Nothing to append: the input held no disclosure.'
      : `Appended ${plural(disclosures, 'disclosure')} as ${first === last ? `entry ${count(first)}` : `entries ${count(first)} to ${count(last)}`}.`
  return [
    entries,
    `The log has ${plural(size, 'entry', 'entries')}; its published checkpoint has ${count(published)}.`,
  ]
}

function missing(unwitnessed: string | null): string[] {
  if (unwitnessed === null) return []
  return [
    `The policy's witnesses have not cosigned yet (${unwitnessed}).`,
    'Everything is durable; it is published as soon as they do, at the latest with the next append.',
  ]
}

/** Says what an earlier process left behind. */
function tellRecovered({ sequencer }: OpenLog, terminal: Terminal): void {
  const { entries, tornBytes } = sequencer.recovered
  if (entries > 0) {
    terminal.err(
      `Recovered ${plural(entries, 'entry', 'entries')} that an earlier process had not published.\n`,
    )
  }
  if (tornBytes > 0) {
    terminal.err(
      `Left out the last ${plural(tornBytes, 'byte')} of the journal, which look like a write that was cut off.\n`,
    )
  }
}
