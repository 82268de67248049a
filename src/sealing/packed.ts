/** What is sealed on its way to a thread: of disclosures the values without the names, which take
 * longer to write and to read than all else. Decisions are few and keep theirs. */
import type { Decision } from '../tlog/decision.ts'
import { isDecision, type Sealable } from '../tlog/entry.ts'
import type { Disclosure } from '../tlog/sealed.ts'

/** The values of a disclosure, in the order of the alphabet. */
type Values = ReturnType<typeof valuesOf>

/** A disclosure without the names, or a decision. */
export type Packed = Values | Decision

/** Leaves the names out of a disclosure. */
export function packed(one: Sealable): Packed {
  return isDecision(one) ? one : valuesOf(one)
}

/** Puts them back. */
export function unpacked(one: Packed): Sealable {
  return isValues(one) ? disclosureOf(one) : one
}

function isValues(one: Packed): one is Values {
  return Array.isArray(one)
}

function valuesOf(d: Disclosure) {
  const { agent, atMs, customers, fields, grade, masked, path, purpose } = d
  const { query, queue, reference, session, writer } = d
  return [
    agent,
    atMs,
    customers,
    fields,
    grade,
    masked,
    path,
    purpose,
    query,
    queue,
    reference,
    session,
    writer,
  ] as const
}

function disclosureOf(values: Values): Disclosure {
  const [agent, atMs, customers, fields, grade, masked, path, purpose, ...rest] = values
  const [query, queue, reference, session, writer] = rest
  return {
    agent,
    atMs,
    customers,
    fields,
    grade,
    masked,
    path,
    purpose,
    query,
    queue,
    reference,
    session,
    writer,
  }
}
