/** `telltale people`: people and rosters from a file, at a desk that serves. */
import { readFile } from 'node:fs/promises'
import { EXIT, TelltaleError } from '../base/errors.ts'
import { PEOPLE_FILE_BYTES_MAX } from '../base/identity-limits.ts'
import { type PeopleFile, parsePeopleFile } from '../identity/people-file.ts'
import type { SyncChange, SyncOptions } from '../identity/people-sync.ts'
import { safeJson } from './output.ts'
import type { Terminal } from './stdio.ts'
import { plural } from './words.ts'

/** The port to the desk. Throws DESK_UNREACHABLE, DESK_REFUSED. */
export type SyncAtDesk = (
  target: { readonly url: string; readonly token: string },
  file: PeopleFile,
  options: SyncOptions,
) => Promise<readonly SyncChange[]>

/** What the command line says. */
export interface SyncTold {
  readonly desk: string
  readonly tokenFile: string
  readonly dryRun: boolean
  readonly suspendMissing: boolean
  readonly json: boolean
}

/** Takes the file over; returns the exit code. */
export async function runSync(
  sync: SyncAtDesk,
  terminal: Terminal,
  file: string,
  { desk: url, tokenFile, dryRun, suspendMissing, json }: SyncTold,
): Promise<number> {
  const token = (await readText(tokenFile)).trim()
  const people = parsePeopleFile(await readText(file), file)
  const changes = await sync({ url, token }, people, { dryRun, suspendMissing })
  terminal.out(json ? safeJson({ format: 'telltale-people/1', dryRun, changes }) : told(changes))
  const isLeft = changes.some(({ what }) => what === 'missing' || what === 'held')
  if (!json) terminal.err(`${summary(changes, dryRun)}\n`)
  return isLeft ? EXIT.finding : EXIT.done
}

const WORDS: Readonly<Record<SyncChange['what'], string>> = {
  team: 'team',
  made: 'made',
  changed: 'changed',
  suspended: 'suspended',
  resumed: 'resumed',
  held: 'stays suspended: a person did it',
  missing: 'left as they are: not in the file',
  roster: 'roster',
}

function told(changes: readonly SyncChange[]): string {
  return changes
    .map(({ what, id, detail }) => {
      const more = detail === null || what === 'missing' ? '' : ` (${detail})`
      return `${id}: ${WORDS[what]}${more}\n`
    })
    .join('')
}

function summary(changes: readonly SyncChange[], dryRun: boolean): string {
  const count = changes.filter(({ what }) => what !== 'missing' && what !== 'held').length
  if (count === 0) return 'Nothing to change.'
  return dryRun
    ? `${plural(count, 'change')} to make; none was made.`
    : `${plural(count, 'change')} made.`
}

async function readText(file: string): Promise<string> {
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw new TelltaleError('FILE_UNREADABLE', { file, reason: error.code ?? 'it cannot be read' })
  })
  if (bytes.length > PEOPLE_FILE_BYTES_MAX)
    throw new TelltaleError('PEOPLE_FILE_INVALID', { file, problem: 'it is longer than it can be' })
  return bytes.toString('utf8')
}
