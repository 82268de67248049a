/** Disclosures for tests. */
import fc from 'fast-check'
import { AT_MAX_MS, AT_MIN_MS } from '../../src/base/limits.ts'
import { GRADES, PATHS, PURPOSES } from '../../src/tlog/header.ts'
import type { Disclosure } from '../../src/tlog/sealed.ts'

/** A plain disclosure, with what is given instead of its own. */
export function disclosure(own: Partial<Disclosure> = {}): Disclosure {
  return {
    agent: 'ada',
    atMs: Date.UTC(2026, 0, 2),
    customers: ['C-1001'],
    fields: ['mail', 'phone'],
    masked: ['passport'],
    grade: 'routed',
    path: 'desk',
    purpose: 'ticket',
    query: null,
    queue: null,
    reference: 'T-77',
    session: 's-1',
    writer: null,
    ...own,
  }
}

/** Ids that count up from `start`. */
export function idsFrom(start: number): () => Buffer {
  let next = start
  return () => {
    const id = Buffer.alloc(16, 0x5a)
    id.writeUInt32BE(next++)
    return id
  }
}

const isControl = (text: string) => /\p{Cc}/u.test(text)

/** A text that may be sealed. */
export const anyText = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 60 })
  .filter((one) => !isControl(one) && one.isWellFormed())

/** A long text that may be sealed, with tabs and line breaks. */
export const anyLongText = fc
  .array(fc.oneof(anyText, fc.constantFrom('\n', '\t', '\r', '"', '\\')), {
    minLength: 1,
    maxLength: 20,
  })
  .map((parts) => parts.join(''))

/** Texts as a sealed list has them. */
export const anyNames = (minLength: number) =>
  fc
    .uniqueArray(anyText, { minLength, maxLength: 8 })
    .map((all) => all.sort((a, b) => (a < b ? -1 : 1)))
const optional = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: null })

/** Every disclosure that there can be, but for the length of its lists and texts. */
export const anyDisclosure: fc.Arbitrary<Disclosure> = fc
  .record({
    agent: anyText,
    atMs: fc.integer({ min: AT_MIN_MS, max: AT_MAX_MS }),
    customers: anyNames(1),
    fields: anyNames(0),
    masked: anyNames(0),
    grade: fc.constantFrom(...GRADES),
    path: fc.constantFrom(...PATHS),
    purpose: fc.constantFrom(...PURPOSES),
    query: optional(anyLongText),
    queue: optional(anyText),
    reference: optional(anyText),
    session: optional(anyText),
    writer: optional(anyText),
  })
  .map((d) => ({
    ...d,
    masked: d.masked.filter((name) => !d.fields.includes(name)),
    reference: d.purpose === 'none' ? null : d.reference,
  }))
