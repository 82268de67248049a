import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseSourceMap, presetMap, readSourceMap } from '../../src/source/mapping.ts'

const OWN = `
format: telltale-source/1
region: DE
agents: { by: mail, lookup: { table: crm.staff, key: id, value: mail } }
customers:
  table: crm.clients
  key: id
  only: { tenant: 7 }
  fields:
    name: { column: full_name, class: identity, mask: name }
    mail: { column: mail, class: contact, mask: mail, search: mail, stored: lower }
    tier: { column: extra, path: [plan, tier], class: reference, mask: reference }
  not-personal: [created]
  never: [extra]
tickets:
  table: crm.cases
  number: no
  customer: client
  opened-at: { column: opened, unit: s }
  state: { column: state, open: [new, open] }
  assignee: { column: owner, none: [0] }
  origin: { kind: { column: via, values: { customer: [mail, web], agent: [desk] } }, agent: made_by }
  assignment: { kind: { column: how, values: { router: [auto], agent: [hand] } }, agent: given_by }
messages:
  table: letters
  key: id
  ticket: case_id
  ticket-key: id
  at: { column: at, unit: ms }
  direction: { column: kind, values: { in: [1], out: [2] } }
  body: text
members: { table: crm.serves, agent: staff, queue: queue }
elsewhere: { crm.calls: never, plain: not-personal }
author-columns: [edited_by]
`

function problemsOf(text: string): string[] {
  try {
    parseSourceMap(text, 'telltale.yaml')
  } catch (error) {
    expect(error).toMatchObject({ code: 'SOURCE_MAP_INVALID' })
    return String((error as { details: { problems: string } }).details.problems).split('; ')
  }
  return []
}

describe('a mapping', () => {
  it('says all that is read', () => {
    const mapping = parseSourceMap(OWN, 'telltale.yaml')
    expect(mapping).toMatchObject({
      region: 'DE',
      agents: {
        by: 'mail',
        lookup: { table: { schema: 'crm', name: 'staff' }, key: 'id', value: 'mail' },
      },
      elsewhere: { 'crm.calls': 'never', 'public.plain': 'not-personal' },
      authorColumns: ['edited_by'],
      messages: { table: { schema: 'public', name: 'letters' }, author: null, html: null },
    })
    expect(mapping.customers).toMatchObject({
      only: { tenant: 7 },
      fields: {
        mail: { search: 'mail', stored: 'lower' },
        tier: { value: { column: 'extra', path: ['plan', 'tier'] }, search: null },
      },
      never: ['extra'],
    })
    expect(mapping.tickets).toMatchObject({
      openedAt: { column: 'opened', unit: 's' },
      assignee: { column: 'owner', none: [0] },
      origin: { kind: { values: { customer: ['mail', 'web'], agent: ['desk'] } } },
      joins: '',
    })
  })

  it('tells every problem at once', () => {
    const text = OWN.replace('region: DE', 'region: Germany\nregoin: DE')
      .replace('class: identity, mask: name', 'class: secret, mask: name, sql: "1"')
      .replace('never: [extra]', 'never: [extra, created, full_name]')
      .replace('open: [new, open]', 'open: []')
      .replace('  customer: client\n', '')
      .replace(
        'values: { router: [auto], agent: [hand] }',
        'values: { router: [auto], agent: [auto] }',
      )
    expect(problemsOf(text)).toEqual([
      'regoin is not known (did you mean "region"?)',
      'customers.fields.name.sql is not known',
      'customers.fields.name.class is none of identity, contact, reference, sensitive, text',
      'customers decides twice about the column created',
      'tickets.customer is missing',
      'tickets.state.open holds no value that means open',
      'tickets.assignment.kind.values gives one value two meanings',
      'region is no country code of two letters, such as JP',
    ])
  })

  it.each([
    ['', ['the file holds no keys', 'format is not telltale-source/1']],
    ['format: telltale-source/2\npreset: zammad', ['format is not telltale-source/1']],
    ['format: telltale-source/1\npreset: zamad', ['preset is not known (did you mean zammad?)']],
    ['format: telltale-source/1\npreset: [zammad]', ['preset is no text']],
    ['a: *x', ['it is not YAML']],
    ['format: telltale-source/1\nformat: telltale-source/1\npreset: zammad', ['it is not YAML']],
  ])('refuses %j', (text, problems) => {
    for (const problem of problems)
      expect(problemsOf(text)).toEqual(expect.arrayContaining([expect.stringContaining(problem)]))
  })

  it('takes no SQL, under any key', () => {
    for (const line of [
      'tickets: { joins: "left join x" }',
      'tickets: { priority: { sql: "1", reads: [] } }',
      'tickets: { state: { sql: "true", reads: [] } }',
      'members: { sql: "select 1", reads: [] }',
    ])
      expect(problemsOf(`format: telltale-source/1\npreset: zammad\n${line}`)).not.toEqual([])
  })

  it('changes a preset where it says so, and nowhere else', () => {
    const preset = presetMap('zammad')
    const text = `
format: telltale-source/1
preset: zammad
region: DE
customers:
  fields:
    fax: null
    city: { column: city, class: contact, mask: text }
    login: { column: login, class: identity, mask: text }
  never: [vip]
tickets: { topic: title, channel: null, assignment: unknown }
elsewhere: { public.crm: never }
`
    const mapping = parseSourceMap(text, 'telltale.yaml')
    const { fields, never, notPersonal } = mapping.customers
    expect(Object.keys(fields)).not.toContain('fax')
    expect(fields.city).toMatchObject({ value: { column: 'city' } })
    expect(fields.mail).toEqual(preset.customers.fields.mail)
    expect(notPersonal).not.toContain('vip')
    expect(never).toEqual([...preset.customers.never.filter((name) => name !== 'login'), 'vip'])
    expect(mapping.tickets).toEqual({
      ...preset.tickets,
      topic: { column: 'title' },
      channel: null,
      assignment: null,
      never: preset.tickets.never,
    })
    expect(mapping.elsewhere).toEqual({ ...preset.elsewhere, 'public.crm': 'never' })
    expect(mapping.messages).toEqual(preset.messages)
  })

  it('is read from a file, of bounded length', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'telltale-map-'))
    try {
      const file = join(dir, 'telltale.yaml')
      await expect(readSourceMap(file)).rejects.toMatchObject({ code: 'FILE_UNREADABLE' })
      writeFileSync(file, OWN)
      expect((await readSourceMap(file)).customers.key).toBe('id')
      writeFileSync(file, `${OWN}#${'x'.repeat(1 << 20)}`)
      await expect(readSourceMap(file)).rejects.toMatchObject({ code: 'SOURCE_MAP_INVALID' })
    } finally {
      rmSync(dir, { recursive: true })
    }
  })
})
