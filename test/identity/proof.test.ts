import { createHmac, createPrivateKey, generateKeyPairSync, sign } from 'node:crypto'
import fc from 'fast-check'
import { calculateJwkThumbprint } from 'jose'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { PROOF_AGE_MS } from '../../src/base/desk-limits.ts'
import { PROOF_BYTES_MAX, REFUSALS_TOLD_EVERY_MS } from '../../src/base/identity-limits.ts'
import { readProof } from '../../src/identity/proof.ts'
import { openDesk, present, type TestDesk, URL_OF_SESSION } from './desk.ts'
import { type Device, newDevice } from './device.ts'

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const decode = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString())

const nowMs = () => 1_800_000_000_500
const target = { method: 'GET', url: URL_OF_SESSION, notBeforeMs: 0 }
const read = (text: string | null, more: Partial<typeof target> = {}) =>
  readProof(text, { ...target, ...more }, nowMs())

describe('a proof', () => {
  let device: Device
  beforeEach(async () => {
    device = await newDevice(URL_OF_SESSION, nowMs)
  })

  it('tells the thumbprint of its key', async () => {
    const proof = await read(await device.prove({ jti: 'x'.repeat(16) }))
    const { kty, crv, x, y } = device.jwk
    expect(proof).toEqual({
      device: await calculateJwkThumbprint({ kty, crv, x, y } as never),
      key: { kty, crv, x, y },
      id: 'x'.repeat(16),
    })
  })

  it.each([
    ['another method', { method: 'POST' }, 'other-request'],
    ['the method in small letters', { method: 'get' }, 'other-request'],
    ['another path', { url: `${URL_OF_SESSION}/device` }, 'other-request'],
    ['another host', { url: 'https://evil.example/api/v1/session' }, 'other-request'],
    ['another scheme', { url: 'http://desk.example/api/v1/session' }, 'other-request'],
    ['a query', { url: `${URL_OF_SESSION}?x` }, 'other-request'],
    ['an id that is too short', { jti: 'x'.repeat(15) }, 'malformed'],
    ['an id that is too long', { jti: 'x'.repeat(65) }, 'malformed'],
    ['an id of other characters', { jti: 'x'.repeat(15).concat(' ') }, 'malformed'],
    ['a time too long ago', { iat: 1_800_000_000 - PROOF_AGE_MS / 1000 }, 'stale'],
    ['a time too far ahead', { iat: 1_800_000_001 + PROOF_AGE_MS / 1000 }, 'stale'],
    ['a time that is none', { iat: 1_800_000_000.5 }, 'malformed'],
    ['a time beyond all numbers', { iat: 1e300 }, 'malformed'],
    ['another type', { header: { typ: 'JWT' } }, 'malformed'],
    ['an address to fetch a key from', { header: { jku: 'https://evil.example' } }, 'malformed'],
    ['a key id beside', { header: { kid: '../../etc/passwd' } }, 'malformed'],
    ['no key', { header: { jwk: undefined } }, 'malformed'],
  ])('with %s does not hold', async (_, claims, why) => {
    expect(await read(await device.prove(claims))).toBe(why)
  })

  it.each([-PROOF_AGE_MS / 1000 + 1, PROOF_AGE_MS / 1000])(
    'holds while clocks differ by %d s',
    async (seconds) => {
      const proof = await device.prove({ iat: 1_800_000_000 + seconds })
      expect(await read(proof)).toMatchObject({ device: device.thumbprint })
    },
  )

  it('from before the process began does not hold: it may have been used', async () => {
    const proof = await device.prove({ iat: 1_800_000_000 })
    expect(await read(proof, { notBeforeMs: 1_800_000_002_000 })).toBe('stale')
    expect(await read(proof, { notBeforeMs: 1_800_000_001_999 })).toMatchObject({})
  })

  it('without a signature does not hold (alg none)', async () => {
    const [head, body] = (await device.prove()).split('.')
    for (const alg of ['none', 'None', 'NONE', '']) {
      const header = encode({ ...decode(head), alg })
      expect(await read(`${header}.${body}.`)).toBe('malformed')
      expect(await read(`${header}.${body}`)).toBe('malformed')
    }
  })

  it('with the public key taken for a shared secret does not hold (HS256)', async () => {
    const [head, body] = (await device.prove()).split('.')
    const header = encode({ ...decode(head), alg: 'HS256' })
    for (const key of [JSON.stringify(device.jwk), device.jwk.x!]) {
      const mac = createHmac('sha256', key).update(`${header}.${body}`).digest('base64url')
      expect(await read(`${header}.${body}.${mac}`)).toBe('malformed')
    }
    const secret = encode({ ...decode(head), alg: 'HS256', jwk: { kty: 'oct', k: 'AAAA' } })
    const mac = createHmac('sha256', Buffer.alloc(3)).update(`${secret}.${body}`)
    expect(await read(`${secret}.${body}.${mac.digest('base64url')}`)).toBe('malformed')
  })

  it('that carries its private key does not hold', async () => {
    const proof = await device.prove({ header: { jwk: device.privateJwk } })
    expect(device.privateJwk.d).toBeTypeOf('string')
    expect(await read(proof)).toBe('malformed')
  })

  it('by a key of another kind does not hold', async () => {
    const kinds = [
      ['RS256', generateKeyPairSync('rsa', { modulusLength: 2048 }), 'sha256'],
      ['EdDSA', generateKeyPairSync('ed25519'), null],
      ['ES384', generateKeyPairSync('ec', { namedCurve: 'P-384' }), 'sha384'],
      ['ES256', generateKeyPairSync('ec', { namedCurve: 'secp256k1' }), 'sha256'],
    ] as const
    for (const [alg, pair, digest] of kinds) {
      const jwk = pair.publicKey.export({ format: 'jwk' })
      const head = encode({ typ: 'dpop+jwt', alg, jwk })
      const body = (await device.prove()).split('.')[1]
      const key = { key: pair.privateKey, dsaEncoding: 'ieee-p1363' as const }
      const signature = sign(digest, Buffer.from(`${head}.${body}`), key).toString('base64url')
      expect(await read(`${head}.${body}.${signature}`), alg).toBe('malformed')
    }
  })

  it('with the key of another than who signed does not hold', async () => {
    const other = await newDevice(URL_OF_SESSION, nowMs)
    const { kty, crv, x, y } = device.jwk
    const proof = await other.prove({ header: { jwk: { kty, crv, x, y } } })
    expect(await read(proof)).toBe('unsigned')
  })

  it('with a point off the curve does not hold', async () => {
    const { kty, crv, x } = device.jwk
    const jwk = { kty, crv, x, y: Buffer.alloc(32, 1).toString('base64url') }
    expect(await read(await device.prove({ header: { jwk } }))).toBe('malformed')
  })

  it('in DER instead of the two numbers does not hold', async () => {
    const [head, body] = (await device.prove()).split('.')
    const key = createPrivateKey({ key: device.privateJwk as never, format: 'jwk' })
    const signature = sign('sha256', Buffer.from(`${head}.${body}`), key).toString('base64url')
    expect(await read(`${head}.${body}.${signature}`)).toBe('malformed')
  })

  it('changed anywhere does not hold', async () => {
    const proof = await device.prove()
    await fc.assert(
      fc.asyncProperty(
        fc.nat(proof.length - 2),
        fc.constantFrom('A', 'B', '.', '=', '~'),
        async (at, by) => {
          fc.pre(proof[at] !== by)
          expect(await read(proof.slice(0, at) + by + proof.slice(at + 1))).toBeTypeOf('string')
        },
      ),
    )
  })

  it('is never an error, whatever it is', async () => {
    expect(await read(null)).toBe('no-proof')
    expect(await read('')).toBe('no-proof')
    expect(await read('a'.repeat(PROOF_BYTES_MAX + 1))).toBe('malformed')
    await fc.assert(
      fc.asyncProperty(fc.json(), fc.json(), fc.base64String(), async (head, body, signature) => {
        const text = [head, body].map((part) => Buffer.from(part).toString('base64url')).join('.')
        expect(await read(`${text}.${signature}`)).toBe('malformed')
      }),
    )
  })
})

describe('a proof, presented with a session', () => {
  let desk: TestDesk
  let device: Device
  beforeEach(async () => {
    desk = await openDesk()
    device = await desk.newDevice()
    await desk.addAgent('mara')
  })
  afterEach(() => desk.close())

  const call = (secret: string, proof: string | null) =>
    desk.sessions.callerOf(present(secret, proof))
  const refused = expect.objectContaining({ code: 'DEVICE_REFUSED' })
  const told = () => desk.acts().filter((act) => act.startsWith('session.refused'))

  it('is needed: a copied cookie opens nothing, and is told', async () => {
    const { secret } = await desk.signIn('mara', device)
    await expect(call(secret, null)).rejects.toEqual(refused)
    expect(told()).toEqual(['session.refused no-proof'])
  })

  it('by another device is refused and told', async () => {
    const { secret, session } = await desk.signIn('mara', device)
    const thief = await desk.newDevice()
    const proof = await thief.prove()
    await expect(call(secret, proof)).rejects.toEqual(refused)
    expect(desk.decided.at(-1)).toMatchObject({
      act: 'session.refused',
      agent: 'mara',
      detail: 'other-device',
      reference: session.id,
    })
  })

  it('holds once', async () => {
    const { secret } = await desk.signIn('mara', device)
    const proof = await device.prove()
    expect((await call(secret, proof)).agent.id).toBe('mara')
    await expect(call(secret, proof)).rejects.toEqual(refused)
    expect(told()).toEqual(['session.refused replayed'])
  })

  it('holds once, in parallel too', async () => {
    const { secret } = await desk.signIn('mara', device)
    const proof = await device.prove()
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => call(secret, proof)))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  it('does not hold again after a restart', async () => {
    const { secret } = await desk.signIn('mara', device)
    const proof = await device.prove()
    expect((await call(secret, proof)).agent.id).toBe('mara')
    desk.now.ms += 3000
    const restarted = desk.restarted()
    await expect(restarted.callerOf(present(secret, proof))).rejects.toEqual(refused)
    const fresh = await device.prove()
    expect((await restarted.callerOf(present(secret, fresh))).agent.id).toBe('mara')
  })

  it('of one account does not serve another account that signs in on the same device', async () => {
    await desk.addAgent('mara-2', { person: 'mara' })
    const { secret } = await desk.signIn('mara', device)
    const proof = await device.prove()
    desk.now.ms += 3000
    const other = await desk.signIn('mara-2', device)
    await expect(call(other.secret, proof)).rejects.toEqual(refused)
    expect(told()).toEqual(['session.refused stale'])
    await expect(call(secret, await device.prove())).rejects.toMatchObject({
      code: 'SESSION_ENDED',
    })
    expect((await call(other.secret, await device.prove())).agent.id).toBe('mara-2')
  })

  it('refused a thousand times is told once a minute, with the count', async () => {
    const { secret } = await desk.signIn('mara', device)
    for (let i = 0; i < 1000; i++) await expect(call(secret, null)).rejects.toEqual(refused)
    expect(told()).toEqual(['session.refused no-proof'])
    desk.now.ms += REFUSALS_TOLD_EVERY_MS
    await expect(call(secret, null)).rejects.toEqual(refused)
    expect(told()[1]).toBe('session.refused no-proof, 999 more before')
  })

  it('is refused even where the log fails', async () => {
    const { secret } = await desk.signIn('mara', device)
    desk.log.fails = true
    await expect(call(secret, null)).rejects.toEqual(refused)
  })
})
