/**
 * An agent with a good login and an hour, at a whole desk: real database, real log, by the API alone.
 * What they try fails, and what they were shown is in the log. docs/threat-model.md, "The rogue agent".
 */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type Answer,
  type DeskClient,
  newDevice,
  proof,
  signIn,
} from '../../simulate/guarded/client.ts'
import { startWholeDesk } from '../http/desk/whole.ts'
import { desk as commands } from '../system/cli.ts'

const BUDGET = 6

let desk: Awaited<ReturnType<typeof startWholeDesk>>
let dana: DeskClient
let twin: DeskClient
let mika: DeskClient
let lea: DeskClient
let omar: DeskClient
/** A ticket that the router gave to mika. */
let foreign: string
/** Each clear value of a field that anybody was shown here, and the entry it came with. */
const shown: { agent: string; entry: number; field: string; value: string }[] = []

beforeAll(async () => {
  desk = await startWholeDesk()
  const { db } = desk
  const own = await db
    .selectFrom('telltale.agents')
    .selectAll()
    .where('id', '=', 'dana')
    .executeTakeFirstOrThrow()
  const second = { ...own, id: 'dana-too', pseudonym: 'A-TWIN', mail: null, external_id: null }
  await db
    .insertInto('telltale.agents')
    .values({ ...second, created_at_ms: own.created_at_ms + 1 })
    .execute()
  for (const queue of ['home', 'mobile']) {
    await db.insertInto('support.members').values({ queue, agent: 'dana-too' }).execute()
  }
  const budget = { scope: 'default', per_hour: BUDGET, per_day: 80, per_week: 300, basis: null }
  await db
    .insertInto('telltale.budgets')
    .values({ ...budget, set_at_ms: Date.now(), set_by: 'ada' })
    .execute()
  ;[dana, twin, mika, lea, omar] = await Promise.all(
    ['dana', 'dana-too', 'mika', 'lea', 'omar'].map(desk.signIn),
  )
  foreign = (await mika.call('POST', '/queue/next')).body.number
})
afterAll(() => desk.close())

/** Keeps what an answer shows. */
function seen(client: DeskClient, answer: Answer): Answer {
  const released = answer.body?.released ?? answer.body
  for (const { name, view, value, class: kind } of released?.fields ?? []) {
    if (view !== 'clear' || value === null || kind === 'reference') continue
    shown.push({ agent: client.agent, entry: released.entry, field: name, value })
  }
  return answer
}

async function ask(client: DeskClient, method: string, path: string, body?: unknown) {
  return seen(client, await client.call(method, path, body))
}

/** What an answer says, without what is different each time. */
function said({ status, body }: Answer) {
  const { instance: _, ...rest } = body ?? {}
  return { status, ...rest }
}

/** A line of the log. */
interface Logged {
  readonly customer?: string
}

/** Of lea, when they ask for a file. */
const device = newDevice()

/** The file of a grant of lea's. */
async function exported(grant: string): Promise<string> {
  const url = `${desk.url}/api/v1/grants/${grant}/export`
  const headers = { cookie: lea.cookie, origin: desk.url, dpop: proof(device, 'POST', url) }
  return (await fetch(url, { method: 'POST', headers })).text()
}

let word = 0
/** A request that says something else each time. */
function request(change: object = {}) {
  const nth = [...String(++word)].map((digit) => 'abcdefghij'[Number(digit)]).join('')
  return {
    kind: 'see',
    reason: 'fraud-check',
    text: `The customer reports a strange debit in letter ${nth} and asks`,
    ticket: null,
    handles: [],
    tickets: [],
    fields: ['name'],
    minutes: 60,
    extra: 0,
    emergency: false,
    ...change,
  }
}

describe('a rogue agent', () => {
  it('names a ticket of a colleague, and is told what is told of one that there is not', async () => {
    const mine = (await dana.call('POST', '/queue/next')).body.number
    const tries: [string, string, object?][] = [
      ['GET', ''],
      ['POST', '/reveal', { fields: ['name'] }],
      ['POST', '/take'],
      ['POST', '/reopen'],
      ['POST', '/assign', { to: 'dana' }],
      ['POST', '/close'],
      ['POST', '/merge', { into: mine }],
      ['POST', '/messages', { direction: 'note', body: 'hello' }],
      ['POST', '/code', { field: 'mail' }],
      ['POST', '/code/check', { code: '123456' }],
      ['POST', '/call', { field: 'phone' }],
    ]
    for (const [method, path, body] of tries) {
      const theirs = await ask(dana, method, `/tickets/${foreign}${path}`, body)
      const nobodys = await ask(dana, method, `/tickets/T-404${path}`, body)
      expect(said(theirs), path).toEqual(said(nobodys))
      expect(theirs.status, path).toBeGreaterThanOrEqual(400)
    }
    const into = (number: string) => dana.call('POST', `/tickets/${mine}/merge`, { into: number })
    expect(said(await into(foreign))).toEqual(said(await into('T-404')))
  })

  it('spells the number of a colleague’s ticket in other ways', async () => {
    const ways = [
      `${foreign}/`,
      `./${foreign}`,
      `${foreign}.`,
      `${foreign}%20`,
      `${foreign}%00`,
      `${foreign};`,
      `${foreign}?agent=mika`,
      `${foreign.toLowerCase()}`,
      `x%2F..%2F${foreign}`,
    ]
    for (const way of ways) {
      const answer = await ask(dana, 'GET', `/tickets/${way}`)
      expect([400, 401, 404], way).toContain(answer.status)
    }
  })

  it('asks as an admin, an officer or a program', async () => {
    const role = { person: 'dana', name: 'D', mail: null, team: 'home', roles: ['officer'] }
    const answers = [
      await dana.call('PUT', '/people/dana', { ...role, externalId: null }),
      await dana.call('POST', '/people/lea/suspend', { why: 'a reason' }),
      await dana.call('GET', '/people'),
      await dana.call('GET', '/teams'),
      await dana.call('GET', '/requests'),
      await dana.call('POST', '/decisions', {
        agent: 'dana',
        ticket: foreign,
        fields: ['name'],
        act: 'reveal',
      }),
      await dana.call(
        'DELETE',
        `/sessions/${(await mika.call('GET', '/session')).body.session.id}`,
      ),
    ]
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403, 401, 404])
    expect((await mika.call('GET', '/session')).status).toBe(200)
    expect((await dana.call('GET', '/session')).body.agent.roles).toEqual(['agent'])
  })

  it('reads every list there is, as an agent and as a lead, and finds no value of a customer', async () => {
    await lea.call('POST', '/queue/next')
    await dana.call('POST', '/grants', request({ tickets: [foreign] }))
    const lists = []
    for (const client of [dana, lea]) {
      for (const path of [
        '/queue',
        '/grants',
        '/access',
        '/colleagues',
        '/sessions',
        '/requests',
      ]) {
        lists.push(JSON.stringify((await client.call('GET', path)).body))
      }
    }
    const customers = await desk.db.selectFrom('support.customers').selectAll().execute()
    const values = customers.flatMap(({ key, name, mail, phone, address, payment }) =>
      [key, name, mail, phone, address, payment].filter((value) => value !== null),
    )
    expect(values.length).toBeGreaterThan(100)
    for (const value of values) expect(lists.join('\n')).not.toContain(value)
  })

  it('asks two hundred times at once at the edge of the budget, by both of their accounts', async () => {
    const given = async (client: DeskClient) => {
      const answers = await Promise.all(
        Array.from({ length: 6 }, () => client.call('POST', '/queue/next')),
      )
      return answers.flatMap(({ status, body }) => (status === 200 ? [body.number as string] : []))
    }
    const work = [
      ...(await given(dana)).map((number) => ({ client: dana, number })),
      ...(await given(twin)).map((number) => ({ client: twin, number })),
    ]
    expect(work.length).toBeGreaterThan(BUDGET + 2)
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, i) => {
        const { client, number } = work[i % work.length]
        return Math.floor(i / work.length) % 2 === 0
          ? ask(client, 'POST', `/tickets/${number}/reveal`, { fields: ['name', 'mail'] })
          : ask(client, 'GET', `/tickets/${number}`)
      }),
    )
    const counts = Object.groupBy(answers, ({ status }) => status)
    expect(Object.keys(counts).sort()).toEqual(['200', '429'])
    const views = await desk.db.selectFrom('telltale.views').select('customer').execute()
    expect(new Set(views.map(({ customer }) => customer)).size).toBe(BUDGET)
    const mails = shown.filter(({ field }) => field === 'mail').map(({ value }) => value)
    expect(new Set(mails).size).toBeLessThanOrEqual(BUDGET)
    for (const client of [dana, twin]) {
      expect((await client.call('GET', '/access')).body.budget.used.hour).toBe(BUDGET)
    }
  })

  it('cannot tell canaries of a file from customers by looking for them', async () => {
    lea = await signIn(desk.url, 'lea', device)
    const { body: asked } = await lea.call(
      'POST',
      '/grants',
      request({ kind: 'export', tickets: [foreign], fields: ['number', 'mail'] }),
    )
    const text = 'The letter of the court lies in the archive, for this one customer'
    expect(
      (await omar.call('POST', `/requests/${asked.id}/decide`, { approve: true, text })).status,
    ).toBe(200)
    const csv = await exported(asked.id)
    const rows = csv
      .split('\r\n')
      .filter((row) => row !== '')
      .slice(1)
    expect(rows).toHaveLength(4)
    for (const row of rows) {
      const [number, mail] = row.split(',')
      for (const [by, value] of [
        ['customer', number],
        ['mail', mail],
      ]) {
        const { body } = await mika.call('POST', '/search', { by, value })
        expect(body.found, value).toHaveLength(1)
      }
    }
  })

  it('was shown nothing that the log does not hold, with agent, customer and field', async () => {
    await ask(mika, 'POST', `/tickets/${foreign}/reveal`, { fields: ['name', 'phone'] })
    expect(shown.length).toBeGreaterThan(BUDGET)
    const customers = await desk.db.selectFrom('support.customers').selectAll().execute()
    // Whatever is durable is published by then.
    await desk.stop()
    const { dir } = desk.settings.log
    const paths = readdirSync(dir, { recursive: true }).map((path) => join(dir, String(path)))
    const files = paths.filter((path) => statSync(path).isFile()).map((path) => readFileSync(path))
    expect(Buffer.concat(files).length).toBeGreaterThan(10_000)
    // Headers are for everybody: who was shown, and what, is sealed.
    const told = [...shown.map(({ value }) => value), ...customers.map(({ key }) => key)]
    for (const value of told) expect(files.some((file) => file.includes(value))).toBe(false)
    const here = commands()
    try {
      const { out } = await here.run('log', 'export', desk.settings.log.dir, '--kind', 'all')
      const entries: Logged[] = out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
      for (const { agent, entry, field, value } of shown) {
        expect(entries[entry]).toMatchObject({ agent, fields: expect.arrayContaining([field]) })
        const row = customers.find(({ key }) => key === entries[entry].customer)
        expect(Object.values(row ?? {})).toContain(value)
      }
    } finally {
      here.clear()
    }
  })
})
