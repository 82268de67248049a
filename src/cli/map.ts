/** `telltale map`: whether a mapping of the help desk's database leaves anything to chance. */
import { open } from 'node:fs/promises'
import { EXIT, TelltaleError } from '../base/errors.ts'
import { padEnd } from './layout.ts'
import { safeJson } from './output.ts'
import type { Terminal } from './stdio.ts'
import { plural } from './words.ts'

/** Where a mapping and its database are. */
export interface MapOptions {
  /** Address of the database; without one, what the environment of PostgreSQL's own tools says. */
  readonly database?: string
  readonly config?: string
  readonly preset?: string
}

/** What a check found; `src/source/report.ts` says it in full. */
export interface MapFindings {
  readonly product: string
  readonly columns: number
  readonly findings: readonly {
    readonly level: 'undecided' | 'problem' | 'warning' | 'advice'
    readonly where: string
    readonly says: string
    readonly write: string | null
  }[]
}

/** What the command needs; `map-tools.ts` wires it. */
export interface MapTools {
  /** Throws FILE_UNREADABLE, SOURCE_MAP_INVALID, PRESET_UNKNOWN, SOURCE_UNAVAILABLE. */
  check(options: MapOptions): Promise<MapFindings>
  /** Throws PRESET_UNKNOWN, SOURCE_UNAVAILABLE. */
  begin(options: MapOptions): Promise<{ readonly product: string | null; readonly text: string }>
}

/** Where a mapping is, if nothing else is said. */
export const MAP_FILE = 'telltale.yaml'

/** Checks a mapping; returns the exit code. */
export async function runMapCheck(
  tools: MapTools,
  terminal: Terminal,
  { json, ...options }: MapOptions & { readonly json: boolean },
): Promise<number> {
  const report = await tools.check(options)
  terminal.out(json ? safeJson({ format: 'telltale-map/1', ...report }) : describe(report))
  return isComplete(report) ? EXIT.done : EXIT.finding
}

/** Writes a mapping to begin with. Throws FILE_UNWRITABLE, also where there is one. */
export async function runMapInit(
  tools: MapTools,
  terminal: Terminal,
  options: MapOptions,
): Promise<void> {
  const file = options.config ?? MAP_FILE
  const { product, text } = await tools.begin(options)
  try {
    const handle = await open(file, 'wx')
    await handle.writeFile(text).finally(() => handle.close())
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error)
    const reason = code === 'EEXIST' ? 'it is there already, and is not written over' : code
    throw new TelltaleError('FILE_UNWRITABLE', { file, reason }, { cause: error })
  }
  const known =
    product === null ? 'a help desk that Telltale does not know' : `the preset ${product}`
  terminal.out(
    `Wrote ${file} for ${known}. Decide what is undecided there, then run\ntelltale map --check.\n`,
  )
}

function isComplete({ findings }: MapFindings): boolean {
  return !findings.some(({ level }) => level === 'undecided' || level === 'problem')
}

const HEADS = {
  problem: 'Wrong, and to be mended:',
  undecided: 'Undecided. Until a person decides, none of it is shown to anybody:',
  warning: 'Works, but should not be so:',
  advice: 'For speed and clarity:',
} as const

function describe(report: MapFindings): string {
  const { product, columns, findings } = report
  const lines: string[] = []
  for (const level of ['problem', 'undecided', 'warning', 'advice'] as const) {
    const some = findings.filter((finding) => finding.level === level)
    if (some.length === 0) continue
    const width = Math.min(48, Math.max(...some.map(({ where }) => where.length)))
    lines.push(HEADS[level])
    for (const { where, says, write } of some) {
      lines.push(`  ${padEnd(where, width)}  ${says}`)
      if (write !== null) lines.push(`  ${padEnd('', width)}  -> ${write}`)
    }
    lines.push('')
  }
  const open = findings.filter(({ level }) => level === 'undecided' || level === 'problem').length
  lines.push(
    isComplete(report)
      ? `Complete: all ${plural(columns, 'column')} of the mapped tables (${product}) are decided.`
      : `Not complete: ${plural(open, 'thing')} to decide or mend (${product}).`,
  )
  return `${lines.join('\n')}\n`
}
