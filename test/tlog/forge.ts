/** Entries made by the plainest means, for tests. */
import { createCipheriv, createHash } from 'node:crypto'
import { expect } from 'vitest'
import type { Decision } from '../../src/tlog/decision.ts'
import { type Opened, type OpenedDisclosure, sealerFor } from '../../src/tlog/entry.ts'
import { type DecisionHeader, type Header, writeHeader } from '../../src/tlog/header.ts'
import { disclosure, idsFrom } from './disclosures.ts'

export const EPOCH = { epoch: 3, key: Buffer.alloc(32, 0xa1) }
export const sealer = sealerFor(EPOCH)

/** The entry of a disclosure that became one. */
export function only(entries: Buffer[]): Buffer {
  expect(entries).toHaveLength(1)
  return entries[0]
}

/** An opened entry, which is a disclosure. */
export function shown(opened: Opened): OpenedDisclosure {
  expect(opened.decision).toBeNull()
  return opened as OpenedDisclosure
}

/** What an opened entry decided. */
export function decided(opened: Opened): Decision {
  expect(opened.disclosure).toBeNull()
  return opened.decision as Decision
}

/** Header and sealed part as docs/formats.md has them, by the plainest means. */
export function naiveParts(entry: Buffer) {
  const lf = entry.indexOf(0x0a)
  return { header: JSON.parse(entry.toString('utf8', 0, lf)), sealed: entry.subarray(lf + 1), lf }
}

/** A disclosure's entry of any content, sealed as the page says but checked by nobody. */
export function forge(
  plain: Buffer,
  own: {
    customers?: number
    fields?: number
    purpose?: 'ticket' | 'none'
    commitment?: string
  } = {},
) {
  return forged(plain, (common) => ({
    kind: 'disclosure',
    ...common,
    customers: 1,
    fields: 0,
    grade: 'none',
    part: 1,
    parts: 1,
    path: 'api',
    purpose: 'none',
    ...own,
  }))
}

/** The same of a decision. */
export function forgeDecision(plain: Buffer, own: Partial<DecisionHeader> = {}) {
  return forged(plain, (common) => ({
    kind: 'decision',
    act: 'grant.approved',
    ...common,
    ...own,
  }))
}

type Common = Pick<DecisionHeader, 'agent' | 'atMs' | 'commitment' | 'epoch' | 'id'>

function forged(plain: Buffer, headerOf: (common: Common) => Header) {
  const key = sealer.keyOf(only(sealer.seal(disclosure(), idsFrom(1))))
  const commitment = createHash('sha256')
    .update(Buffer.concat([key.subarray(32), plain]))
    .digest('base64url')
  const header = writeHeader(
    headerOf({
      agent: sealer.pseudonym('ada'),
      atMs: Date.UTC(2026, 0, 2),
      commitment,
      epoch: 3,
      id: idsFrom(1)().toString('base64url'),
    }),
  )
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
