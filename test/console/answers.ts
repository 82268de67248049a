/** What a desk answers, as fixed values of the API's shapes: for tests of what the pages make of it. */
import type { Access } from '../../src/http/desk/shapes/access.ts'
import type { Grant, Grants, Request, Requests } from '../../src/http/desk/shapes/grants.ts'
import type { Colleagues, People, Teams } from '../../src/http/desk/shapes/people.ts'
import type { SearchAnswer } from '../../src/http/desk/shapes/search.ts'
import type {
  Passkey,
  Session,
  Sessions,
  SignInOptions,
} from '../../src/http/desk/shapes/session.ts'
import type { Released, ShownField } from '../../src/http/desk/shapes/shown.ts'
import type { Queue, TicketPage, TicketRow } from '../../src/http/desk/shapes/tickets.ts'
import { wordsOf } from '../../src/http/desk/words.ts'

const NOW_MS = Date.now()
const MIN_MS = 60_000
const ago = (minutes: number) => NOW_MS - minutes * MIN_MS

const FIELDS = [
  { name: 'name', class: 'identity', mask: 'name' },
  { name: 'mail', class: 'contact', mask: 'mail' },
  { name: 'phone', class: 'contact', mask: 'phone' },
  { name: 'address', class: 'contact', mask: 'text' },
  { name: 'product', class: 'reference', mask: 'text' },
  { name: 'notes', class: 'text', mask: 'text' },
  { name: 'payment', class: 'sensitive', mask: 'text' },
] as const
const WORDS = wordsOf(FIELDS)

/** Of somebody with these roles. */
export function session(roles: Session['agent']['roles'], demo = true): Session {
  return {
    agent: { id: 'mika', name: 'Mika Sato', pseudonym: 'A-7F3K', team: 'billing', roles },
    session: {
      id: 's-1',
      expiresAtMs: NOW_MS + 7 * 60 * MIN_MS,
      stepUpUntilMs: NOW_MS + 5 * MIN_MS,
    },
    demo,
    signIn: ['passkey', 'oidc', 'demo'],
    words: WORDS,
  }
}

export const signInOptions: SignInOptions = {
  demo: true,
  passkey: true,
  oidc: 'Sign in with the company directory',
  people: [
    { agent: 'mika', name: 'Mika Sato', roles: ['agent'] },
    { agent: 'lena', name: 'Lena Brandt', roles: ['agent', 'lead'] },
    { agent: 'odd', name: 'Odd Nyström', roles: ['officer'] },
    { agent: 'ada', name: 'Ada Park', roles: ['admin'] },
  ],
}

const row = (number: string, part: Partial<TicketRow> = {}): TicketRow => ({
  number,
  queue: 'Billing',
  topic: 'Charged twice in November',
  channel: 'mail',
  state: 'open',
  openedAtMs: ago(190),
  contactAtMs: ago(12),
  assignee: 'mika',
  priority: 0,
  ...part,
})

export const queue: Queue = {
  mine: [
    row('10482', { priority: 2 }),
    row('10471', {
      topic: 'Cannot sign in after the move',
      queue: 'Accounts',
      channel: 'phone',
      contactAtMs: ago(64),
    }),
    row('10466', {
      topic: 'Delivery came without the cable',
      queue: 'Delivery',
      channel: 'chat',
      contactAtMs: ago(260),
    }),
    row('10398', { topic: null, channel: 'web', openedAtMs: ago(3000), contactAtMs: ago(2800) }),
  ],
  cursor: null,
  waiting: [
    { queue: 'Billing', count: 14, oldestAtMs: ago(95) },
    { queue: 'Accounts', count: 3, oldestAtMs: ago(22) },
    { queue: 'Delivery', count: 0, oldestAtMs: null },
  ],
}

const MASKS: Record<string, string> = {
  name: 'Aiko T.',
  mail: 'a•••@e•••.com',
  phone: '+81 ••• ••12',
  address: '•••',
}
const VALUES: Record<string, string> = {
  name: 'Aiko Tanaka',
  mail: 'aiko@example.com',
  phone: '+81 3 5550 0112',
  address: '2-1 Example, Tokyo',
}

const field = (name: string, part: Partial<ShownField>): ShownField => ({
  ...WORDS.fields.find((one) => one.name === name)!,
  view: 'hidden',
  value: null,
  onReveal: null,
  advice: null,
  policies: ['policy'],
  ...part,
})

const budget = { used: { hour: 6, day: 31, week: 112 }, limits: { hour: 20, day: 80, week: 300 } }

/** A ticket whose purpose is good, or rests on the agent's own word. */
export function ticket(grade: 'customer' | 'self', part: Partial<TicketPage> = {}): TicketPage {
  const isGood = grade === 'customer'
  const masked = Object.entries(MASKS).map(([name, value]) =>
    field(name, {
      view: 'masked',
      value,
      onReveal: isGood ? 'clear' : null,
      advice: isGood ? 'reveal' : 'ask-code',
    }),
  )
  const released: Released = {
    purpose: { kind: 'ticket', reference: '10482', queue: 'Billing', grade, ended: null },
    fields: [
      ...masked,
      field('product', { view: 'clear', value: 'Harbour M, 12 months' }),
      isGood
        ? field('notes', { view: 'clear', value: 'Prefers mail. Moved in October.' })
        : field('notes', { advice: 'ask-code' }),
      field('payment', { advice: 'ask-grant' }),
    ],
    conversation: isGood ? conversation : null,
    entry: 48_210,
    budget,
  }
  const codeTo = [
    { field: 'mail', masked: MASKS.mail },
    { field: 'phone', masked: MASKS.phone },
  ]
  return { ticket: row('10482'), released, codeTo, code: null, mayWrite: ['out', 'note'], ...part }
}

const conversation: Released['conversation'] = [
  {
    id: '1',
    atMs: ago(190),
    direction: 'in',
    author: null,
    body: 'Hello,\n\nmy card was charged twice for November: on the 3rd and on the 5th. Could you look at it, please?',
    delivery: null,
  },
  {
    id: '2',
    atMs: ago(150),
    direction: 'note',
    author: 'Lena Brandt',
    body: 'The second charge is from the old contract. Refund needs a form 12.',
    delivery: null,
  },
  {
    id: '3',
    atMs: ago(140),
    direction: 'out',
    author: 'Lena Brandt',
    body: 'Thank you for telling us. The second charge belongs to the contract that ended in October; we return it within five days.',
    delivery: 'sent',
  },
  {
    id: '4',
    atMs: ago(12),
    direction: 'in',
    author: null,
    body: 'Thank you! Will I get a receipt for it?',
    delivery: null,
  },
]

/** What a reveal of this field answers. */
export function revealed(name: string): Released {
  const { released } = ticket('customer')
  const fields = [field(name, { view: 'clear', value: VALUES[name] ?? null })]
  return { ...released, fields, conversation: null, entry: 48_211 }
}

export const found: SearchAnswer = {
  found: [
    {
      handle: 'h-1',
      fields: Object.entries(MASKS).map(([name, value]) => {
        const { label } = WORDS.fields.find((one) => one.name === name)!
        return { name, label, view: 'masked', value }
      }),
      openTicketYours: '10482',
    },
  ],
}

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

export const access: Access = {
  budget,
  searches: { lastHour: 4, missesLastHour: 1 },
  shown: Array.from({ length: 24 }, (_, index) => {
    const kind = index % 9 === 4 ? 'grant' : index % 11 === 7 ? 'none' : 'ticket'
    return {
      atMs: ago(8 + index * 21 + (index > 9 ? 540 : 0)),
      entry: 48_210 - index * 7,
      path: 'desk',
      purpose: {
        kind,
        reference: kind === 'none' ? null : `${10_482 - index}`,
        queue: 'Billing',
        grade: 'customer',
        ended: null,
      },
      customers: 1,
      fields: [
        { name: 'name', view: 'masked' },
        { name: 'phone', view: index % 3 === 0 ? 'clear' : 'masked' },
      ],
    } as const
  }).map((one) => ({ ...one, fields: [...one.fields] })),
  cursor: null,
}

export const sessions: Sessions = {
  sessions: [
    {
      id: 's-1',
      method: 'passkey',
      createdAtMs: ago(61),
      seenAtMs: ago(0),
      expiresAtMs: NOW_MS + 400 * MIN_MS,
      endedAtMs: null,
      current: true,
    },
    {
      id: 's-2',
      method: 'oidc',
      createdAtMs: ago(200),
      seenAtMs: ago(14),
      expiresAtMs: NOW_MS + 200 * MIN_MS,
      endedAtMs: null,
      current: false,
    },
    {
      id: 's-3',
      method: 'passkey',
      createdAtMs: ago(1600),
      seenAtMs: ago(1300),
      expiresAtMs: ago(1100),
      endedAtMs: ago(1285),
      current: false,
    },
  ],
}

export const passkeys: { passkeys: Passkey[] } = {
  passkeys: [
    { id: 'p-1', label: 'This laptop', createdAtMs: ago(90_000), usedAtMs: ago(61) },
    { id: 'p-2', label: 'Blue key', createdAtMs: ago(90_000), usedAtMs: null },
  ],
}

const person = (id: string, name: string, part: Partial<People['people'][number]> = {}) => ({
  id,
  person: id,
  name,
  pseudonym: `A-${id.toUpperCase()}`,
  team: 'billing',
  roles: ['agent' as const],
  kind: 'person' as const,
  status: 'active' as const,
  mail: `${id}@desk.example`,
  externalId: null,
  ...part,
})

export const people: People = {
  people: [
    person('ada', 'Ada Park', { roles: ['admin'], team: null }),
    person('lena', 'Lena Brandt', { roles: ['agent', 'lead'] }),
    person('mika', 'Mika Sato'),
    person('noor', 'Noor Haddad', { status: 'suspended', team: 'accounts' }),
  ],
  cursor: null,
}

export const teams: Teams = {
  teams: [
    { id: 'billing', name: 'Billing', agents: 12, budget: { hour: 14, day: 62, week: 240 } },
    { id: 'accounts', name: 'Accounts', agents: 7, budget: { hour: 9, day: 40, week: 170 } },
  ],
}

export const colleagues: Colleagues = {
  colleagues: [
    { id: 'lena', name: 'Lena Brandt', team: 'Billing' },
    { id: 'ines', name: 'Ines Costa', team: 'Accounts' },
  ],
  cursor: null,
}
