/** Disclosures on their way to a thread: their values without the names, which take longer to write
 * and to read than all else. */
import type { Disclosure } from '../tlog/sealed.ts'

/** The values of a disclosure, in the order of the alphabet. */
export type Packed = ReturnType<typeof packed>

/** Leaves the names out. */
export function packed(d: Disclosure) {
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

/** Puts them back. */
export function unpacked(values: Packed): Disclosure {
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
