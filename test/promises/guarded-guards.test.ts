/** Promise 6: the guards are guarded. Nobody approves their own exception, and who runs the desk is shown
 * no customer. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DeskClient } from '../../simulate/guarded/client.ts'
import { startWholeDesk } from '../http/desk/whole.ts'

let whole: Awaited<ReturnType<typeof startWholeDesk>>
const at = {} as Record<'mika' | 'lea' | 'omar' | 'ada', DeskClient>
let ticket: string

beforeAll(async () => {
  whole = await startWholeDesk()
  for (const name of ['mika', 'lea', 'omar', 'ada'] as const) at[name] = await whole.signIn(name)
  ticket = (await at.mika.call('POST', '/queue/next')).body.number
})

afterAll(() => whole.close())

const ask = (client: DeskClient) =>
  client.call('POST', '/grants', {
    kind: 'see',
    reason: 'fraud-check',
    text: 'A bank wants to know whether this card was reported as stolen.',
    ticket: null,
    handles: [],
    tickets: [ticket],
    fields: ['payment'],
    minutes: 30,
    extra: 0,
    emergency: false,
  })

const approve = (client: DeskClient, id: string) =>
  client.call('POST', `/requests/${id}/decide`, {
    approve: true,
    text: 'Checked with the bank; thirty minutes are enough for this.',
  })

describe('an exception', () => {
  it('of a lead is decided by neither that lead nor an agent, but by an officer', async () => {
    const { body } = await ask(at.lea)
    for (const client of [at.lea, at.mika, at.ada]) {
      expect((await approve(client, body.id)).status, client.agent).toBeGreaterThanOrEqual(400)
    }
    expect(await approve(at.omar, body.id)).toMatchObject({
      status: 200,
      body: { state: 'approved', decidedBy: 'omar' },
    })
  })

  it('is decided once', async () => {
    const { body } = await ask(at.mika)
    const answers = await Promise.all([approve(at.lea, body.id), approve(at.omar, body.id)])
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  })
})

describe('who runs the desk', () => {
  it('is shown no customer, whichever way they try', async () => {
    const attempts: [string, string, unknown?][] = [
      ['GET', `/tickets/${ticket}`],
      ['POST', `/tickets/${ticket}/reveal`, { fields: ['mail'] }],
      ['POST', '/search', { by: 'ticket', value: ticket }],
      ['POST', '/queue/next'],
    ]
    for (const client of [at.ada, at.omar]) {
      for (const [method, path, body] of attempts) {
        const { status } = await client.call(method, path, body)
        expect([403, 404], `${client.agent} ${path}`).toContain(status)
      }
    }
  })

  it('alone ends what others may do, and nobody else reads who there is', async () => {
    const why = { why: 'To see whether anybody may.' }
    for (const client of [at.mika, at.lea, at.omar]) {
      expect((await client.call('GET', '/people')).status, client.agent).toBe(403)
      const { status } = await client.call('POST', '/people/dana/suspend', why)
      expect(status, client.agent).toBe(403)
    }
    expect((await at.ada.call('POST', '/people/dana/suspend', why)).status).toBeLessThan(300)
    await expect(whole.signIn('dana')).rejects.toThrow('AGENT_SUSPENDED')
  })
})
