/** Files of people, for who has no directory: `people.yaml`, or CSV. docs/identity.md has the formats. */
import { parse } from 'yaml'
import { TelltaleError } from '../base/errors.ts'
import { PEOPLE_FILE_ROWS_MAX } from '../base/identity-limits.ts'
import type { Role } from '../guard/facts.ts'
import { csvRows } from './csv-rows.ts'
import { ROLES, textProblem } from './people-rules.ts'
import type { Duty, PersonSpec, Team } from './ports.ts'

/** The first line of every YAML file; a later version of the format has another number. */
const FORMAT = 'telltale-people/1'

/** A person as a file wants them. */
export interface WantedPerson extends PersonSpec {
  readonly suspended: boolean
}

/** What a file says. */
export interface PeopleFile {
  readonly teams: readonly Team[]
  readonly people: readonly WantedPerson[]
  readonly duties: readonly Duty[]
}

type Row = Readonly<Record<string, unknown>>

/** Reads the text of a file. Throws PEOPLE_FILE_INVALID, with where it is wrong. */
export function parsePeopleFile(text: string, file: string): PeopleFile {
  const refuse = (problem: string) => new TelltaleError('PEOPLE_FILE_INVALID', { file, problem })
  const found = /\.ya?ml$/i.test(file) ? fromYaml(text, refuse) : fromCsv(text, refuse)
  const rows = found.people.length + found.teams.length + found.duties.length
  if (rows > PEOPLE_FILE_ROWS_MAX) throw refuse(`it has more than ${PEOPLE_FILE_ROWS_MAX} entries`)
  return checked(found, refuse)
}

type Refuse = (problem: string) => TelltaleError

function fromYaml(text: string, refuse: Refuse): PeopleFile {
  let document: unknown
  try {
    document = parse(text, { maxAliasCount: 0, uniqueKeys: true, schema: 'core' })
  } catch {
    throw refuse('it is not YAML')
  }
  const map = asMap(document, 'the file', ['format', 'teams', 'people', 'duties'], refuse)
  if (map.format !== FORMAT) throw refuse(`its format is not ${FORMAT}`)
  const list = (key: string, keys: readonly string[]) => {
    const value = map[key] ?? []
    if (!Array.isArray(value)) throw refuse(`${key} is no list`)
    return value.map(
      (row, i) => [asMap(row, `${key}[${i}]`, keys, refuse), `${key}[${i}]`] as const,
    )
  }
  return {
    teams: list('teams', ['id', 'name']).map(([row, at]) => teamOf(row, at, refuse)),
    people: list('people', PERSON_KEYS).map(([row, at]) => personOf(row, at, refuse)),
    duties: list('duties', DUTY_KEYS).map(([row, at]) => dutyOf(row, at, refuse)),
  }
}

const PERSON_KEYS = ['id', 'person', 'name', 'mail', 'team', 'roles', 'external-id', 'suspended']
const DUTY_KEYS = ['agent', 'starts', 'ends']

/** People or duties, as the header says. Teams are those that people are of. */
function fromCsv(text: string, refuse: Refuse): PeopleFile {
  const [header, ...rows] = csvRows(text)
  const names = (header ?? []).map((name) => name.trim().toLowerCase().replaceAll('_', '-'))
  const isRoster = names.includes('starts')
  const keys = isRoster ? DUTY_KEYS : PERSON_KEYS
  const unknown = names.find((name) => !keys.includes(name))
  if (unknown !== undefined) throw refuse(`its column "${unknown}" is not known`)
  const maps = rows.map((row, i) => {
    const at = `row ${i + 2}`
    if (row.length !== names.length) throw refuse(`${at} has ${row.length} values`)
    const entries = row.map((value, k) => [names[k], value.trim() === '' ? null : value.trim()])
    const map: Row = Object.fromEntries(entries)
    return [map, at] as const
  })
  if (isRoster) {
    return { teams: [], people: [], duties: maps.map(([row, at]) => dutyOf(row, at, refuse)) }
  }
  const people = maps.map(([row, at]) => {
    const roles = typeof row.roles === 'string' ? row.roles.split(/[\s;|]+/) : []
    return personOf({ ...row, roles, suspended: flagOf(row, at, refuse) }, at, refuse)
  })
  const teams = [...new Set(people.flatMap(({ team }) => (team === null ? [] : [team])))]
  return { teams: teams.map((id) => ({ id, name: id })), people, duties: [] }
}

function flagOf({ suspended }: Row, at: string, refuse: Refuse): boolean {
  const text = String(suspended ?? 'no').toLowerCase()
  if (['yes', 'true', '1'].includes(text)) return true
  if (['no', 'false', '0'].includes(text)) return false
  throw refuse(`${at}: suspended is yes or no`)
}

function asMap(value: unknown, at: string, keys: readonly string[], refuse: Refuse): Row {
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    throw refuse(`${at} has no keys`)
  const unknown = Object.keys(value).find((key) => !keys.includes(key))
  if (unknown !== undefined) throw refuse(`${at}: ${unknown} is not known`)
  return value as Row
}

function textIn(row: Row, key: string, at: string, refuse: Refuse): string {
  const text = optionalIn(row, key, at, refuse)
  if (text === null) throw refuse(`${at} has no ${key}`)
  return text
}

function optionalIn(row: Row, key: string, at: string, refuse: Refuse): string | null {
  const value = row[key] ?? null
  if (value === null) return null
  // An id of digits is a number to YAML, and one with a leading zero another number.
  if (typeof value !== 'string') throw refuse(`${at}: ${key} is no text; put it between quotes`)
  const problem = textProblem(value)
  if (problem !== null) throw refuse(`${at}: ${key} ${problem}`)
  return value
}

function teamOf(row: Row, at: string, refuse: Refuse): Team {
  const id = textIn(row, 'id', at, refuse)
  return { id, name: optionalIn(row, 'name', at, refuse) ?? id }
}

function personOf(row: Row, at: string, refuse: Refuse): WantedPerson {
  const id = textIn(row, 'id', at, refuse)
  const { roles = [], suspended = false } = row
  if (!Array.isArray(roles) || !roles.every((role) => ROLES.includes(role)))
    throw refuse(`${at}: roles are some of ${ROLES.join(', ')}`)
  if (typeof suspended !== 'boolean') throw refuse(`${at}: suspended is true or false`)
  return {
    id,
    person: optionalIn(row, 'person', at, refuse) ?? id,
    name: textIn(row, 'name', at, refuse),
    mail: optionalIn(row, 'mail', at, refuse),
    team: optionalIn(row, 'team', at, refuse),
    roles: [...new Set(roles as Role[])],
    externalId: optionalIn(row, 'external-id', at, refuse),
    suspended,
  }
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)$/

function dutyOf(row: Row, at: string, refuse: Refuse): Duty {
  const time = (key: string) => {
    const text = textIn(row, key, at, refuse)
    const atMs = TIME.test(text) ? Date.parse(text) : Number.NaN
    if (Number.isNaN(atMs)) throw refuse(`${at}: ${key} is no time such as 2026-01-05T08:00:00Z`)
    return atMs
  }
  return {
    agent: textIn(row, 'agent', at, refuse),
    startsAtMs: time('starts'),
    endsAtMs: time('ends'),
  }
}

function checked(found: PeopleFile, refuse: Refuse): PeopleFile {
  for (const [what, rows] of [
    ['person', found.people],
    ['team', found.teams],
  ] as const) {
    const seen = new Set<string>()
    for (const { id } of rows) {
      if (seen.has(id)) throw refuse(`the ${what} ${id} stands twice`)
      seen.add(id)
    }
  }
  return found
}
