/** Entries made by the plainest means, for tests. */
import { createCipheriv, createHash } from 'node:crypto'
import { expect } from 'vitest'
import { sealerFor } from '../../src/tlog/entry.ts'
import { writeHeader } from '../../src/tlog/header.ts'
import { disclosure, idsFrom } from './disclosures.ts'

export const EPOCH = { epoch: 3, key: Buffer.alloc(32, 0xa1) }
export const sealer = sealerFor(EPOCH)

/** The entry of a disclosure that became one. */
export function only(entries: Buffer[]): Buffer {
  expect(entries).toHaveLength(1)
  return entries[0]
}

/** Header and sealed part as docs/formats.md has them, by the plainest means. */
export function naiveParts(entry: Buffer) {
  const lf = entry.indexOf(0x0a)
  return { header: JSON.parse(entry.toString('utf8', 0, lf)), sealed: entry.subarray(lf + 1), lf }
}

/** An entry of any content, sealed as the page says but checked by nobody. */
export function forge(
  plain: Buffer,
  own: {
    customers?: number
    fields?: number
    purpose?: 'ticket' | 'none'
    commitment?: string
  } = {},
) {
  const key = sealer.keyOf(only(sealer.seal(disclosure(), idsFrom(1))))
  const commitment = createHash('sha256')
    .update(Buffer.concat([key.subarray(32), plain]))
    .digest('base64url')
  const header = writeHeader({
    kind: 'disclosure',
    agent: sealer.pseudonym('ada'),
    atMs: Date.UTC(2026, 0, 2),
    commitment,
    customers: 1,
    epoch: 3,
    fields: 0,
    grade: 'none',
    id: idsFrom(1)().toString('base64url'),
    part: 1,
    parts: 1,
    path: 'api',
    purpose: 'none',
    ...own,
  })
  const cipher = createCipheriv('aes-256-gcm', key.subarray(0, 32), Buffer.alloc(12))
  cipher.setAAD(Buffer.from(header))
  const sealed = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()])
  return { entry: Buffer.concat([Buffer.from(`${header}\n`), sealed]), key }
}

/** Padding as docs/formats.md has it. */
export const padded = (text: string | Buffer) => {
  const bytes = Buffer.from(text as string)
  return Buffer.concat([bytes, Buffer.alloc((64 - (bytes.length % 64)) % 64)])
}
