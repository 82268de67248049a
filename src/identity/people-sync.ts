/** Bringing the desk's people to what a file says. */
import { PEOPLE_PAGE } from '../base/identity-limits.ts'
import type { PeopleFile } from './people-file.ts'
import { changeOf, checkPerson } from './people-rules.ts'
import type { People, PersonRow, Rosters, Team } from './ports.ts'

/** What a file changes. `held`: suspended by a person, whom no file brings back. `missing`: here and not
 * in the file, which says nothing about them. */
export interface SyncChange {
  readonly what:
    | 'team'
    | 'made'
    | 'changed'
    | 'suspended'
    | 'resumed'
    | 'held'
    | 'missing'
    | 'roster'
  readonly id: string
  /** Without values of theirs. */
  readonly detail: string | null
}

/** How a file is taken over. */
export interface SyncOptions {
  readonly dryRun: boolean
  /** Whoever is here and not in the file is suspended. */
  readonly suspendMissing: boolean
}

/** What is here. */
export interface Present {
  readonly teams: readonly Team[]
  readonly people: readonly PersonRow[]
}

/** The steps from what is here to what the file says, in their order: nobody gets a right before others
 * lose theirs. Throws AGENT_INVALID. */
export function planSync(file: PeopleFile, here: Present, suspendMissing: boolean): SyncChange[] {
  const before = new Map(here.people.map((row) => [row.id, row]))
  const wanted = new Set(file.people.map(({ id }) => id))
  const teams = new Map(here.teams.map(({ id, name }) => [id, name]))
  const losing: SyncChange[] = []
  const gaining: SyncChange[] = []
  for (const person of file.people) {
    const row = before.get(person.id) ?? null
    checkPerson(person, row)
    const detail = changeOf(person, row)
    const { id } = person
    if (detail !== null) gaining.push({ what: row === null ? 'made' : 'changed', id, detail })
    const isActive = row === null || row.status === 'active'
    if (person.suspended && isActive) losing.push({ what: 'suspended', id, detail: null })
    if (!person.suspended && !isActive) {
      const isHeld = row.suspendedBy !== null && !row.suspendedBy.startsWith('service:')
      gaining.push({ what: isHeld ? 'held' : 'resumed', id, detail: null })
    }
  }
  for (const { id, kind, status } of here.people) {
    if (wanted.has(id) || kind !== 'person' || status !== 'active' || wanted.size === 0) continue
    losing.push({ what: suspendMissing ? 'suspended' : 'missing', id, detail: 'not in the file' })
  }
  const made = new Set(gaining.filter(({ what }) => what === 'made').map(({ id }) => id))
  return [
    ...losing.filter(({ id }) => !made.has(id)),
    ...file.teams
      .filter(({ id, name }) => teams.get(id) !== name)
      .map(({ id, name }) => ({ what: 'team' as const, id, detail: name })),
    ...gaining,
    // Somebody has to be made before they can be suspended.
    ...losing.filter(({ id }) => made.has(id)),
    ...[...countsOf(file.duties)].map(([id, count]) => ({
      what: 'roster' as const,
      id,
      detail: `${count} spans`,
    })),
  ]
}

function countsOf(duties: PeopleFile['duties']): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { agent } of duties) counts.set(agent, (counts.get(agent) ?? 0) + 1)
  return counts
}

/** Takes a file over, or only says what that would change. */
export type SyncPeople = (
  file: PeopleFile,
  options: SyncOptions,
  by: string,
) => Promise<readonly SyncChange[]>

/** Each step is one of `People`, and in the log by itself: what is interrupted goes on when it is done
 * again. */
export function createSync(people: People, rosters: Rosters): SyncPeople {
  return async (file, { dryRun, suspendMissing }, by) => {
    const here = { teams: await people.teams(), people: await everybody(people) }
    const plan = planSync(file, here, suspendMissing)
    if (dryRun) return plan
    const wanted = new Map(file.people.map((person) => [person.id, person]))
    for (const { what, id, detail } of plan) {
      if (what === 'suspended') await people.suspend(id, by, 'the file of people says so')
      else if (what === 'team') await people.putTeam({ id, name: detail ?? id }, by)
      else if (what === 'resumed') await people.resume(id, by)
      else if (what === 'made' || what === 'changed') {
        const { suspended, ...spec } = wanted.get(id)!
        await people.put(spec, by)
      }
    }
    await rosters.put(file.duties, by)
    return plan
  }
}

async function everybody(people: People): Promise<PersonRow[]> {
  const all: PersonRow[] = []
  for (let after: string | null = null; ; after = all.at(-1)!.id) {
    const page = await people.list(after, PEOPLE_PAGE)
    all.push(...page)
    if (page.length < PEOPLE_PAGE) return all
  }
}
