import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { TelltaleError } from '../../../src/base/errors.ts'
import type { Grant } from '../../../src/grants/ports.ts'
import type { TicketRow } from '../../../src/tickets/ports.ts'
import { signedIn, startApi } from './desk.ts'

const ROW: TicketRow = {
  number: 'T-1',
  queue: null,
  topic: 'billing',
  channel: 'mail',
  state: 'open',
  openedAtMs: 1,
  contactAtMs: 1,
  assignee: 'mia',
  priority: 0,
}
const GRANT: Grant = {
  id: 'g1',
  kind: 'see',
  agent: 'mia',
  agentName: 'Mia Who Asks',
  fields: ['mail'],
  emergency: false,
  state: 'asked',
  liveFromMs: null,
  liveUntilMs: null,
  reason: 'safety',
  text: 'Aiko Tanaka called from a hospital',
  ticket: null,
  customerCount: 1,
  minutes: 60,
  extra: 0,
  askedAtMs: 1,
  decidedBy: null,
  decidedAtMs: null,
  decisionText: null,
  review: null,
  reviewedBy: null,
}
const ASK = {
  kind: 'see',
  reason: 'safety',
  text: GRANT.text,
  ticket: null,
  handles: ['h'],
  tickets: [],
  fields: ['mail'],
  minutes: 60,
  extra: 0,
  emergency: false,
}

let desk: Awaited<ReturnType<typeof startApi>>
let mia: Awaited<ReturnType<typeof signedIn>>
/** What the ticket service does; how often it did. */
let act: () => Promise<TicketRow> = async () => ROW
let done = 0
beforeAll(async () => {
  const tickets = {
    next: async () => {
      done++
      return act()
    },
    close: async () => void done++,
  }
  const codes = { send: async () => ({ expiresAtMs: 5, to: 'a•••@e•••.com' }) }
  const grants = { ask: async () => GRANT, one: async () => ({ ...GRANT, state: 'approved' }) }
  desk = await startApi({
    tickets: tickets as never,
    codes: codes as never,
    grants: grants as never,
  })
  mia = await signedIn(desk, 'mia')
})
beforeEach(() => {
  done = 0
  act = async () => ROW
})
afterAll(() => desk.close())

const next = (key: string | null, body: unknown = {}) =>
  mia.ask('POST', '/queue/next', { body, key })
const kept = () => desk.db.selectFrom('telltale.idempotency').selectAll().execute()

describe('a write', () => {
  it('happens once, however often it is sent with one key', async () => {
    const key = randomUUID()
    const [first, again] = [await next(key), await next(key)]
    expect(again.json()).toEqual(first.json())
    expect(again.headers['idempotency-replayed']).toBe('true')
    expect(first.headers['idempotency-replayed']).toBeUndefined()
    expect(done).toBe(1)
    await next(randomUUID())
    expect(done).toBe(2)
  })

  it('happens once where it is sent many times at the same moment', async () => {
    const key = randomUUID()
    const othersAnswered = Promise.withResolvers<TicketRow>()
    act = () => othersAnswered.promise
    let answered = 0
    const answers = await Promise.all(
      Array.from({ length: 8 }, async () => {
        const answer = await next(key)
        if (++answered === 7) othersAnswered.resolve(ROW)
        return answer.json().code ?? answer.statusCode
      }),
    )
    expect(answers.sort()).toEqual([200, ...Array(7).fill('IDEMPOTENCY_RUNNING')])
    expect(done).toBe(1)
  })

  it('needs a key that is one', async () => {
    for (const key of [null, '', 'short', 'a'.repeat(65), `${'a'.repeat(20)} b`]) {
      expect((await next(key)).json()).toMatchObject({
        status: 400,
        code: 'IDEMPOTENCY_KEY_MISSING',
      })
    }
    expect(done).toBe(0)
    expect((await next('"quoted-as-the-draft-has-it"')).statusCode).toBe(200)
  })

  it('is not another one with the same key: other body, address or method', async () => {
    const key = randomUUID()
    const close = (number: string) => mia.ask('POST', `/tickets/${number}/close`, { body: {}, key })
    expect((await close('T-1')).statusCode).toBe(204)
    expect((await close('T-1')).statusCode).toBe(204)
    for (const other of [await close('T-2'), await next(key)]) {
      expect(other.json()).toMatchObject({ status: 422, code: 'IDEMPOTENCY_MISMATCH' })
    }
    expect(done).toBe(1)
  })

  it("is nobody else's with the same key", async () => {
    const key = randomUUID()
    const leo = await signedIn(desk, 'leo')
    await next(key)
    const theirs = await leo.ask('POST', '/queue/next', { body: {}, key })
    expect(theirs.headers['idempotency-replayed']).toBeUndefined()
    expect(done).toBe(2)
  })

  it('that was refused is refused again, as of another request', async () => {
    const key = randomUUID()
    act = async () => {
      throw new TelltaleError('QUEUE_EMPTY', {})
    }
    const first = (await next(key)).json()
    act = async () => ROW
    const again = (await next(key)).json()
    expect(first).toMatchObject({ status: 404, code: 'QUEUE_EMPTY' })
    expect({ ...again, instance: first.instance }).toEqual(first)
    expect(again.instance).not.toBe(first.instance)
    expect(done).toBe(1)
  })

  it.each([
    ['failed', () => new Error('secret of a customer')],
    ['needs a sign-in', () => new TelltaleError('STEP_UP_NEEDED', { minutes: 5 })],
    ['came too often', () => new TelltaleError('CODE_TOO_MANY', { what: 'x', minutes: 5 })],
  ])('that %s can be sent again', async (_, error) => {
    const key = randomUUID()
    act = async () => {
      throw error()
    }
    expect((await next(key)).statusCode).toBeGreaterThanOrEqual(400)
    act = async () => ROW
    expect((await next(key)).statusCode).toBe(200)
  })

  it('leaves no personal data behind, and is answered anew', async () => {
    const [key, codeKey] = [randomUUID(), randomUUID()]
    const ask = () => mia.ask('POST', '/grants', { body: ASK, key })
    const send = () =>
      mia.ask('POST', '/tickets/T-1/code', { body: { field: 'mail' }, key: codeKey })
    expect((await ask()).json().text).toBe(GRANT.text)
    expect((await send()).json()).toEqual({ expiresAtMs: 5, to: 'a•••@e•••.com' })
    const rows = JSON.stringify(await kept())
    expect(rows).toContain('g1')
    expect(rows).not.toMatch(/Aiko|Tanaka|hospital|Mia Who|•@/)
    expect((await ask()).json()).toMatchObject({ id: 'g1', state: 'approved', text: GRANT.text })
    expect((await send()).json()).toEqual({ expiresAtMs: 5, to: '•••' })
  })
})
