import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PURPOSE_LIVE_MS } from '../../src/base/desk-limits.ts'
import type { GrantFacts, PassedCode, TicketFacts } from '../../src/guard/facts.ts'
import { grantPurpose, ticketPurpose } from '../../src/guard/purpose.ts'
import { GRADES, type Grade } from '../../src/tlog/header.ts'

const NOW_MS = Date.UTC(2026, 2, 1, 12)
const HOUR_MS = 3_600_000
const ME = 'kim'
const OTHER = 'lee'

const routed: TicketFacts = {
  number: 'T-1',
  customer: 'c-1',
  queue: 'billing',
  state: 'open',
  origin: { kind: 'customer', agent: null },
  assignee: ME,
  assignment: { kind: 'router', agent: null },
  assignedAtMs: NOW_MS - HOUR_MS,
  contactAtMs: NOW_MS - 2 * HOUR_MS,
  codes: [],
}
const codeBy = (agent: string, assignedAtMs = routed.assignedAtMs): PassedCode => ({
  agent,
  assignedAtMs,
  passedAtMs: NOW_MS - 1000,
})
const gradeOf = (change: Partial<TicketFacts>) =>
  ticketPurpose({ ...routed, ...change }, ME, NOW_MS).grade
const endedOf = (change: Partial<TicketFacts>) =>
  ticketPurpose({ ...routed, ...change }, ME, NOW_MS).ended

const ORIGINS = {
  customer: { kind: 'customer', agent: null },
  system: { kind: 'system', agent: null },
  colleague: { kind: 'agent', agent: OTHER },
  self: { kind: 'agent', agent: ME },
  nobody: { kind: 'agent', agent: null },
  unknown: null,
} as const
const ASSIGNMENTS = {
  router: { kind: 'router', agent: null },
  colleague: { kind: 'agent', agent: OTHER },
  self: { kind: 'agent', agent: ME },
  nobody: { kind: 'agent', agent: null },
  unknown: null,
} as const

describe("a ticket's grade", () => {
  it.each<[keyof typeof ORIGINS, keyof typeof ASSIGNMENTS, Grade]>([
    ['customer', 'router', 'customer'],
    ['customer', 'colleague', 'colleague'],
    ['customer', 'self', 'self'],
    ['customer', 'nobody', 'self'],
    ['customer', 'unknown', 'self'],
    ['system', 'router', 'routed'],
    ['system', 'colleague', 'colleague'],
    ['system', 'self', 'self'],
    ['system', 'unknown', 'self'],
    ['colleague', 'router', 'colleague'],
    ['colleague', 'colleague', 'colleague'],
    ['colleague', 'self', 'self'],
    ['colleague', 'unknown', 'self'],
    ['self', 'router', 'self'],
    ['self', 'colleague', 'self'],
    ['self', 'self', 'self'],
    ['nobody', 'router', 'self'],
    ['unknown', 'router', 'self'],
    ['unknown', 'unknown', 'self'],
  ])('begun by %s, assigned by %s, is %s', (origin, assignment, grade) => {
    expect(gradeOf({ origin: ORIGINS[origin], assignment: ASSIGNMENTS[assignment] })).toBe(grade)
  })

  it('is the customer by the code that this agent passed on this assignment', () => {
    const origin = ORIGINS.self
    const assignment = ASSIGNMENTS.self
    expect(gradeOf({ origin, assignment, codes: [codeBy(ME)] })).toBe('customer')
    expect(gradeOf({ origin, assignment, codes: [codeBy(OTHER)] })).toBe('self')
    expect(gradeOf({ origin, assignment, codes: [codeBy(ME, 5)] })).toBe('self')
    expect(gradeOf({ origin, assignment, assignedAtMs: null, codes: [codeBy(ME, null)] })).toBe(
      'self',
    )
  })

  it('takes anybody’s code on this ticket for a contact of the customer', () => {
    expect(gradeOf({ origin: null, codes: [codeBy(OTHER, 5)] })).toBe('customer')
    expect(
      gradeOf({ origin: null, assignment: ASSIGNMENTS.colleague, codes: [codeBy(OTHER)] }),
    ).toBe('colleague')
  })
})

describe("a ticket's life", () => {
  it('ends by closing, by going to somebody else, by silence', () => {
    expect(endedOf({})).toBeNull()
    expect(endedOf({ state: 'closed' })).toBe('closed')
    expect(endedOf({ assignee: OTHER })).toBe('not-assigned')
    expect(endedOf({ assignee: null })).toBe('not-assigned')
    expect(ticketPurpose(null, ME, NOW_MS)).toEqual({
      kind: 'ticket',
      reference: null,
      queue: null,
      grade: 'none',
      ended: 'not-found',
    })
  })

  it('tells nothing of whether a ticket of somebody else is open', () => {
    expect(endedOf({ assignee: OTHER, state: 'closed' })).toBe('not-assigned')
  })

  it('lasts 14 days from a contact, a routing or a code, to the millisecond', () => {
    const longAgo = NOW_MS - 2 * PURPOSE_LIVE_MS
    const last = NOW_MS - PURPOSE_LIVE_MS
    const old = { contactAtMs: longAgo, assignedAtMs: longAgo }
    expect(endedOf(old)).toBe('stale')
    expect(endedOf({ ...old, contactAtMs: last })).toBeNull()
    expect(endedOf({ ...old, contactAtMs: last - 1 })).toBe('stale')
    expect(endedOf({ ...old, assignedAtMs: last })).toBeNull()
    expect(endedOf({ ...old, assignedAtMs: last - 1 })).toBe('stale')
    expect(endedOf({ ...old, codes: [{ ...codeBy(ME), passedAtMs: last }] })).toBeNull()
    expect(endedOf({ ...old, codes: [{ ...codeBy(ME), passedAtMs: last - 1 }] })).toBe('stale')
  })

  it('is not prolonged by an agent who takes or is given it, nor by a time that is none', () => {
    const contactAtMs = NOW_MS - PURPOSE_LIVE_MS - 1
    for (const assignment of [ASSIGNMENTS.self, ASSIGNMENTS.colleague, null]) {
      expect(endedOf({ contactAtMs, assignedAtMs: NOW_MS, assignment })).toBe('stale')
    }
    const assignment = ASSIGNMENTS.self
    expect(endedOf({ contactAtMs: Number.NaN, assignment })).toBe('stale')
    expect(endedOf({ contactAtMs: Number.POSITIVE_INFINITY, assignment })).toBe('stale')
    expect(endedOf({ contactAtMs: NOW_MS + 2 * 24 * HOUR_MS, assignment })).toBe('stale')
  })
})

const someone = fc.constantFrom(ME, OTHER, 'ann', null)
const time = fc.integer({ min: NOW_MS - 2 * PURPOSE_LIVE_MS, max: NOW_MS })
const anyTicket: fc.Arbitrary<TicketFacts> = fc.record({
  number: fc.constant('T-1'),
  customer: fc.constant('c-1'),
  queue: fc.constant('billing'),
  state: fc.constantFrom('open', 'closed'),
  origin: fc.option(
    fc.record({ kind: fc.constantFrom('customer', 'system', 'agent'), agent: someone }),
  ),
  assignee: someone,
  assignment: fc.option(fc.record({ kind: fc.constantFrom('router', 'agent'), agent: someone })),
  assignedAtMs: fc.option(time),
  contactAtMs: time,
  codes: fc.array(
    fc.record({
      agent: fc.constantFrom(ME, OTHER, 'ann'),
      assignedAtMs: fc.option(time),
      passedAtMs: time,
    }),
    { maxLength: 3 },
  ),
})
const rank = (grade: Grade) => GRADES.length - GRADES.indexOf(grade)

/** What an agent can do to a ticket alone. */
const ALONE: Record<string, (ticket: TicketFacts) => TicketFacts> = {
  takes: (t) => ({
    ...t,
    assignee: ME,
    assignment: { kind: 'agent', agent: ME },
    assignedAtMs: NOW_MS,
  }),
  reopens: (t) => ({
    ...t,
    state: 'open',
    assignee: ME,
    assignment: { kind: 'agent', agent: ME },
    assignedAtMs: NOW_MS,
  }),
  closes: (t) => ({ ...t, state: 'closed' }),
  gives: (t) => ({
    ...t,
    assignee: OTHER,
    assignment: { kind: 'agent', agent: ME },
    assignedAtMs: NOW_MS,
  }),
}

describe('an agent alone', () => {
  it('raises no grade, whatever the ticket and whatever they do to it, in any order', () => {
    fc.assert(
      fc.property(
        anyTicket,
        fc.array(fc.constantFrom(...Object.keys(ALONE)), { minLength: 1, maxLength: 6 }),
        (ticket, acts) => {
          const before = ticketPurpose(ticket, ME, NOW_MS).grade
          const after = acts.reduce<TicketFacts>((t, act) => ALONE[act](t), ticket)
          const { grade } = ticketPurpose(after, ME, NOW_MS)
          // `self` is what everybody has of a ticket they take; above it, nothing is gained.
          expect(rank(grade)).toBeLessThanOrEqual(Math.max(rank(before), rank('self')))
        },
      ),
    )
  })

  it('gets from a ticket of their own that travels through others no more than self', () => {
    fc.assert(
      fc.property(anyTicket, (ticket) => {
        const own: TicketFacts = { ...ticket, origin: ORIGINS.self, codes: [] }
        expect(rank(ticketPurpose(own, ME, NOW_MS).grade)).toBeLessThanOrEqual(rank('self'))
      }),
    )
  })

  it('has the grade none exactly where the purpose does not hold', () => {
    fc.assert(
      fc.property(anyTicket, (ticket) => {
        const { grade, ended } = ticketPurpose(ticket, ME, NOW_MS)
        expect(grade === 'none').toBe(ended !== null)
      }),
    )
  })

  it('has less by less that is known', () => {
    fc.assert(
      fc.property(anyTicket, fc.constantFrom('origin', 'assignment', 'assignedAtMs'), (t, key) => {
        const known = ticketPurpose(t, ME, NOW_MS).grade
        const less = ticketPurpose({ ...t, [key]: null }, ME, NOW_MS).grade
        expect(rank(less)).toBeLessThanOrEqual(rank(known))
      }),
    )
  })
})

const grant: GrantFacts = {
  id: 'g-1',
  kind: 'see',
  agent: ME,
  customers: ['c-1', 'c-2'],
  fields: ['phone'],
  emergency: false,
  state: 'approved',
  liveFromMs: NOW_MS - 1000,
  liveUntilMs: NOW_MS + 1000,
}

describe('a grant', () => {
  it.each<[string, Partial<GrantFacts>, string | null, Grade]>([
    ['approved', {}, null, 'colleague'],
    ['used at once', { emergency: true }, null, 'self'],
    ['of somebody else', { agent: OTHER }, 'not-found', 'none'],
    ['that waits', { state: 'asked' }, 'not-approved', 'none'],
    ['that was denied', { state: 'denied' }, 'not-approved', 'none'],
    ['that was ended', { state: 'ended' }, 'over', 'none'],
    ['whose time is over', { liveUntilMs: NOW_MS }, 'over', 'none'],
    ['whose time has not come', { liveFromMs: NOW_MS + 1 }, 'over', 'none'],
    ['without times', { liveFromMs: null, liveUntilMs: null }, 'over', 'none'],
    ['with a time that is none', { liveUntilMs: Number.NaN }, 'over', 'none'],
    ['of other customers', { customers: ['c-2'] }, 'other-customer', 'none'],
  ])('%s', (_, change, ended, grade) => {
    expect(grantPurpose({ ...grant, ...change }, ME, 'c-1', NOW_MS)).toEqual({
      kind: 'grant',
      reference: 'g-1',
      queue: null,
      grade,
      ended,
    })
  })

  it('that there is not', () => {
    expect(grantPurpose(null, ME, 'c-1', NOW_MS)).toMatchObject({
      grade: 'none',
      ended: 'not-found',
    })
  })

  it('as a whole names whichever customers it names', () => {
    expect(grantPurpose(grant, ME, null, NOW_MS).ended).toBeNull()
  })
})
