import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { parseSourceMap, presetMap } from '../../src/source/mapping.ts'
import type { Mapping } from '../../src/source/model.ts'
import { openSource, sourcePool } from '../../src/source/postgres.ts'
import { freshDatabase, makeDatabase, type TestDatabase } from '../store/database.ts'
import { DIRECTORY, type HelpDesk, helpDesk } from './help.ts'

const TELLTALE: Mapping = { ...presetMap('telltale'), region: 'JP' }
const CUSTOMERS = 100_000

describe("Telltale's own tables, with 100,000 customers", () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await freshDatabase()
    await database.pool.query(`insert into support.customers (key, name, mail, phone, created_at_ms)
      select 'C-' || i, 'Name ' || i, 'Mail' || i || '@kunde.example', '+8150' || (10000000 + i), 1
      from generate_series(1, ${CUSTOMERS}) i`)
    await database.pool.query(`insert into support.tickets (number, customer, queue, topic, channel, origin_kind,
        origin_agent, opened_at_ms, state, assignee, assigned_kind, assigned_agent, assigned_at_ms, contact_at_ms, priority)
      select 'T-' || i, 'C-' || i, 'q' || i % 3, 'topic', 'mail', 'customer', null, 1000 + i, 'open',
        case when i % 10 = 0 then 'A' || i % 70 end, case when i % 10 = 0 then 'router' end, null,
        case when i % 10 = 0 then 2000 end, 1500 + i, i % 2 from generate_series(1, ${CUSTOMERS}) i`)
    await database.pool.query('analyze support.customers, support.tickets')
    await database.pool.query(`insert into support.queues values ('q0', 'Zero'), ('q1', 'One');
      insert into support.members values ('q0', 'A0'), ('q1', 'A0')`)
  })
  afterAll(() => database.close())
  const open = () => openSource({ mapping: TELLTALE, pool: database.pool, agents: DIRECTORY })

  it.each([
    ['mail', ' mail77@KUNDE.example', ['C-77']],
    ['phone', '+815010000099', ['C-99']],
    ['phone', '050 1000 0099', ['C-99']],
    ['customer', 'C-5', ['C-5']],
    ['ticket', 'T-6', ['C-6']],
    ['customer', 'C-%', []],
    ['mail', "'; drop table support.customers; --@x", []],
  ] as const)('finds by %s %s', async (by, value, keys) => {
    expect(await (await open()).find(by, value, 6)).toEqual(keys)
  })

  it('reads no whole table for any search, ticket, list or value', async () => {
    const client = await database.pool.connect()
    const plans: string[] = []
    const explaining = {
      query: async (query: pg.QueryConfig | string, values?: unknown[]) => {
        if (typeof query === 'string') return client.query(query, values as never)
        const { rows } = await client.query(`explain ${query.text}`, query.values)
        plans.push(rows.map((row) => row['QUERY PLAN']).join('\n'))
        return { rows: [] }
      },
    }
    const source = await openSource({
      ...{ mapping: TELLTALE, pool: explaining as never, agents: DIRECTORY },
    })
    await source.values('C-1', ['name'])
    await source.valuesOf(['C-1', 'C-2'], ['name'])
    await source.find('mail', 'mail1@kunde.example', 6)
    await source.find('phone', '+815010000099', 6)
    await source.find('customer', 'C-1', 6)
    await source.find('ticket', 'T-1', 6)
    await source.ticket('T-1')
    await source.mine('A10', null, 50)
    await source.openOf('A10', ['C-10'])
    await source.conversation('T-1', 10)
    client.release()
    expect(plans).toHaveLength(10)
    for (const plan of plans) {
      expect(plan).toMatch(/Index|Bitmap/)
      expect(plan).not.toMatch(/Seq Scan on (customers|tickets)/)
    }
  })

  it('reads a ticket with its grounds, and lists', async () => {
    const source = await open()
    expect(await source.ticket('T-10')).toEqual({
      ...{ number: 'T-10', customer: 'C-10', queue: 'q1', state: 'open', codes: [] },
      origin: { kind: 'customer', agent: null },
      assignee: 'A10',
      assignment: { kind: 'router', agent: null },
      ...{ assignedAtMs: 2000, contactAtMs: 1510 },
    })
    expect(await source.ticket('T-1')).toMatchObject({
      assignee: null,
      assignment: null,
      assignedAtMs: null,
    })
    expect(await source.ticket('T-0')).toBeNull()
    const waiting = await source.waiting('A0')
    expect(waiting.map(({ queue }) => queue)).toEqual(['q0', 'q1'])
    expect(waiting[0].count).toBe(30_000)
    expect(await source.waiting('A1')).toEqual([])
  })

  it('has nothing sent from the database that was not asked for', async () => {
    const sent: unknown[] = []
    const pool = {
      query: async (...query: Parameters<pg.Pool['query']>) => {
        const result = await (
          database.pool.query as (...all: unknown[]) => Promise<pg.QueryResult>
        )(...(query as unknown[]))
        sent.push(...result.rows)
        return result
      },
    }
    const source = await openSource({ mapping: TELLTALE, pool: pool as never, agents: DIRECTORY })
    sent.splice(0)
    await source.values('C-1', ['name'])
    expect(sent).toHaveLength(1)
    expect(Object.values(sent[0] as object).filter((value) => value !== null)).toEqual([
      'C-1',
      'Name 1',
    ])
  })

  it('gives no more than was asked for, of values and of customers', async () => {
    const source = await open()
    expect(await source.values('C-1', [])).toEqual({})
    expect(await source.values('C-1', ['mail', 'nothing'])).toEqual({ mail: 'Mail1@kunde.example' })
    await expect(source.valuesOf(Array(1001).fill('C-1'), ['name'])).rejects.toThrow(RangeError)
    await database.pool.query(
      `insert into support.customers (key, mail, created_at_ms) select 'X-' || i, 'Same@x.example', 1 from generate_series(1, 9) i`,
    )
    expect(await source.find('mail', 'same@x.example', 6)).toHaveLength(6)
  })
})

describe('a mapped database', () => {
  const TABLES = `
    create schema "Help Desk";
    create table "Help Desk"."Odd ""people" (id bigint primary key, "n'ame" text, extra jsonb, tenant int);
    create table "Help Desk".cases (no int primary key, who bigint, "when" bigint, st text, ow text, q text);
    insert into "Help Desk"."Odd ""people" values (1, 'One', '{"a": {"b c": "deep"}}', 7), (2, 'Two', '"x"', 8);
    insert into "Help Desk".cases values (5, 1, 1700000000, 'o', 'ext-A', 'q'), (6, 2, 1700000000, 'c', null, 'q')`
  const YAML = `
format: telltale-source/1
agents: { by: external }
customers:
  table: Help Desk.Odd "people
  key: id
  only: { tenant: 7 }
  fields:
    name: { column: "n'ame", class: identity, mask: name, search: customer }
    deep: { column: extra, path: [a, b c], class: text, mask: text }
  never: [extra]
tickets:
  table: Help Desk.cases
  number: no
  customer: who
  queue: q
  opened-at: { column: when, unit: s }
  state: { column: st, open: [o] }
  assignee: ow
`
  const mapping = (text = YAML) => parseSourceMap(text, 'telltale.yaml')
  let desk: HelpDesk
  beforeAll(async () => {
    desk = await helpDesk(TABLES)
  })
  afterAll(() => desk.close())
  const pools: pg.Pool[] = []
  afterEach(async () => {
    await Promise.all(pools.splice(0).map((pool) => pool.end()))
  })
  const poolOf = (url: string) => {
    const pool = sourcePool(url)
    pools.push(pool)
    return pool
  }

  it('is read whatever its names are', async () => {
    const source = await desk.open(mapping())
    expect(await source.values('1', ['name', 'deep'])).toEqual({ name: 'One', deep: 'deep' })
    expect(await source.values('2', ['name'])).toBeNull()
    expect(await source.find('customer', 'One', 2)).toEqual(['1'])
    expect(await source.ticket('5')).toMatchObject({
      ...{ customer: '1', assignee: 'A', origin: null, assignment: null, assignedAtMs: null },
      contactAtMs: 1_700_000_000_000,
    })
    for (const number of ['05', '5 ', '+5', '9999999999', "5' or '1'='1", ''])
      expect(await source.ticket(number)).toBeNull()
    expect(await source.mine('A', null, 5)).toMatchObject([
      { number: '5', assignee: 'A', queue: 'q' },
    ])
    expect(await source.conversation('5', 5)).toEqual([])
  })

  it('is not written to, whatever its user may', async () => {
    const pool = poolOf(desk.url)
    await expect(pool.query(`update "Help Desk".cases set st = 'c'`)).rejects.toThrow(/read-only/)
    expect((await pool.query('show statement_timeout')).rows).toEqual([{ statement_timeout: '5s' }])
  })

  it.each([
    ['no: no', 'number: nr', /has no column nr/],
    ['table: Help Desk.cases', 'table: Help Desk.gone', /there is no table Help Desk\.gone/],
    ['number: no', 'number: st', null],
    [
      'opened-at: { column: when, unit: s }',
      'opened-at: when',
      /is a number: say unit: ms or unit: s/,
    ],
    ['opened-at: { column: when, unit: s }', 'opened-at: st', /which is no time/],
    ['key: id', 'key: extra', /jsonb, which is no type of a key/],
    ['column: "n\'ame", class', 'column: "n\'ame", path: [x], class', /which has no path/],
    ['queue: q', 'priority: q', /is no whole number/],
  ])('with %s as %s is refused where it cannot work', async (from, to, says) => {
    const text = YAML.replace(from === 'no: no' ? 'number: no' : from, to)
    const opened = desk.open(mapping(text))
    if (says === null) return expect(await (await opened).ticket('o')).not.toBeNull()
    await expect(opened).rejects.toMatchObject({
      code: 'SOURCE_MISFIT',
      message: expect.stringMatching(says),
    })
  })

  it('says what is wrong and never what the database said', async () => {
    const { url, drop } = await makeDatabase()
    const admin = new pg.Pool({ connectionString: url, max: 1 })
    admin.on('error', () => {})
    await admin.query(TABLES)
    const source = await openSource({ mapping: mapping(), pool: poolOf(url), agents: DIRECTORY })
    await admin.query(`alter table "Help Desk"."Odd ""people" rename column "n'ame" to gone`)
    await expect(source.values('1', ['name'])).rejects.toMatchObject({
      code: 'SOURCE_UNAVAILABLE',
      message: 'The guarded database does not answer: a column of the mapping is gone.',
    })
    await admin.query(`alter table "Help Desk"."Odd ""people" rename column gone to "n'ame"`)
    await admin.query(`create function public.leak(v text) returns text language plpgsql as
      $$ begin raise exception 'value % is bad', v using detail = v, hint = v; end $$;
      alter table "Help Desk"."Odd ""people" rename to kept;
      create view "Help Desk"."Odd ""people" as select id, public.leak("n'ame") as "n'ame", extra, tenant from "Help Desk".kept`)
    const told = await source.values('1', ['name']).catch((error) => error)
    expect(told.cause).toBeUndefined()
    expect(`${told.stack} ${JSON.stringify(told)}`).not.toMatch(/One|leak|select/i)
    expect(told.details).toEqual({ reason: 'it refused a statement (SQLSTATE P0001)' })
    await admin.end()
    await drop()
  })

  it.each([
    ['postgresql://nobody:pass-word@127.0.0.1:1/x', /the connection fails \(ECONNREFUSED\)/],
    ['postgresql://%zz:pass-word@:::', /its address cannot be read/],
    ['pass-word', /./],
  ])('that is not there is told without its address: %s', async (url, reason) => {
    const open = async () =>
      openSource({ mapping: mapping(), pool: poolOf(url), agents: DIRECTORY })
    const error = await open().catch((error) => error)
    expect(error).toMatchObject({
      code: 'SOURCE_UNAVAILABLE',
      message: expect.stringMatching(reason),
    })
    expect(`${error.stack} ${JSON.stringify(error)}`).not.toMatch(/pass-word/)
  })
})
