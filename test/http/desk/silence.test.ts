/** The desk's own log, metrics and problems hold no personal data: a day of use is scanned for it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DeskClient } from '../../../simulate/guarded/client.ts'
import { startWholeDesk } from './whole.ts'

let desk: Awaited<ReturnType<typeof startWholeDesk>>
/** Values of customers and people that must stand nowhere. */
let secrets: readonly string[]
const problems: string[] = []
beforeAll(async () => {
  desk = await startWholeDesk()
  const customers = await desk.db.selectFrom('support.customers').selectAll().execute()
  const agents = await desk.db.selectFrom('telltale.agents').select(['name', 'mail']).execute()
  const values = [...customers.map(({ created_at_ms: _, ...rest }) => rest), ...agents]
  secrets = values
    .flatMap((row) => Object.entries(row))
    .filter(([column]) => !['segment', 'locale', 'product'].includes(column))
    .flatMap(([, value]) => (value === null ? [] : [String(value)]))
    .filter((value) => value.length > 4)
})
afterAll(() => desk.close())

/** Each value goes wherever somebody could type it. */
async function misuse(client: DeskClient, value: string) {
  const part = encodeURIComponent(value)
  const answers = [
    await client.call('GET', `/tickets/${part}`),
    await client.call('GET', `/queue?cursor=${part}`),
    await client.call('GET', `/${part}`),
    await client.call('POST', `/tickets/${part}/reveal`, { fields: [value] }),
    await client.call('POST', '/search', { by: value, value }),
    await client.call('POST', '/search', { by: 'mail', value: `${value}*` }),
    await client.call('POST', '/grants', { [value]: value }),
    await client.call('POST', `/requests/${part}/decide`, { approve: true, text: value }),
    await client.call('PUT', `/people/${part}`, { name: value }),
  ]
  for (const { status, body } of answers) if (status >= 400) problems.push(JSON.stringify(body))
}

describe('a day at the desk', () => {
  it('is used, and misused, with every kind of value', async () => {
    const [mika, dana, ada] = await Promise.all(['mika', 'dana', 'ada'].map(desk.signIn))
    for (let i = 0; i < 8; i++) {
      const { number } = (await mika.call('POST', '/queue/next', {})).body
      await mika.call('GET', `/tickets/${number}`)
      const shown = await mika.call('POST', `/tickets/${number}/reveal`, {
        fields: ['name', 'mail', 'phone', 'address'],
      })
      expect(shown.status).toBe(200)
      await mika.call('POST', `/tickets/${number}/messages`, {
        direction: 'note',
        body: shown.body.fields[0].value,
      })
    }
    const tried = secrets.filter((_, i) => i % 13 === 0)
    expect(tried.length).toBeGreaterThan(10)
    for (const [i, value] of tried.entries()) await misuse([dana, mika, ada][i % 3], value)
  })

  it('left lines in the log, and none of those values in them', () => {
    const log = desk.lines.lines.join('')
    expect(desk.lines.lines.length).toBeGreaterThan(100)
    expect(
      secrets.filter((secret) => log.includes(secret) || log.includes(encodeURIComponent(secret))),
    ).toEqual([])
    expect(log).toContain('/api/v1/tickets/:number/reveal')
  })

  it('told none of them to whoever was refused', () => {
    expect(problems.length).toBeGreaterThan(50)
    const told = problems.join('\n')
    expect(secrets.filter((secret) => told.includes(secret))).toEqual([])
  })

  it('left none in the metrics and none in what is kept of writes', async () => {
    const metrics = await (await fetch(`${desk.url}/metrics`)).text()
    const kept = JSON.stringify(
      await desk.db.selectFrom('telltale.idempotency').selectAll().execute(),
    )
    const events = JSON.stringify(await desk.db.selectFrom('telltale.events').selectAll().execute())
    for (const text of [metrics, kept, events]) {
      expect(text.length).toBeGreaterThan(500)
      expect(secrets.filter((secret) => text.includes(secret))).toEqual([])
    }
  })
})
