/** `telltale budgets`: what the agents of a team may be shown, derived from what they were. */
import { EXIT, TelltaleError } from '../base/errors.ts'
import type { Recorder } from '../disclosure/recorder.ts'
import type { AccessSource } from '../disclosure/source.ts'
import {
  type Applied,
  applyBudgets,
  type DerivedTeams,
  deriveTeams,
  type Peaks,
  type Peer,
  type TeamBudget,
  type TeamBudgetStore,
} from '../disclosure/team-budgets.ts'
import type { CountedPeaks } from './budgets-ports.ts'
import { appliedText, derivedText, shownText } from './budgets-words.ts'
import { progressOn } from './load.ts'
import { keysBeside, placeOf } from './log/options.ts'
import { safeJson } from './output.ts'
import type { Terminal } from './stdio.ts'
import type { AccessOptions, LogOptions, Tools } from './tools.ts'
import { plural } from './words.ts'

export interface DeriveOptions extends AccessOptions, LogOptions {
  readonly accesses?: readonly string[]
  readonly log?: string
  readonly config?: string
  readonly staff?: string
  readonly database?: string
  readonly apply: boolean
  readonly by?: string
  readonly record?: string
  readonly json: boolean
}

type Store = TeamBudgetStore & { close(): Promise<void> }

/** Derives the budgets, and sets them where that is asked; returns the exit code. */
export async function runDerive(
  tools: Tools,
  terminal: Terminal,
  options: DeriveOptions,
): Promise<number> {
  checkOptions(options)
  const { database, staff, json } = options
  const store = database === undefined ? null : await tools.budgets.openStore(database)
  try {
    const { peers, notes } = await peersOf(tools, staff, store)
    const counted = await count(tools, terminal, options)
    const { peaks } = counted
    const derived = deriveTeams(peaks, peers, (await store?.budgets()) ?? null)
    const applied =
      options.apply && store !== null
        ? await apply(tools, options, store, peaks, derived.teams)
        : null
    terminal.out(
      json
        ? safeJson(documentOf(peaks, derived, applied, options))
        : `${[...notes, ...readingNotes(counted)].map((note) => `${note}\n`).join('')}${derivedText(peaks, derived)}${appliedText(applied, options.record)}`,
    )
    return applied !== null && applied.unknown.length > 0 ? EXIT.finding : EXIT.done
  } finally {
    await store?.close()
  }
}

/** Shows the budgets of a desk. */
export async function runShow(
  tools: Tools,
  terminal: Terminal,
  { database, json }: { readonly database: string; readonly json: boolean },
): Promise<void> {
  const store = await tools.budgets.openStore(database)
  try {
    const [budgets, teams] = [await store.budgets(), await store.teams()]
    terminal.out(
      json ? safeJson({ format: 'telltale-budgets/1', teams, budgets }) : shownText(budgets, teams),
    )
  } finally {
    await store.close()
  }
}

/** Throws USAGE, before anything is opened. */
function checkOptions(options: DeriveOptions): void {
  const { accesses, log, staff, database, apply: isApplied, by, record } = options
  const usage = (problem: string) => new TelltaleError('USAGE', { problem })
  if ((accesses === undefined) === (log === undefined)) throw usage('Give --accesses or --log.')
  const ofLog = [options.keys, options.keyService, options.key, options.policy]
  const isRecorded = record !== undefined
  if (log === undefined && ofLog.slice(2).some((one) => one !== undefined))
    throw usage('--key and --policy are for a --log.')
  if (log === undefined && !isRecorded && ofLog.some((one) => one !== undefined))
    throw usage('--keys and --key-service are for a --log or --record.')
  if ((staff ?? database) === undefined)
    throw usage('Give --staff or --database: who is in which team.')
  if (isApplied && database === undefined) throw usage('--apply needs the --database.')
  if (!isApplied && (by !== undefined || isRecorded))
    throw usage('--by and --record are for --apply.')
}

async function peersOf(
  tools: Tools,
  file: string | undefined,
  store: Store | null,
): Promise<{ peers: readonly Peer[]; notes: readonly string[] }> {
  if (file === undefined) return { peers: (await store?.people()) ?? [], notes: [] }
  const { staff, unusable, assumed } = await tools.readStaff(file)
  const peers = staff.map(({ agent, team, kind }) => ({
    agent,
    team,
    kind: kind === 'service' ? ('service' as const) : ('person' as const),
  }))
  const left = unusable.map(({ line, reason }) => `${file}, line ${line}: ${reason}.`)
  return { peers, notes: [...assumed.map((one) => `${file}: ${one}.`), ...left] }
}

async function count(
  tools: Tools,
  terminal: Terminal,
  options: DeriveOptions,
): Promise<CountedPeaks> {
  const { accesses: files = [], log: dir, config } = options
  const progress = progressOn(terminal, tools)
  progress.phase(`Reading ${dir ?? files.join(', ')}`)
  try {
    const accesses: AccessSource[] = []
    for (const file of files) accesses.push(await tools.openAccessLog(file, options))
    const log = dir === undefined ? null : await tools.openLog(dir, options)
    const sources = { accesses, log, ...(config !== undefined && { config }) }
    return await tools.budgets.peaks(sources, progress.rows)
  } finally {
    progress.end()
  }
}

function readingNotes({ imports }: CountedPeaks): string[] {
  return imports.flatMap(({ file, assumed, rejects }) => [
    ...assumed.map((one) => `${file}: ${one}.`),
    ...rejects.map(
      ({ reason, count: rows }) => `${file}: ${plural(rows, 'row')} not used (${reason}).`,
    ),
  ])
}

async function apply(
  tools: Tools,
  options: DeriveOptions,
  store: Store,
  peaks: Peaks,
  teams: readonly TeamBudget[],
): Promise<Applied> {
  const { by = tools.budgets.account(), record } = options
  const set = (decide: Recorder['decide'] | null) =>
    applyBudgets({ by, store, decide, nowMs: tools.budgets.wallMs() }, peaks, teams)
  if (record === undefined) return set(null)
  // The keys that are given are those of the log that is read; another one's are beside it.
  const isOther = options.log !== undefined && options.log !== record
  const place = placeOf(record, isOther ? { ...options, keys: keysBeside(record) } : options)
  const log = await tools.log.open(place)
  try {
    return await set(log.recorder.decide)
  } finally {
    await log.close()
  }
}

function documentOf(
  { fromMs, untilMs }: Peaks,
  { teams, teamless, services }: DerivedTeams,
  applied: Applied | null,
  { record }: DeriveOptions,
) {
  const iso = (ms: number) => new Date(ms).toISOString()
  return {
    format: 'telltale-derived-budgets/1',
    from: iso(fromMs),
    until: iso(untilMs),
    teams,
    teamless,
    services,
    ...(applied !== null && { applied: { ...applied, recorded: record ?? null } }),
  }
}
