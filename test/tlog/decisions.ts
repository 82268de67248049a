/** Decisions for tests. */
import fc from 'fast-check'
import { AT_MAX_MS, AT_MIN_MS } from '../../src/base/limits.ts'
import type { Decision } from '../../src/tlog/decision.ts'
import { ACTS } from '../../src/tlog/header.ts'
import { anyLongText, anyNames, anyText } from './disclosures.ts'

/** A plain decision, with what is given instead of its own. */
export function decision(own: Partial<Decision> = {}): Decision {
  return {
    act: 'grant.approved',
    agent: 'lea',
    atMs: Date.UTC(2026, 0, 2),
    customers: ['C-1001'],
    detail: null,
    reason: null,
    reference: 'G-7',
    session: 's-1',
    subject: 'ada',
    writer: null,
    ...own,
  }
}

const optional = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: null })

/** Every decision that there can be, but for the length of its lists and texts. */
export const anyDecision: fc.Arbitrary<Decision> = fc.record({
  act: fc.constantFrom(...ACTS),
  agent: anyText,
  atMs: fc.integer({ min: AT_MIN_MS, max: AT_MAX_MS }),
  customers: anyNames(0),
  detail: optional(anyText),
  reason: optional(anyLongText),
  reference: optional(anyText),
  session: optional(anyText),
  subject: optional(anyText),
  writer: optional(anyText),
})
