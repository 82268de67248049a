import { expect, it, vi } from 'vitest'
import { mldsaPublicKey, mldsaSign, mldsaVerify } from '../../src/tlog/mldsa.ts'

// What a Node without the algorithm does.
vi.mock(import('node:crypto'), async (original) => {
  const crypto = await original()
  const refuse = () => {
    throw Object.assign(new Error('unsupported'), { code: 'ERR_OSSL_EVP_DECODE_ERROR' })
  }
  return { ...crypto, createPrivateKey: refuse, createPublicKey: refuse }
})

it('says so where this Node has no ML-DSA-44', () => {
  const [seed, message] = [Buffer.alloc(32), Buffer.from('message')]
  const missing = expect.objectContaining({ code: 'ALGORITHM_MISSING' })
  expect(() => mldsaPublicKey(seed)).toThrow(missing)
  expect(() => mldsaSign(seed, message)).toThrow(missing)
  expect(() => mldsaVerify(Buffer.alloc(1312), message, Buffer.alloc(2420))).toThrow(missing)
})
