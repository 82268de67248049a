import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { HOOK_SECRET, startApi } from './desk.ts'

let desk: Awaited<ReturnType<typeof startApi>>
beforeAll(async () => {
  desk = await startApi()
  await desk.addAgent('mia')
  await desk.db.insertInto('support.customers').values(CUSTOMER).execute()
  await desk.db.insertInto('support.queues').values({ id: 'billing', name: 'Billing' }).execute()
})
afterAll(() => desk.close())

const CUSTOMER = { key: 'c1', name: 'Aiko', created_at_ms: 1 } as never
const hook = (type: string, data: object) => ({
  type,
  timestamp: new Date(desk.nowMs()).toISOString(),
  data: { ticket: 'H-1', ...data },
})
const created = () => hook('ticket.created', { customer: 'c1', queue: 'billing' })

interface Sent {
  readonly id?: string
  readonly atMs?: number
  readonly secret?: string
  readonly source?: string
  readonly signature?: string
}

function send(body: unknown, sent: Sent = {}) {
  const { id = `msg_${Math.random()}`, atMs = Date.now(), secret = HOOK_SECRET } = sent
  const payload = typeof body === 'string' ? body : JSON.stringify(body)
  const signature = sent.signature ?? new Webhook(secret).sign(id, new Date(atMs), payload)
  return desk.app.inject({
    method: 'POST',
    url: `/api/v1/hooks/${sent.source ?? 'router'}`,
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(atMs / 1000)),
      'webhook-signature': signature,
    },
    payload,
  })
}

const tickets = () => desk.db.selectFrom('support.tickets').select(['number', 'state']).execute()

describe('a webhook', () => {
  it('is taken once', async () => {
    const one = created()
    expect((await send(one, { id: 'msg_1' })).json()).toEqual({ taken: true })
    expect(await tickets()).toEqual([{ number: 'H-1', state: 'open' }])
    expect((await send(one, { id: 'msg_1' })).json()).toEqual({ taken: false })
  })

  it('brings what a customer wrote, at its longest', async () => {
    const text = '\u6f22'.repeat(50_000)
    const contact = hook('contact.inbound', { ticket: 'H-9', customer: 'c1', queue: 'billing' })
    const said = { ...contact.data, topic: 'Lost', text, mailId: '<1@mail.example>' }
    const body = JSON.stringify({ ...contact, data: said }).replaceAll('\u6f22', '\\u6f22')
    expect((await send(body, { id: 'msg_text' })).json()).toEqual({ taken: true })
    expect((await send(body, { id: 'msg_text' })).json()).toEqual({ taken: false })
    const kept = await desk.db
      .selectFrom('support.messages')
      .innerJoin('support.tickets', 'number', 'ticket')
      .select(['body', 'topic', 'channel', 'mail_id'])
      .where('ticket', '=', 'H-9')
      .execute()
    expect(kept).toEqual([
      { body: text, topic: 'Lost', channel: 'mail', mail_id: '<1@mail.example>' },
    ])
    await desk.db.deleteFrom('support.messages').execute()
    await desk.db.deleteFrom('support.tickets').where('number', '=', 'H-9').execute()
  })

  it.each<[string, Sent]>([
    ['another secret', { secret: `whsec_${Buffer.alloc(24, 8).toString('base64')}` }],
    ['another source', { source: 'nobody' }],
    ['a time that is over', { atMs: Date.now() - 6 * 60_000 }],
    ['a time to come', { atMs: Date.now() + 6 * 60_000 }],
    ['no signature', { signature: '' }],
    ['a signature of nothing', { signature: 'v1,' }],
    ['an id with spaces', { id: 'a b' }],
  ])('is refused with %s', async (_, sent) => {
    const before = await tickets()
    const answer = await send(hook('ticket.closed', {}), sent)
    expect(answer.json()).toMatchObject({ status: 401, code: 'HOOK_REFUSED' })
    expect(await tickets()).toEqual(before)
  })

  it('is refused where its body is not what was signed', async () => {
    const payload = JSON.stringify(hook('ticket.closed', {}))
    const signature = new Webhook(HOOK_SECRET).sign('msg_9', new Date(), payload)
    const answer = await send(payload.replace('H-1', 'H-2'), { id: 'msg_9', signature })
    expect(answer.json().code).toBe('HOOK_REFUSED')
  })

  it('that says nothing we know is told so, once its signature holds', async () => {
    expect((await send({ ...created(), type: 'user.deleted' })).json().code).toBe('REQUEST_INVALID')
    expect((await send('{"a":1,"a":2}')).json().detail).toContain('stands twice')
    expect((await send('{')).json().detail).toContain('not JSON')
    expect((await send('{', { signature: 'v1,x' })).json().code).toBe('HOOK_REFUSED')
    const early = { ...created(), timestamp: '2031-02-31T99:00:00Z' }
    expect((await send(early)).json().code).toBe('HOOK_INVALID')
  })

  it('needs no session, and a session signs none', async () => {
    const answer = await desk.app.inject({ method: 'POST', url: '/api/v1/hooks/router' })
    expect(answer.statusCode).toBe(400)
    const unsigned = await desk.app.inject({
      method: 'POST',
      url: '/api/v1/hooks/router',
      headers: { 'content-type': 'application/json', cookie: '__Host-telltale=x' },
      payload: created(),
    })
    expect(unsigned.json().code).toBe('HOOK_REFUSED')
  })
})
