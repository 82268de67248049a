/** The formulas of docs/formats.md in the most naive way. */
import { createCipheriv, createHash, createHmac } from 'node:crypto'

/** RFC 5869, section 2.3, on node's own HMAC. */
export function naiveExpand(key: Uint8Array, info: Uint8Array, length: number): Buffer {
  let block = Buffer.alloc(0)
  let out = Buffer.alloc(0)
  for (let i = 1; out.length < length; i++) {
    block = createHmac('sha256', key).update(block).update(info).update(Buffer.of(i)).digest()
    out = Buffer.concat([out, block])
  }
  return out.subarray(0, length)
}

/** Section 10.4: the key of an entry. */
export function naiveEntryKey(epochKey: Uint8Array, id: Uint8Array): Buffer {
  return naiveExpand(epochKey, Buffer.concat([Buffer.from('telltale/v1 entry\0'), id]), 64)
}

/**
 * Ciphertext and tag, `blocks` blocks long, that AES-256-GCM with a nonce of zeros and this additional
 * data takes under both keys: GCM's tag is linear in the ciphertext, so one block can be solved for.
 * (NIST SP 800-38D; the attack is that of Dodis et al., "Fast Message Franking", 2018.)
 */
export function openingUnderBoth(
  keys: readonly [Uint8Array, Uint8Array],
  additional: Buffer,
  blocks: number,
): Buffer {
  const pad = Buffer.alloc((16 - (additional.length % 16)) % 16)
  const lengths = Buffer.alloc(16)
  lengths.writeBigUInt64BE(BigInt(additional.length) * 8n, 0)
  lengths.writeBigUInt64BE(BigInt(blocks) * 128n, 8)
  const ciphertext = Buffer.alloc(blocks * 16, 0x33)
  ciphertext.fill(0, 0, 16) // The block to solve for.
  const hashed = () => Buffer.concat([additional, pad, ciphertext, lengths])
  const subkeys = keys.map((key) => toField(encrypted(key, Buffer.alloc(16))))
  const masks = keys.map((key) =>
    toField(encrypted(key, Buffer.from(`${'00'.repeat(15)}01`, 'hex'))),
  )
  const tags = () => subkeys.map((h, i) => ghash(h, hashed()) ^ masks[i])
  const [one, other] = tags()
  const [powerOne, powerOther] = subkeys.map((h) => power(h, BigInt(blocks + 1)))
  const solved = multiply(one ^ other, power(powerOne ^ powerOther, 2n ** 128n - 2n))
  fromField(solved).copy(ciphertext)
  return Buffer.concat([ciphertext, fromField(tags()[0])])
}

function encrypted(key: Uint8Array, block: Buffer): Buffer {
  return createCipheriv('aes-256-ecb', key, null).setAutoPadding(false).update(block)
}

const toField = (block: Buffer) => BigInt(`0x${block.toString('hex')}`)
const fromField = (value: bigint) => Buffer.from(value.toString(16).padStart(32, '0'), 'hex')

/** Multiplication in GCM's field: the first bit is the lowest power. */
function multiply(a: bigint, b: bigint): bigint {
  let product = 0n
  let shifted = b
  for (let bit = 127n; bit >= 0n; bit--) {
    if ((a >> bit) & 1n) product ^= shifted
    shifted = (shifted >> 1n) ^ (shifted & 1n ? 0xe1n << 120n : 0n)
  }
  return product
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n << 127n
  for (let square = base, left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = multiply(result, square)
    square = multiply(square, square)
  }
  return result
}

function ghash(h: bigint, bytes: Buffer): bigint {
  let sum = 0n
  for (let at = 0; at < bytes.length; at += 16) {
    sum = multiply(sum ^ toField(bytes.subarray(at, at + 16)), h)
  }
  return sum
}

function sha256(...parts: Uint8Array[]): Buffer {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

/** Section 2: the hash of an entry. */
export function naiveLeaf(entry: Uint8Array): Buffer {
  return sha256(Buffer.of(0), entry)
}

/** Section 2: the root, RFC 6962 section 2.1 word by word and without any code of ours. */
export function naiveRoot(leaves: readonly Buffer[]): Buffer {
  if (leaves.length === 0) return sha256()
  if (leaves.length === 1) return leaves[0]
  let k = 1
  while (k * 2 < leaves.length) k *= 2
  return sha256(Buffer.of(1), naiveRoot(leaves.slice(0, k)), naiveRoot(leaves.slice(k)))
}
