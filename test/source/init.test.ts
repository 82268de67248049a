import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { desk as commandLine, type Desk } from '../system/cli.ts'
import { CHATWOOT_TABLES } from './chatwoot.sql.ts'
import { seedChatwoot } from './chatwoot-seed.ts'
import { type HelpDesk, helpDesk } from './help.ts'
import { ZAMMAD_TABLES } from './zammad.sql.ts'
import { seedZammad } from './zammad-seed.ts'

const UNKNOWN = `
create schema crm;
create table crm.clients (id serial primary key, full_name text, mail text, born date, vip boolean);
create table crm.cases (id serial primary key, client_id int references crm.clients, status text, created_at timestamptz,
  owner_id int, summary text);
create table crm.calls (id serial, client_id int references crm.clients, heard text);
insert into crm.clients (full_name, mail) values ('Aiko Tanaka', 'aiko@kunde.example');`

let here: Desk
beforeEach(() => {
  here = commandLine()
})
afterEach(() => here.clear())
const mapFile = () => join(here.folder, 'telltale.yaml')
const init = (url: string) => here.run('map', '--init', '--database', url, '--config', mapFile())
const check = (url: string) => here.run('map', '--check', '--database', url, '--config', mapFile())

describe('telltale map, of a product that it knows', () => {
  let zammad: HelpDesk
  let chatwoot: HelpDesk
  beforeAll(async () => {
    zammad = await helpDesk(ZAMMAD_TABLES)
    await seedZammad(zammad.admin)
    chatwoot = await helpDesk(CHATWOOT_TABLES)
    await seedChatwoot(chatwoot.admin)
  })
  afterAll(async () => {
    await zammad.close()
    await chatwoot.close()
  })

  it('begins a mapping with the preset, which is complete', async () => {
    const { code, out, err } = await init(zammad.url)
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toMatch(/for the preset zammad/)
    const checked = await check(zammad.url)
    expect(checked).toMatchObject({ code: 0, err: '' })
    expect(checked.out).toMatch(
      /\nComplete: all \d+ columns of the mapped tables \(Zammad\) are decided\.\n$/,
    )
    expect(
      await here.run('map', '--check', '--database', zammad.url, '--preset', 'zammad'),
    ).toMatchObject({
      code: 0,
    })
  })

  it('lists what the organisation added as undecided, until a person decides', async () => {
    await zammad.admin.query(
      `alter table users add column shoe_size text; create table orders (id int, customer_id int)`,
    )
    await init(zammad.url)
    const text = readFileSync(mapFile(), 'utf8')
    expect(text).toMatch(
      /customers:\n {2}undecided:\n {4}- "shoe_size" # nothing says what it holds \(text\)\n/,
    )
    const open = await check(zammad.url)
    expect(open.code).toBe(1)
    expect(open.out).toMatch(/public\.users\.shoe_size .*\n.*-> customers: not-personal/)
    expect(open.out).toMatch(/Not complete: 2 things to decide or mend \(Zammad\)\.\n$/)
    here.file(
      'telltale.yaml',
      text.replace('undecided:\n', 'not-personal:\n').replace(': undecided', ': never'),
    )
    expect(await check(zammad.url)).toMatchObject({ code: 0 })
    await zammad.admin.query('alter table users drop column shoe_size; drop table orders')
  })

  it('asks for the account of a Chatwoot', async () => {
    await init(chatwoot.url)
    const open = await check(chatwoot.url)
    expect(open.code).toBe(1)
    expect(open.out).toMatch(
      /public\.conversations\.display_id .*\n.*-> only: \{ account_id: \.\.\. \}/,
    )
    const text = readFileSync(mapFile(), 'utf8')
    here.file(
      'telltale.yaml',
      text.replace(/^# (customers:|tickets:)/gm, '$1').replace(/^# {2}only/gm, '  only'),
    )
    expect(await check(chatwoot.url)).toMatchObject({ code: 0 })
  })

  it('writes over no mapping, and asks what is to be done', async () => {
    here.file('telltale.yaml', 'mine')
    expect(await init(zammad.url)).toMatchObject({
      code: 3,
      err: expect.stringMatching(/^FILE_UNWRITABLE: .*it is there already/),
    })
    expect(readFileSync(mapFile(), 'utf8')).toBe('mine')
    expect(await check(zammad.url)).toMatchObject({
      code: 2,
      err: expect.stringMatching(/^SOURCE_MAP_INVALID/),
    })
    for (const argv of [
      ['--check', '--init'],
      [],
      ['--check', '--preset', 'zammad', '--config', 'x'],
    ])
      expect(await here.run('map', ...argv)).toMatchObject({
        code: 2,
        err: expect.stringMatching(/^USAGE/),
      })
  })
})

describe('telltale map, of a help desk that it does not know', () => {
  let crm: HelpDesk
  beforeAll(async () => {
    crm = await helpDesk(UNKNOWN)
  })
  afterAll(() => crm.close())

  it('guesses, says so, and leaves every guess to a person', async () => {
    expect((await init(crm.url)).out).toMatch(/for a help desk that Telltale does not know/)
    const text = readFileSync(mapFile(), 'utf8')
    expect(text).toMatch(/table: crm\.clients\n {2}key: id\n/)
    expect(text).toMatch(
      /- "mail" # by its content it looks like mail addresses: class contact, mask mail\n/,
    )
    expect(text).toMatch(/customer: client_id\n/)
    expect(text).toMatch(/"crm\.calls": undecided # client_id, which points to crm\.clients\n/)
    expect(text).not.toMatch(/Aiko|aiko/)
    const { code, out } = await check(crm.url)
    expect(code).toBe(1)
    for (const where of [
      'clients.full_name',
      'clients.mail',
      'clients.born',
      'clients.vip',
      'cases.summary',
      'calls',
    ])
      expect(out).toMatch(new RegExp(`crm\\.${where.replace('.', '\\.')} `))
  })

  it('is complete when a person has decided', async () => {
    here.file(
      'telltale.yaml',
      `format: telltale-source/1
region: JP
agents: { by: external }
customers:
  table: crm.clients
  key: id
  fields:
    name: { column: full_name, class: identity, mask: name }
    mail: { column: mail, class: contact, mask: mail, search: mail }
  never: [born]
  not-personal: [vip]
tickets:
  table: crm.cases
  number: id
  customer: client_id
  opened-at: created_at
  assignee: owner_id
  state: { column: status, open: [open] }
  never: [summary]
elsewhere: { crm.calls: never }
`,
    )
    const { code, out } = await check(crm.url)
    expect({ code, out }).toMatchObject({ code: 0 })
    expect(out).toMatch(
      /searching by mail reads the whole table.*\n.*create index concurrently on crm\.clients \(lower\(mail\)\)/,
    )
    expect(out).toMatch(/tickets\.assignment .*is unknown/)
    const json = await here.run(
      'map',
      '--check',
      '--json',
      '--database',
      crm.url,
      '--config',
      mapFile(),
    )
    expect(JSON.parse(json.out)).toMatchObject({
      format: 'telltale-map/1',
      product: 'your own',
      columns: 11,
    })
  })
})
