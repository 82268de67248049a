import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { csvRows } from '../../src/identity/csv-rows.ts'
import { parsePeopleFile } from '../../src/identity/people-file.ts'
import { planSync } from '../../src/identity/people-sync.ts'
import type { PersonRow } from '../../src/identity/ports.ts'

const YAML = `format: telltale-people/1
teams:
  - {id: billing, name: Billing}
people:
  - id: mara
    person: "0077"
    name: Mara Lind
    mail: mara@desk.example
    team: billing
    roles: [agent, lead]
  - {id: lea, name: Léa, suspended: true}
duties:
  - {agent: mara, starts: "2026-01-05T08:00:00+01:00", ends: "2026-01-05T16:00Z"}
`
const MARA = {
  id: 'mara',
  person: '0077',
  name: 'Mara Lind',
  mail: 'mara@desk.example',
  team: 'billing',
  roles: ['agent', 'lead'],
  externalId: null,
  suspended: false,
}
const refused = (problem: RegExp) =>
  expect.objectContaining({
    code: 'PEOPLE_FILE_INVALID',
    message: expect.stringMatching(problem),
  })

describe('a file of people', () => {
  it('is YAML', () => {
    expect(parsePeopleFile(YAML, 'people.yaml')).toEqual({
      teams: [{ id: 'billing', name: 'Billing' }],
      people: [
        MARA,
        {
          ...{ id: 'lea', person: 'lea', name: 'Léa', mail: null, team: null, roles: [] },
          ...{ externalId: null, suspended: true },
        },
      ],
      duties: [
        {
          agent: 'mara',
          startsAtMs: Date.UTC(2026, 0, 5, 7),
          endsAtMs: Date.UTC(2026, 0, 5, 16),
        },
      ],
    })
  })

  it('is CSV, whose teams are those that people are of', () => {
    const csv =
      '\ufeffid,person,name,mail,team,roles,suspended\r\n' +
      'mara,0077,"Lind, ""Mara""",mara@desk.example,billing,agent lead,no\r\n' +
      'lea,,Léa,,,,yes\r\n'
    const { teams, people } = parsePeopleFile(csv, 'people.csv')
    expect(teams).toEqual([{ id: 'billing', name: 'billing' }])
    expect(people[0]).toEqual({ ...MARA, name: 'Lind, "Mara"' })
    expect(people[1]).toMatchObject({ id: 'lea', person: 'lea', roles: [], suspended: true })
  })

  it('is CSV of a roster', () => {
    const csv = 'agent;starts;ends\nmara;2026-01-05T08:00:00Z;2026-01-05T16:00:00Z\n'
    expect(parsePeopleFile(csv, 'roster.csv')).toEqual({
      teams: [],
      people: [],
      duties: [
        { agent: 'mara', startsAtMs: Date.UTC(2026, 0, 5, 8), endsAtMs: Date.UTC(2026, 0, 5, 16) },
      ],
    })
  })

  it.each<[string, string, RegExp]>([
    ['another format', YAML.replace('people/1', 'people/2'), /format is not/],
    ['an unknown key', YAML.replace('mail:', 'email:'), /people\[0\]: email is not known/],
    ['a number for an id', YAML.replace('"0077"', '0077'), /person is no text/],
    ['an unknown role', YAML.replace('lead]', 'boss]'), /roles are some of/],
    ['somebody twice', YAML.replace('id: lea', 'id: mara'), /mara stands twice/],
    ['no name', YAML.replace('    name: Mara Lind\n', ''), /people\[0\] has no name/],
    ['no time', YAML.replace('16:00Z', '16:00'), /ends is no time/],
    ['half a day', YAML.replace('01-05T16', '13-45T16'), /ends is no time/],
    ['a list for a key', 'format: telltale-people/1\npeople: {}\n', /people is no list/],
    ['an alias', `${YAML}x: &a [1]\n`, /x is not known/],
    ['no YAML', '{', /not YAML/],
    ['nothing', '', /has no keys/],
  ])('with %s is refused, and where', (_, text, problem) => {
    expect(() => parsePeopleFile(text, 'people.yaml')).toThrow(refused(problem))
  })

  it.each<[string, RegExp]>([
    ['id,nickname\na,b\n', /"nickname" is not known/],
    ['id,name\na\n', /row 2 has 1 values/],
    ['id,name,suspended\na,b,maybe\n', /suspended is yes or no/],
    ['id,name,roles\na,b,boss\n', /roles are some of/],
    ['agent,starts,ends\na,08:00,16:00\n', /starts is no time/],
  ])('as CSV is refused: %j', (text, problem) => {
    expect(() => parsePeopleFile(text, 'people.csv')).toThrow(refused(problem))
  })

  it('never throws anything but what a person can read', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom('a.yaml', 'a.csv'), (text, file) => {
        try {
          parsePeopleFile(text, file)
        } catch (error) {
          expect(error).toMatchObject({ code: 'PEOPLE_FILE_INVALID' })
        }
      }),
    )
  })

  it('as CSV is read as it was written', () => {
    const cell = fc.string().filter((text) => !text.startsWith('\ufeff'))
    const row = fc.array(cell, { minLength: 2, maxLength: 2 })
    fc.assert(
      fc.property(fc.array(row, { minLength: 1 }), (rows) => {
        const quoted = (value: string) => `"${value.replaceAll('"', '""')}"`
        const text = [['a', 'b'], ...rows].map((one) => one.map(quoted).join(',')).join('\r\n')
        expect(csvRows(text).slice(1)).toEqual(rows)
      }),
    )
  })
})

describe('the plan', () => {
  const row = (id: string, more: Partial<PersonRow> = {}): PersonRow => ({
    ...{ id, person: id, name: id, mail: null, team: null, roles: ['agent'], externalId: null },
    ...{ pseudonym: `A-${id}`, kind: 'person', status: 'active', suspendedBy: null },
    ...{ createdAtMs: 0, changedAtMs: 0 },
    ...more,
  })
  const want = (id: string, more = {}) => ({ ...row(id), suspended: false, ...more })
  const plan = (people: ReturnType<typeof want>[], here: PersonRow[], suspendMissing = false) =>
    planSync({ teams: [], people, duties: [] }, { teams: [], people: here }, suspendMissing).map(
      ({ what, id }) => `${what} ${id}`,
    )

  it('is nothing where everything is as it should be', () => {
    expect(plan([want('a')], [row('a')])).toEqual([])
  })

  it('takes rights away before it gives any', () => {
    const here = [row('a'), row('b'), row('c', { status: 'suspended', suspendedBy: 'service:x' })]
    const people = [
      want('d'),
      want('a', { roles: ['lead'] }),
      want('b', { suspended: true }),
      want('c'),
    ]
    expect(plan(people, here)).toEqual(['suspended b', 'made d', 'changed a', 'resumed c'])
  })

  it('makes somebody before it suspends them', () => {
    expect(plan([want('a', { suspended: true })], [])).toEqual(['made a', 'suspended a'])
  })

  it('leaves who is not in the file, unless told otherwise; a roster says nothing of anybody', () => {
    const here = [row('a'), row('b'), row('z', { kind: 'service' })]
    expect(plan([want('a')], here)).toEqual(['missing b'])
    expect(plan([want('a')], here, true)).toEqual(['suspended b'])
    expect(plan([], here, true)).toEqual([])
  })

  it('does not bring back whom a person suspended', () => {
    const here = [row('a', { status: 'suspended', suspendedBy: 'root' })]
    expect(plan([want('a')], here)).toEqual(['held a'])
  })

  it('refuses what no agent can be, before anything is done', () => {
    expect(() => plan([want('a', { person: 'other' })], [row('a')])).toThrow(
      expect.objectContaining({ code: 'AGENT_INVALID' }),
    )
  })
})
