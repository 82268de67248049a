import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PURPOSE_LIVE_MS } from '../../src/base/desk-limits.ts'
import type { TicketFacts } from '../../src/guard/facts.ts'
import { ticketPurpose } from '../../src/guard/purpose.ts'
import { type Grounded, lowerGrounds } from '../../src/tickets/grounds.ts'
import { GRADES } from '../../src/tlog/header.ts'

const NOW_MS = Date.UTC(2026, 2, 2)
const agents = fc.constantFrom('me', 'b', 'c', null)
const grounded: fc.Arbitrary<Grounded> = fc.record({
  originKind: fc.constantFrom('customer', 'system', 'agent'),
  originAgent: agents,
  assignedKind: fc.constantFrom('router', 'agent', null),
  assignedAgent: agents,
  contactAtMs: fc.integer({ min: NOW_MS - 2 * PURPOSE_LIVE_MS, max: NOW_MS }),
})

function purposeOf(one: Grounded, reader: string) {
  const facts: TicketFacts = {
    number: 'T',
    customer: 'C',
    queue: null,
    state: 'open',
    origin: { kind: one.originKind, agent: one.originAgent },
    assignee: reader,
    assignment: one.assignedKind && { kind: one.assignedKind, agent: one.assignedAgent },
    // Long ago, so that only contacts keep it alive.
    assignedAtMs: NOW_MS - 3 * PURPOSE_LIVE_MS,
    contactAtMs: one.contactAtMs,
    codes: [],
  }
  return ticketPurpose(facts, reader, NOW_MS)
}
const depthOf = (one: Grounded, reader: string) =>
  GRADES.indexOf(purposeOf({ ...one, contactAtMs: NOW_MS }, reader).grade)

describe('what two tickets that become one rest on', () => {
  it('is for nobody better grounded than either of them was', () => {
    fc.assert(
      fc.property(
        grounded,
        grounded,
        fc.constantFrom('me', 'b', 'c', 'd'),
        (stays, goes, reader) => {
          const kept = lowerGrounds(stays, goes, 'me')
          // Another reader is given it anew: only who opened it counts for them.
          const asGiven = (one: Grounded): Grounded =>
            reader === 'me' ? one : { ...one, assignedKind: 'router', assignedAgent: null }
          const depths = [stays, goes].map((one) => depthOf(asGiven(one), reader))
          expect(depthOf(asGiven(kept), reader)).toBeGreaterThanOrEqual(Math.max(...depths))
        },
      ),
    )
  })

  it('is alive only if one of them was', () => {
    fc.assert(
      fc.property(grounded, grounded, (stays, goes) => {
        const kept = lowerGrounds(stays, goes, 'me')
        const isAlive = (one: Grounded) => purposeOf(one, 'me').ended === null
        if (isAlive(kept)) expect([stays, goes].some(isAlive)).toBe(true)
        expect([stays.contactAtMs, goes.contactAtMs]).toContain(kept.contactAtMs)
      }),
    )
  })

  it('is not kept alive by what an agent opened beside what a customer began', () => {
    const genuine: Grounded = {
      originKind: 'customer',
      originAgent: null,
      assignedKind: 'agent',
      assignedAgent: 'b',
      contactAtMs: NOW_MS - PURPOSE_LIVE_MS - 1,
    }
    const own: Grounded = {
      ...genuine,
      originKind: 'agent',
      originAgent: 'me',
      contactAtMs: NOW_MS,
    }
    for (const [stays, goes] of [
      [genuine, own],
      [own, genuine],
    ]) {
      expect(purposeOf(lowerGrounds(stays, goes, 'me'), 'me').ended).toBe('stale')
    }
  })
})
