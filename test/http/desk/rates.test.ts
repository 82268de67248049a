import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  REFUSED_PER_MINUTE_MAX,
  SESSION_REQUESTS_PER_MINUTE_MAX,
} from '../../../src/base/desk-http-limits.ts'
import { TelltaleError } from '../../../src/base/errors.ts'
import type { Caller } from '../../../src/guard/facts.ts'
import type { Sessions } from '../../../src/identity/ports.ts'
import { ORIGIN, startApi } from './desk.ts'

const caller = (id: string): Caller => ({
  agent: {
    id,
    person: id,
    name: id,
    pseudonym: 'A-1',
    team: null,
    roles: [],
    kind: 'person',
    status: 'active',
  },
  session: { id, agent: id, device: 'd', createdAtMs: 0, expiresAtMs: 1, stepUpAtMs: null },
})

let desk: Awaited<ReturnType<typeof startApi>>
let looked = 0
beforeAll(async () => {
  // Thousands of proofs would be the longest part of this test, and are tested elsewhere.
  const sessions = {
    callerOf: async (presented: Parameters<Sessions['callerOf']>[0]) => {
      looked++
      if (presented.secret.startsWith('good')) return caller(presented.secret)
      throw new TelltaleError('SESSION_ENDED', {})
    },
  }
  desk = await startApi({ sessions: sessions as never })
})
afterAll(() => desk.close())

const get = (secret: string, remoteAddress: string) =>
  desk.app.inject({
    url: '/api/v1/session',
    headers: { cookie: `__Host-telltale=${secret}`, origin: ORIGIN },
    remoteAddress,
  })

describe('a limit', () => {
  it('of a session counts that session alone', async () => {
    for (let i = 0; i < SESSION_REQUESTS_PER_MINUTE_MAX; i++) {
      if ((await get('good-1', '10.0.0.1')).statusCode !== 200) expect(i).toBe('never refused')
    }
    const refused = await get('good-1', '10.0.0.1')
    expect(refused.json()).toMatchObject({ status: 429, code: 'RATE_LIMITED' })
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
    expect(refused.json().retryAfterS).toBe(Number(refused.headers['retry-after']))
    expect((await get('good-2', '10.0.0.1')).statusCode).toBe(200)
  })

  it('of refusals counts an address, or a network of IPv6, and looks at nothing after that', async () => {
    for (let i = 0; i < REFUSED_PER_MINUTE_MAX; i++) await get(`bad-${i}`, `2001:db8::${i + 1}`)
    expect((await get('bad', '2001:db8::ffff')).json().code).toBe('RATE_LIMITED')
    looked = 0
    expect((await get('bad', '2001:db8::ffff')).json().code).toBe('RATE_LIMITED')
    expect((await get('good-3', '2001:db8::1')).json().code).toBe('RATE_LIMITED')
    expect(looked).toBe(0)
    expect((await get('bad', '2001:db8:0:1::1')).json().code).toBe('SESSION_ENDED')
  })
})
