import { describe, expect, it } from 'vitest'
import { cosign, cosignSubtree, verifySignature } from '../../src/tlog/cosignature.ts'
import { ed25519Verify } from '../../src/tlog/ed25519.ts'
import { sha256 } from '../../src/tlog/hash.ts'
import { mldsaPublicKey, mldsaVerify } from '../../src/tlog/mldsa.ts'
import { formatNote, parseNote, type Signature } from '../../src/tlog/note.ts'
import { openCheckpoint, signCheckpoint, signersOf } from '../../src/tlog/signed.ts'
import { formatSkey, formatVkey, KEY_TYPE, parseSkey, parseVkey } from '../../src/tlog/vkey.ts'
import { codeOf, KEYS, keyOf, ORIGIN, TIME_S } from './notes.ts'

const TEXT = `${ORIGIN}\n5\n${sha256('root').toString('base64')}\n`

/** The signature with another time at its head. */
function withTime(signature: Signature, time: bigint): Signature {
  const bytes = Buffer.from(signature.bytes)
  bytes.writeBigUInt64BE(time)
  return { ...signature, bytes }
}

const hasMldsa = codeOf(() => mldsaPublicKey(Buffer.alloc(32))) === 'none'

describe('cosignatures by Ed25519', () => {
  const signature = cosign(KEYS.w1, TEXT, TIME_S)

  it('sign the message of the specification', () => {
    const message = Buffer.from(`cosignature/v1\ntime ${TIME_S}\n${TEXT}`)
    expect(signature.bytes).toHaveLength(72)
    expect(signature.bytes.readBigUInt64BE()).toBe(BigInt(TIME_S))
    expect(ed25519Verify(KEYS.w1.publicKey, message, signature.bytes.subarray(8))).toBe(true)
    expect(verifySignature(KEYS.w1, TEXT, signature)).toEqual({ timeS: TIME_S })
    expect(signature).toMatchObject({ name: 'witness.example/1', id: KEYS.w1.id })
  })

  it('do not hold for another time, text, key or length', () => {
    for (const wrong of [
      withTime(signature, BigInt(TIME_S + 1)),
      withTime(signature, 2n ** 53n),
      withTime(signature, 2n ** 64n - 1n),
      { ...signature, bytes: signature.bytes.subarray(0, 71) },
      { ...signature, bytes: Buffer.concat([signature.bytes, Buffer.of(0)]) },
      { ...signature, bytes: signature.bytes.subarray(8) },
      { ...signature, bytes: Buffer.of(1) },
    ]) {
      expect(verifySignature(KEYS.w1, TEXT, wrong)).toBeNull()
    }
    expect(verifySignature(KEYS.w1, TEXT.replace('\n5\n', '\n6\n'), signature)).toBeNull()
    expect(verifySignature(KEYS.w2, TEXT, signature)).toBeNull()
    const plain = keyOf(KEYS.w1.name, KEY_TYPE.ed25519)
    expect(verifySignature(plain, TEXT, signature)).toBeNull()
  })

  it('of a time beyond 2^53 - 1 are not read, whoever signed them', () => {
    expect(verifySignature(KEYS.w1, TEXT, cosign(KEYS.w1, TEXT, 2 ** 53 - 1))).not.toBeNull()
    expect(verifySignature(KEYS.w1, TEXT, cosign(KEYS.w1, TEXT, 2 ** 53))).toBeNull()
  })

  it('are given for checkpoints only', () => {
    expect(codeOf(() => cosign(KEYS.w1, 'any text\n', TIME_S))).toBe('CHECKPOINT_INVALID')
    const note = { text: 'any text\n', signatures: [signature] }
    expect(codeOf(() => signersOf(note, [KEYS.w1]))).toBe('CHECKPOINT_INVALID')
  })

  it('of one witness may be several: all must hold, the latest counts', () => {
    const later = cosign(KEYS.w1, TEXT, TIME_S + 60)
    for (const signatures of [
      [signature, later],
      [later, signature],
    ]) {
      const note = parseNote(formatNote({ text: TEXT, signatures }))
      expect(signersOf(note, [KEYS.w1])).toEqual([{ key: KEYS.w1, timeS: TIME_S + 60 }])
    }
    const signatures = [signature, withTime(signature, BigInt(TIME_S + 1))]
    expect(codeOf(() => signersOf({ text: TEXT, signatures }, [KEYS.w1]))).toBe('SIGNATURE_INVALID')
  })
})

describe.skipIf(!hasMldsa)('cosignatures by ML-DSA-44 (needs Node 24.6)', () => {
  const subtree = { origin: ORIGIN, start: 8, end: 13, root: sha256('part') }
  const key = () => keyOf('witness.example/pq', KEY_TYPE.mldsa)

  it('use the keys of RFC 9881, appendix C', () => {
    const seed = Buffer.from(Array.from({ length: 32 }, (_, i) => i))
    const publicKey = mldsaPublicKey(seed)
    expect(publicKey).toHaveLength(1312)
    expect(publicKey.toString('hex')).toMatch(
      /^d7b2b47254aae0db45e7930d4a98d2c97d8f1397d1789dafa17024b3/,
    )
  })

  it('have keys that come back as they were written', () => {
    expect(parseSkey(formatSkey(key()))).toEqual(key())
    const { seed: _, ...verifier } = key()
    expect(parseVkey(formatVkey(key()))).toEqual(verifier)
  })

  it('hold for their checkpoint and nothing else, not even another name', () => {
    const signature = cosign(key(), TEXT, TIME_S)
    expect(signature.bytes).toHaveLength(8 + 2420)
    expect(verifySignature(key(), TEXT, signature)).toEqual({ timeS: TIME_S })
    expect(verifySignature(key(), `${TEXT}extension\n`, signature)).toEqual({ timeS: TIME_S })
    expect(verifySignature({ ...key(), name: 'other' }, TEXT, signature)).toBeNull()
    expect(verifySignature(key(), TEXT.replace('\n5\n', '\n6\n'), signature)).toBeNull()
    expect(verifySignature(key(), TEXT.replace('example', 'elpmaxe'), signature)).toBeNull()
    expect(verifySignature(key(), TEXT, withTime(signature, BigInt(TIME_S + 1)))).toBeNull()
    const short = { ...signature, bytes: signature.bytes.subarray(0, -1) }
    expect(verifySignature(key(), TEXT, short)).toBeNull()
  })

  it('of a part of a log sign the message of the specification, without a time', () => {
    const { bytes } = cosignSubtree(key(), subtree)
    expect(bytes.subarray(0, 8)).toEqual(Buffer.alloc(8))
    const message = Buffer.concat([
      Buffer.from('subtree/v1\n\0'),
      Buffer.from(`\x12witness.example/pq`),
      Buffer.alloc(8),
      Buffer.from(`\x0f${ORIGIN}`),
      Buffer.from('0000000000000008000000000000000d', 'hex'),
      subtree.root,
    ])
    expect(mldsaVerify(key().publicKey, message, bytes.subarray(8))).toBe(true)
    message[message.length - 1] ^= 1
    expect(mldsaVerify(key().publicKey, message, bytes.subarray(8))).toBe(false)
  })

  it('sign checkpoints as a log as well, where the log has such a key', () => {
    const log = keyOf(ORIGIN, KEY_TYPE.mldsa)
    const checkpoint = { origin: ORIGIN, size: 5, root: sha256('root'), extensions: [] }
    const { note } = openCheckpoint(signCheckpoint(checkpoint, log), log)
    expect(signersOf(note, [log])).toEqual([{ key: log, timeS: 0 }])
  })
})
