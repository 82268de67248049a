/** Exceptions, as fixed values of the API's shapes. */
import type { Grant, Grants, Request, Requests } from '../../../src/http/desk/shapes/grants.ts'
import { ago, MIN_MS, NOW_MS } from './world.ts'

export const grant = (part: Partial<Grant> = {}): Grant => ({
  id: 'g-1',
  kind: 'see',
  agent: 'mika',
  agentName: 'Mika Sato',
  reason: 'fraud-check',
  text: 'The bank asks whether the second charge is ours; they need the last digits of the card.',
  ticket: '10482',
  customerCount: 3,
  fields: ['phone', 'payment'],
  minutes: 30,
  extra: 0,
  emergency: false,
  state: 'approved',
  askedAtMs: ago(26),
  liveFromMs: ago(9),
  liveUntilMs: NOW_MS + 21 * MIN_MS,
  decidedBy: 'lena',
  decidedAtMs: ago(9),
  decisionText: 'Card digits only, and tell me when it is done.',
  review: null,
  reviewedBy: null,
  ...part,
})

const undecided = {
  liveFromMs: null,
  liveUntilMs: null,
  decidedBy: null,
  decidedAtMs: null,
  decisionText: null,
}

export const grants: Grants = {
  grants: [
    grant(),
    grant({
      id: 'g-2',
      kind: 'budget',
      state: 'asked',
      extra: 20,
      customerCount: 0,
      ticket: null,
      askedAtMs: ago(3),
      ...undecided,
    }),
    grant({
      id: 'g-3',
      state: 'denied',
      askedAtMs: ago(1500),
      liveFromMs: null,
      liveUntilMs: null,
    }),
    grant({ id: 'g-4', emergency: true, state: 'ended', review: 'fine', askedAtMs: ago(4000) }),
  ],
  cursor: null,
}

const request = (part: Partial<Request>): Request => ({
  ...grant({ state: 'asked', ...undecided }),
  asker: { asked30d: 9, approved30d: 7, peersMedian30d: 1, liveTickets: 4 },
  mine: { decidedToday: 6, approvedToday: 6, approvedForThem7d: 3, medianSeconds: 11 },
  whyNot: [
    'Asked 9 times in 30 days; comparable colleagues ask once.',
    'Two of the three customers have no ticket of theirs.',
    'You approved all 6 you decided today, in 11 seconds each.',
  ],
  blocked: null,
  ...part,
})

export const requests: Requests = {
  requests: [
    request({ id: 'r-1' }),
    request({
      id: 'r-2',
      agentName: 'Jonas Weber',
      kind: 'export',
      customerCount: 120,
      whyNot: [],
      blocked: 'exports are decided by an officer.',
    }),
    request({
      id: 'r-3',
      agentName: 'Ines Costa',
      emergency: true,
      text: 'Caller said somebody is hurt.',
    }),
  ],
  cursor: null,
}
