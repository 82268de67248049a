/** Promise 2: a disclosure names person, session, purpose, grade, path, and every customer and field, on
 * whichever path it happened. */
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { DeskClient } from '../../simulate/guarded/client.ts'
import { startWholeDesk } from '../http/desk/whole.ts'
import { desk as commandLine } from '../system/cli.ts'

const here = commandLine()
let whole: Awaited<ReturnType<typeof startWholeDesk>>
let mika: DeskClient
let number: string

beforeAll(async () => {
  whole = await startWholeDesk()
  mika = await whole.signIn('mika')
  number = (await mika.call('POST', '/queue/next')).body.number
})

afterAll(async () => {
  await whole.close()
  here.clear()
})

let seen = 0

/** The next entry of the log, as an investigator opens it: published within a second. */
async function next(): Promise<Record<string, unknown>> {
  const file = `${here.folder}/entries.jsonl`
  const { dir } = whole.settings.log
  return vi.waitFor(async () => {
    const done = await here.run('log', 'export', dir, '--kind', 'disclosures', '--out', file)
    expect(done.code, done.err).toBe(0)
    const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1)
    expect(lines.length).toBeGreaterThan(seen)
    return JSON.parse(lines[seen++])
  }, WAIT)
}

async function customerOf(ticket: string): Promise<string> {
  const query = whole.db.selectFrom('support.tickets').select('customer')
  return (await query.where('number', '=', ticket).executeTakeFirstOrThrow()).customer
}

const WAIT = { timeout: 30_000, interval: 200 }
const SESSION = expect.stringMatching(/^[\w-]{22}$/)

describe('what is recorded', () => {
  it('of a ticket that is looked at: all that was clear, all that was masked', async () => {
    const { body } = await mika.call('GET', `/tickets/${number}`)
    const shown = (view: string) =>
      body.released.fields
        .filter((field: { view: string }) => field.view === view)
        .map(({ name }: { name: string }) => name)
    const conversation = body.released.conversation === null ? [] : ['conversation']
    expect(await next()).toMatchObject({
      agent: 'mika',
      customer: await customerOf(number),
      fields: [...shown('clear'), ...conversation].sort(),
      masked: shown('masked').sort(),
      purpose: 'ticket',
      reference: number,
      grade: 'customer',
      path: 'desk',
      session: SESSION,
    })
  })

  it('of a reveal: the fields that were asked for and no other', async () => {
    const { body } = await mika.call('POST', `/tickets/${number}/reveal`, { fields: ['phone'] })
    expect(body.fields).toMatchObject([{ name: 'phone', view: 'clear' }])
    const entry = await next()
    expect(entry).toMatchObject({ fields: ['phone'], path: 'desk', session: SESSION })
    expect(entry).not.toHaveProperty('masked')
  })

  it('of a search: whom it showed, masked, and what was searched for', async () => {
    const { mail, key } = await whole.db
      .selectFrom('support.customers')
      .select(['mail', 'key'])
      .orderBy('key')
      .executeTakeFirstOrThrow()
    const { body } = await mika.call('POST', '/search', { by: 'mail', value: mail })
    expect(body.found).toHaveLength(1)
    const entry = await next()
    expect(entry).toMatchObject({ agent: 'mika', customer: key, purpose: 'none', grade: 'none' })
    expect(entry.query).toContain(mail)
    expect(entry).not.toHaveProperty('fields')
  })

  it('of an exception: the customer of it, by its number', async () => {
    const other = (await mika.call('POST', '/queue/next')).body.number
    const asked = await mika.call('POST', '/grants', {
      kind: 'see',
      reason: 'fraud-check',
      text: 'The bank asks whether the card of this customer was reported as stolen.',
      ticket: null,
      handles: [],
      tickets: [other],
      fields: ['payment'],
      minutes: 30,
      extra: 0,
      emergency: false,
    })
    const lea = await whole.signIn('lea')
    const decided = await lea.call('POST', `/requests/${asked.body.id}/decide`, {
      approve: true,
      text: 'I spoke to the bank as well; half an hour is enough for it.',
    })
    expect(decided.status, JSON.stringify(decided.body)).toBe(200)
    const path = `/grants/${asked.body.id}/reveal`
    const { status } = await mika.call('POST', path, { which: 0, fields: ['payment'] })
    expect(status).toBe(200)
    expect(await next()).toMatchObject({
      customer: await customerOf(other),
      fields: ['payment'],
      purpose: 'grant',
      reference: asked.body.id,
      grade: 'colleague',
    })
  })
})
