import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkMap } from '../../src/source/check.ts'
import { parseSourceMap, presetMap } from '../../src/source/mapping.ts'
import type { Mapping } from '../../src/source/model.ts'
import { sourcePool } from '../../src/source/postgres.ts'
import type { MapReport } from '../../src/source/report.ts'
import { CHATWOOT_TABLES } from './chatwoot.sql.ts'
import { seedChatwoot } from './chatwoot-seed.ts'
import { type HelpDesk, helpDesk } from './help.ts'
import { ZAMMAD_TABLES } from './zammad.sql.ts'
import { addArticle, addTicket, seedZammad } from './zammad-seed.ts'

const YAML = `
format: telltale-source/1
preset: chatwoot
customers: { only: { account_id: 1 } }
tickets: { only: { account_id: 1 } }
`

let chatwoot: HelpDesk
let zammad: HelpDesk
beforeAll(async () => {
  chatwoot = await helpDesk(CHATWOOT_TABLES)
  await seedChatwoot(chatwoot.admin)
  zammad = await helpDesk(ZAMMAD_TABLES)
  await seedZammad(zammad.admin)
  const ticket = { id: 1, customer: 20, owner: 10, createdBy: 20, sender: 2 }
  await addTicket(zammad.admin, ticket)
  await addArticle(zammad.admin, { ticket: 1, sender: 2, by: 20, at: '2026-03-02 09:00:00' })
})
afterAll(async () => {
  await chatwoot.close()
  await zammad.close()
})

async function open(desk: HelpDesk, mapping: Mapping): Promise<MapReport['findings']> {
  const { findings } = await checkMap(desk.admin, mapping)
  return findings.filter(({ level }) => level === 'undecided' || level === 'problem')
}

function without(columns: readonly string[], taken: readonly string[]): string[] {
  return columns.filter((column) => !taken.includes(column))
}

describe('presets', () => {
  it('leave nothing open in the tables of their product', async () => {
    expect(await open(zammad, presetMap('zammad'))).toEqual([])
    expect(await open(chatwoot, parseSourceMap(YAML, 'telltale.yaml'))).toEqual([])
  })

  it('ask which account a number of Chatwoot is of', async () => {
    expect(await open(chatwoot, presetMap('chatwoot'))).toMatchObject([
      {
        level: 'problem',
        where: 'public.conversations.display_id',
        write: 'only: { account_id: ... }',
      },
    ])
  })

  it('say which search has no index', async () => {
    const { findings } = await checkMap(zammad.admin, presetMap('zammad'))
    const slow = findings.filter(({ says }) => says.startsWith('searching'))
    expect(slow.map(({ says }) => says.split(' ')[2])).toEqual(
      ['phone', 'mobile'].map((n) => `${n}`),
    )
    await zammad.admin.query(`create index on users (regexp_replace(phone, '[^0-9]', '', 'g'))`)
    const { findings: after } = await checkMap(zammad.admin, presetMap('zammad'))
    expect(after.filter(({ says }) => says.startsWith('searching'))).toHaveLength(1)
  })
})

describe('columns that nobody decided about', () => {
  it('are told with what they look like, and never with what they hold', async () => {
    const preset = parseSourceMap(YAML, 'telltale.yaml')
    const taken = ['custom_attributes', 'additional_attributes', 'location', 'blocked']
    const mapping = {
      ...preset,
      customers: {
        ...preset.customers,
        never: without(preset.customers.never, taken),
        notPersonal: without(preset.customers.notPersonal, taken),
      },
      elsewhere: {},
    }
    const found = await open(chatwoot, mapping)
    const of = (where: string) => found.find((finding) => finding.where === where)
    expect(of('public.contacts.custom_attributes')?.says).toMatch(/look like card numbers/)
    expect(of('public.contacts.additional_attributes')).toMatchObject({
      level: 'undecided',
      says: expect.stringMatching(/fields read parts of it; the rest is undecided/),
    })
    expect(of('public.contacts.location')?.says).toMatch(/looks like a place/)
    expect(of('public.contacts.blocked')?.says).toMatch(/nothing says what it holds \(boolean\)/)
    expect(
      found.map(({ where }) => where).filter((where) => where.split('.').length === 2),
    ).toEqual(
      [
        'attachments',
        'audits',
        'campaign_messages',
        'contact_inboxes',
        'conversation_participants',
        'csat_survey_responses',
        'mentions',
        'notes',
        'taggings',
      ].map((name) => `public.${name}`),
    )
    expect(of('public.notes')?.says).toMatch(/contact_id.*looks personal: content \(free text\)/)
    expect(JSON.stringify(found)).not.toMatch(/4111|Kranich|203\.0|Tokyo/)
  })

  it('are found when an organisation adds its own', async () => {
    await zammad.admin.query(`alter table users add column tax_code text, add column x1 text, add column x2 text,
      add column x3 text, add column x4 text, add column tier smallint;
      update users set x1 = 'reach me: otto@kunde.example', x2 = 'DE89370400440532013000', x3 = '+4930654321',
        x4 = '203.0.113.77';
      create table vip_calls (id serial, customer_id integer, remark text)`)
    const found = await open(zammad, presetMap('zammad'))
    expect(found.map(({ where, says }) => [where, says])).toEqual([
      ['public.users.tax_code', 'by its name it looks like a number of payment or identity'],
      ['public.users.x1', '100% of its sample look like mail addresses'],
      ['public.users.x2', '100% of its sample look like account numbers (IBAN)'],
      ['public.users.x3', '100% of its sample look like phone numbers'],
      ['public.users.x4', '100% of its sample look like addresses of devices (IP)'],
      ['public.users.tier', 'nothing says what it holds (smallint)'],
      ['public.vip_calls', expect.stringMatching(/^has customer_id.*remark \(free text\)/)],
    ])
    await zammad.admin.query(`alter table users drop column tax_code, drop column x1, drop column x2, drop column x3,
      drop column x4, drop column tier; drop table vip_calls`)
    expect(await open(zammad, presetMap('zammad'))).toEqual([])
  })

  it('stay undecided when the mapping says that they are', async () => {
    const text = `format: telltale-source/1\npreset: zammad\ncustomers: { undecided: [vip] }\nelsewhere: { public.avatars: undecided, public.tokens: undecided }\n`
    const found = await open(zammad, parseSourceMap(text, 'telltale.yaml'))
    expect(found.map(({ where }) => where)).toEqual(['public.users.vip', 'public.avatars'])
  })

  it('contradict whoever calls them not personal', async () => {
    const text = `format: telltale-source/1\npreset: zammad\ncustomers: { not-personal: [login] }\n`
    expect(await open(zammad, parseSourceMap(text, 'telltale.yaml'))).toMatchObject([
      {
        level: 'problem',
        where: 'public.users.login',
        says: expect.stringMatching(/not personal, but/),
      },
    ])
  })
})

describe('the database user', () => {
  it('is told off where it may do more than read', async () => {
    const { findings } = await checkMap(zammad.admin, presetMap('zammad'))
    const warnings = findings.filter(({ level }) => level === 'warning')
    expect(warnings.map(({ says }) => says)).toEqual([
      'is a superuser, whom nothing is hidden from',
    ])
  })

  it('needs no more than to read the mapped columns, and then is not', async () => {
    const role = `reader_${Date.now()}`
    await zammad.admin.query(`create role ${role} login;
      revoke create on schema public from public; grant select on all tables in schema public to ${role};
      revoke select on users, mentions, avatars from ${role};
      grant select (id, firstname, lastname, email) on users to ${role}`)
    await zammad.admin.query(`create table vip_notes (user_id integer, remark text)`)
    const pool = sourcePool(zammad.url)
    const client = await pool.connect()
    await client.query(`set session authorization ${role}`)
    const { findings } = await checkMap(client, presetMap('zammad'))
    expect(findings.filter(({ level }) => level === 'warning')).toEqual([])
    expect(findings.filter(({ level }) => level === 'undecided').map(({ where }) => where)).toEqual(
      ['public.vip_notes'],
    )
    await zammad.admin.query(`grant update (email) on users to ${role}`)
    const { findings: after } = await checkMap(client, presetMap('zammad'))
    expect(after.find(({ level }) => level === 'warning')?.says).toBe('may change public.users')
    client.release(true)
    await pool.end()
    await zammad.admin.query(`drop table vip_notes; drop owned by ${role}; drop role ${role}`)
  })
})
