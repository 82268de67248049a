import { generateKeyPairSync } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { STEP_UP_MS } from '../../src/base/desk-limits.ts'
import {
  CEREMONIES_MAX,
  CEREMONY_MS,
  PASSKEYS_PER_AGENT_MAX,
} from '../../src/base/identity-limits.ts'
import type { Caller } from '../../src/guard/facts.ts'
import { type Lies, newAuthenticator } from './authenticator.ts'
import { ORIGIN, openDesk, type TestDesk } from './desk.ts'

let desk: TestDesk
let mara: Caller
beforeEach(async () => {
  desk = await openDesk()
  await desk.addAgent('mara')
  await desk.addAgent('lea')
  mara = (await desk.signIn('mara', await desk.newDevice())).caller
})
afterEach(() => desk.close())

const refusal = (code: string) => expect.objectContaining({ code })
const add = async (caller: Caller, key = newAuthenticator(ORIGIN), lies: Lies = {}) => {
  const { challenge, options } = await desk.passkeys.beginAdding(caller)
  const answer = key.create(options, lies)
  await desk.passkeys.finishAdding(caller, challenge, answer, 'my key')
  return key
}
const signIn = async (key: ReturnType<typeof newAuthenticator>, lies: Lies = {}) => {
  const { challenge, options } = await desk.passkeys.beginSignIn(null)
  return desk.passkeys.finishSignIn(challenge, key.get(options, lies))
}

describe('adding a passkey', () => {
  it('asks for one that knows its owner, and keeps it', async () => {
    const { options } = await desk.passkeys.beginAdding(mara)
    expect(options).toMatchObject({
      rp: { id: 'desk.example', name: 'Telltale' },
      user: { name: 'mara', displayName: 'Name of mara' },
      attestation: 'none',
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    })
    expect(JSON.stringify(options.user.id)).not.toContain(Buffer.from('mara').toString('base64url'))
    const key = await add(mara)
    expect(await desk.passkeys.list('mara')).toEqual([
      expect.objectContaining({ id: key.id, agent: 'mara', label: 'my key', usedAtMs: null }),
    ])
    expect(desk.acts().at(-1)).toBe('agent.changed passkey added')
  })

  it('takes a fresh sign-in, at its beginning and at its end', async () => {
    const { challenge, options } = await desk.passkeys.beginAdding(mara)
    const answer = newAuthenticator(ORIGIN).create(options)
    desk.now.ms += STEP_UP_MS + 1
    const stale = refusal('STEP_UP_NEEDED')
    await expect(desk.passkeys.beginAdding(mara)).rejects.toEqual(stale)
    await expect(desk.passkeys.finishAdding(mara, challenge, answer, 'x')).rejects.toEqual(stale)
    await expect(desk.passkeys.remove(mara, 'x')).rejects.toEqual(stale)
  })

  it('is finished by the session that began it, once', async () => {
    const lea = (await desk.signIn('lea', await desk.newDevice())).caller
    const { challenge, options } = await desk.passkeys.beginAdding(mara)
    const answer = newAuthenticator(ORIGIN).create(options)
    const finish = (caller: Caller) => desk.passkeys.finishAdding(caller, challenge, answer, 'x')
    await expect(finish(lea)).rejects.toEqual(refusal('SIGN_IN_OVER'))
    await expect(finish(mara)).rejects.toEqual(refusal('SIGN_IN_OVER'))
    expect(await desk.passkeys.list('lea')).toEqual([])
  })

  it.each<[string, Lies]>([
    ['another page', { origin: 'https://evil.example' }],
    ['a page of the same name without TLS', { origin: 'http://desk.example' }],
    ['another site', { rpId: 'evil.example' }],
    ['another challenge', { challenge: 'AAAA' }],
    ['a sign-in', { type: 'webauthn.get' }],
    ['somebody whom it did not verify', { flags: 0x01 }],
    ['nobody there', { flags: 0x04 }],
  ])('is refused for %s', async (_, lies) => {
    await expect(add(mara, newAuthenticator(ORIGIN), lies)).rejects.toEqual(
      refusal('PASSKEY_REFUSED'),
    )
    expect(await desk.passkeys.list('mara')).toEqual([])
  })

  it.each([null, 'x', 1, {}, { id: 1 }, { id: 'x', response: null }, { response: {} }])(
    'is refused for nonsense (%j)',
    async (answer) => {
      const { challenge } = await desk.passkeys.beginAdding(mara)
      const finishing = desk.passkeys.finishAdding(mara, challenge, answer, 'x')
      await expect(finishing).rejects.toEqual(refusal('PASSKEY_REFUSED'))
    },
  )

  it('takes no key that is known, be it somebody else’s', async () => {
    const key = await add(mara)
    const lea = (await desk.signIn('lea', await desk.newDevice())).caller
    await expect(add(lea, key)).rejects.toEqual(refusal('PASSKEY_REFUSED'))
    await expect(add(mara, key)).rejects.toEqual(refusal('PASSKEY_REFUSED'))
    expect(await desk.passkeys.list('mara')).toHaveLength(1)
  })

  it('ends at a few, in parallel too', async () => {
    const adding = Array.from({ length: PASSKEYS_PER_AGENT_MAX + 3 }, () => add(mara))
    const outcomes = await Promise.allSettled(adding)
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(
      PASSKEYS_PER_AGENT_MAX,
    )
  })
})

describe('signing in by a passkey', () => {
  it('tells who it is without being told', async () => {
    const key = await add(mara)
    const { options } = await desk.passkeys.beginSignIn(null)
    expect(options.allowCredentials ?? []).toEqual([])
    const { agent, session } = await signIn(key)
    expect(agent.id).toBe('mara')
    expect(session.stepUpAtMs).toBe(desk.now.ms)
    expect((await desk.passkeys.list('mara'))[0].usedAtMs).toBe(desk.now.ms)
  })

  it.each<[string, Lies]>([
    ['on another page', { origin: 'https://desk.example.evil.example' }],
    ['for another site', { rpId: 'evil.example' }],
    ['with another challenge', { challenge: 'AAAA' }],
    ['from adding one', { type: 'webauthn.create' }],
    ['without verifying its owner', { flags: 0x01 }],
    ['with nobody there', { flags: 0x04 }],
    ['of another owner', { userHandle: Buffer.from('lea').toString('base64url') }],
    ['by another key', { key: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey }],
    ['with a counter that was used', { counter: 1 }],
  ])('is refused %s', async (_, lies) => {
    const key = await add(mara)
    await expect(signIn(key, lies)).rejects.toEqual(refusal('PASSKEY_REFUSED'))
    expect(await desk.sessions.list('mara')).toHaveLength(1)
  })

  it.each([null, 'x', {}, { id: 7 }, { id: 'x'.repeat(5000) }, { id: '../..', response: {} }])(
    'is refused for nonsense (%#)',
    async (answer) => {
      const { challenge } = await desk.passkeys.beginSignIn(null)
      await expect(desk.passkeys.finishSignIn(challenge, answer)).rejects.toEqual(
        refusal('PASSKEY_REFUSED'),
      )
    },
  )

  it('answers once, in parallel too', async () => {
    const key = await add(mara)
    const { challenge, options } = await desk.passkeys.beginSignIn(null)
    const answer = key.get(options)
    const outcomes = await Promise.allSettled(
      Array.from({ length: 5 }, () => desk.passkeys.finishSignIn(challenge, answer)),
    )
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    await expect(desk.passkeys.finishSignIn(challenge, answer)).rejects.toEqual(
      refusal('SIGN_IN_OVER'),
    )
  })

  it('answers in time', async () => {
    const key = await add(mara)
    const { challenge, options } = await desk.passkeys.beginSignIn(null)
    desk.now.ms += CEREMONY_MS
    await expect(desk.passkeys.finishSignIn(challenge, key.get(options))).rejects.toEqual(
      refusal('SIGN_IN_OVER'),
    )
  })

  it('with one counter is for one of two copies of a key', async () => {
    const key = await add(mara)
    const begun = [await desk.passkeys.beginSignIn(null), await desk.passkeys.beginSignIn(null)]
    const outcomes = await Promise.allSettled(
      begun.map(({ challenge, options }) =>
        desk.passkeys.finishSignIn(challenge, key.get(options, { counter: 7 })),
      ),
    )
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  it('works with a key that does not count', async () => {
    const key = await add(mara, newAuthenticator(ORIGIN), { counter: 0 })
    for (let i = 0; i < 2; i++) expect((await signIn(key, { counter: 0 })).agent.id).toBe('mara')
  })

  it('is over for a suspended agent', async () => {
    const key = await add(mara)
    await desk.people.suspend('mara', 'root', 'x')
    await expect(signIn(key)).rejects.toEqual(refusal('AGENT_SUSPENDED'))
  })

  it('is over once the key is removed', async () => {
    const key = await add(mara)
    await desk.passkeys.remove(mara, key.id)
    await expect(signIn(key)).rejects.toEqual(refusal('PASSKEY_REFUSED'))
    await expect(desk.passkeys.remove(mara, key.id)).rejects.toEqual(refusal('PASSKEY_UNKNOWN'))
    expect(desk.acts()).toContain('agent.changed passkey removed')
  })
})

describe('stepping up by a passkey', () => {
  const stepUp = async (key: ReturnType<typeof newAuthenticator>, by: Caller, as = by) => {
    const { challenge, options } = await desk.passkeys.beginSignIn(by)
    return desk.passkeys.finishStepUp(as, challenge, key.get(options))
  }

  it('offers one’s own keys and makes the session fresh', async () => {
    const key = await add(mara)
    desk.now.ms += STEP_UP_MS + 1
    const { options } = await desk.passkeys.beginSignIn(mara)
    expect(options.allowCredentials?.map(({ id }) => id)).toEqual([key.id])
    const fresh = await stepUp(key, mara)
    expect(fresh.session.stepUpAtMs).toBe(desk.now.ms)
  })

  it('does not take a colleague’s key', async () => {
    const lea = (await desk.signIn('lea', await desk.newDevice())).caller
    const key = await add(lea)
    await expect(stepUp(key, mara)).rejects.toEqual(refusal('PASSKEY_REFUSED'))
  })

  it('is not a sign-in, and a sign-in no step-up', async () => {
    const key = await add(mara)
    const other = (await desk.signIn('mara', await desk.newDevice())).caller
    await expect(stepUp(key, mara, other)).rejects.toEqual(refusal('SIGN_IN_OVER'))
    const begun = await desk.passkeys.beginSignIn(mara)
    const answer = key.get(begun.options)
    await expect(desk.passkeys.finishSignIn(begun.challenge, answer)).rejects.toEqual(
      refusal('SIGN_IN_OVER'),
    )
    const plain = await desk.passkeys.beginSignIn(null)
    const late = desk.passkeys.finishStepUp(mara, plain.challenge, key.get(plain.options))
    await expect(late).rejects.toEqual(refusal('SIGN_IN_OVER'))
  })
})

describe('ceremonies', () => {
  it('of one kind are not finished as another', async () => {
    const key = await add(mara)
    const adding = await desk.passkeys.beginAdding(mara)
    const options = { challenge: adding.options.challenge, rpId: 'desk.example' }
    const finishing = desk.passkeys.finishStepUp(mara, adding.challenge, key.get(options))
    await expect(finishing).rejects.toEqual(refusal('SIGN_IN_OVER'))
  })

  it('are forgotten once over, and bounded', async () => {
    const rows = Array.from({ length: CEREMONIES_MAX }, (_, i) => ({
      id: `${i}`,
      kind: 'x',
      payload: '{}',
      expires_at_ms: desk.now.ms + (i < 100 ? 1 : CEREMONY_MS),
    }))
    for (let at = 0; at < rows.length; at += 10_000)
      await desk.db
        .insertInto('telltale.challenges')
        .values(rows.slice(at, at + 10_000))
        .execute()
    await expect(desk.passkeys.beginSignIn(null)).rejects.toEqual(refusal('SIGN_IN_BUSY'))
    desk.now.ms += 1
    const begun = await desk.passkeys.beginSignIn(null)
    expect(begun.challenge).toMatch(/^[\w-]{43}$/)
  })

  it('are kept under a hash of what continues them', async () => {
    const { challenge } = await desk.passkeys.beginSignIn(null)
    const rows = await desk.db.selectFrom('telltale.challenges').selectAll().execute()
    expect(JSON.stringify(rows)).not.toContain(challenge)
  })

  it.each(['', 'x', 'A'.repeat(43), "'; drop"])('are not continued by %j', async (secret) => {
    const { sessions } = desk
    await expect(desk.passkeys.finishSignIn(secret, {})).rejects.toEqual(refusal('SIGN_IN_OVER'))
    expect(await sessions.list('mara')).toHaveLength(1)
  })
})
