import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWholeDesk } from './whole.ts'

let desk: Awaited<ReturnType<typeof startWholeDesk>>
let token: string
let ticket: string
beforeAll(async () => {
  desk = await startWholeDesk()
  token = (await desk.services.services.create('crm', ['decisions'], 'ada')).token
  const mika = await desk.signIn('mika')
  ticket = (await mika.call('POST', '/queue/next', {})).body.number
})
afterAll(() => desk.close())

async function decide(body: object, bearer = token) {
  const response = await fetch(`${desk.url}/api/v1/decisions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
    body: JSON.stringify({ agent: 'mika', ticket, fields: ['mail'], act: 'reveal', ...body }),
  })
  // biome-ignore lint/suspicious/noExplicitAny: whatever the desk answers is looked at here
  return { status: response.status, body: (await response.json()) as any }
}

const entries = () => desk.db.selectFrom('telltale.shown').selectAll().orderBy('id').execute()

describe('a tool that asks for its agent', () => {
  it('is given what the agent may see of their ticket, by way of the log', async () => {
    const { status, body } = await decide({})
    expect(status).toBe(200)
    expect(body.fields).toMatchObject([{ name: 'mail', view: 'clear' }])
    expect(body.fields[0].value).toContain('@')
    expect(body.entry).toBeGreaterThan(0)
    expect(body.purpose).toMatchObject({ kind: 'ticket', reference: ticket })
    expect((await entries()).at(-1)).toMatchObject({
      agent: 'mika',
      path: 'api',
      entry: body.entry,
    })
    const look = await decide({ act: 'look', fields: ['mail', 'payment'] })
    expect(look.body.fields).toMatchObject([
      { name: 'mail', view: 'masked' },
      { name: 'payment', view: 'hidden', value: null },
    ])
  })

  it.each([
    ['another agent’s ticket', { agent: 'tomas' }, 404, 'TICKET_UNKNOWN'],
    ['no ticket', { ticket: 'T-none' }, 404, 'TICKET_UNKNOWN'],
    ['an agent who is none', { agent: 'nobody' }, 404, 'AGENT_UNKNOWN'],
    ['another customer', { customer: 'C-1' }, 404, 'TICKET_UNKNOWN'],
    ['a sensitive field', { fields: ['payment'] }, 403, 'REVEAL_REFUSED'],
    ['a field that is none', { fields: ['shoe'] }, 403, 'REVEAL_REFUSED'],
    ['no field', { fields: [] }, 400, 'REQUEST_INVALID'],
  ])('is refused for %s, and nothing is shown', async (_, body, status, code) => {
    const before = (await entries()).length
    const answer = await decide(body)
    expect(answer.body).toMatchObject({ status, code })
    expect(answer.body.fields).toBeUndefined()
    expect((await entries()).length).toBe(before)
  })

  it('shares the budget of the console', async () => {
    const { body } = await decide({})
    const mika = await desk.signIn('mika')
    const access = await mika.call('GET', '/access')
    expect(access.body.budget).toEqual(body.budget)
    expect(body.budget.used.hour).toBe(1)
  })

  it('needs a token of that scope, which is good until it is revoked', async () => {
    const other = await desk.services.services.create('probe', ['metrics'], 'ada')
    for (const bad of ['', 'telltale_x', other.token]) {
      expect((await decide({}, bad)).body).toMatchObject({ status: 401, code: 'SERVICE_REFUSED' })
    }
    await desk.services.services.revoke('crm', 'ada')
    expect((await decide({})).body.code).toBe('SERVICE_REFUSED')
  })

  it('is told nothing of an agent who is suspended', async () => {
    const again = await desk.services.services.create('crm2', ['decisions'], 'ada')
    await desk.services.people.suspend('mika', 'ada', 'test')
    expect((await decide({}, again.token)).body).toMatchObject({
      status: 403,
      code: 'AGENT_SUSPENDED',
    })
  })
})
