/** Tickets, as fixed values of the API's shapes. */
import type { SearchAnswer } from '../../../src/http/desk/shapes/search.ts'
import type { Released, ShownField } from '../../../src/http/desk/shapes/shown.ts'
import type { Queue, TicketPage, TicketRow } from '../../../src/http/desk/shapes/tickets.ts'
import { ago, budget, WORDS } from './world.ts'

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
