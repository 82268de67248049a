/** Changing tickets: who may is the store's to say, in one step; what is told of it is said here. */
import { randomBytes } from 'node:crypto'
import { MESSAGE_CHARS_MAX, NAME_CHARS_MAX } from '../base/desk-http-limits.ts'
import { TelltaleError } from '../base/errors.ts'
import type { Handles } from '../disclosure/handles.ts'
import type { FactsPort } from '../disclosure/ports.ts'
import type { Caller } from '../guard/facts.ts'
import type { Decision } from '../tlog/decision.ts'
import type { Act } from '../tlog/header.ts'
import { checkNumber, checkRole, isName, textOf } from './checks.ts'
import { decisionOf } from './decisions.ts'
import { ownTicket } from './own.ts'
import type { Tickets } from './ports.ts'
import { type ReplyPorts, whyNoReply } from './replies.ts'
import type { Changed, Decide, NewTicket, TicketStore } from './stores.ts'

/** What changes need. */
export interface ChangePorts extends ReplyPorts {
  /** null: tickets of a guarded help desk, which are changed there. */
  readonly store: TicketStore | null
  readonly facts: FactsPort
  readonly handles: Pick<Handles, 'open'>
  readonly decide: Decide
  readonly now: () => number
}

type Changes = Omit<Tickets, 'queue' | 'page' | 'call'>

/** Changes tickets through these. */
export function createChanges(ports: ChangePorts): Changes {
  return { ...createGains(ports), ...createHands(ports) }
}

/** How a ticket becomes the caller's. */
function createGains(ports: ChangePorts): Pick<Changes, 'next' | 'take' | 'open' | 'reopen'> {
  return {
    next: async (caller) => {
      const store = ours(ports, caller)
      const atMs = ports.now()
      const told = tell(ports, caller, atMs, 'ticket.taken', { detail: 'given by the router' })
      return store.next(caller.agent.id, atMs, told)
    },

    take: async (caller, number) => {
      const store = ours(ports, caller, number)
      const atMs = ports.now()
      const told = tell(ports, caller, atMs, 'ticket.taken', { detail: 'by its number' })
      return store.take(caller.agent.id, number, atMs, told)
    },

    open: async (caller, handle, { topic, channel, queue }) => {
      const store = ours(ports, caller)
      if (queue !== null && !isName(queue)) throw new TelltaleError('QUEUE_NOT_YOURS', {})
      const atMs = ports.now()
      const ticket: NewTicket = {
        number: newNumber(),
        customer: ports.handles.open(caller, handle, atMs),
        topic: textOf('topic', topic, NAME_CHARS_MAX),
        channel: channelOf(channel),
        queue,
      }
      const said = { detail: `channel ${ticket.channel}`, reason: ticket.topic }
      const told = tell(ports, caller, atMs, 'ticket.opened', said)
      return store.open(caller.agent.id, ticket, atMs, told)
    },

    reopen: async (caller, number) => {
      const store = ours(ports, caller, number)
      const atMs = ports.now()
      return store.reopen(
        caller.agent.id,
        number,
        atMs,
        tell(ports, caller, atMs, 'ticket.reopened'),
      )
    },
  }
}

/** How it becomes another's, ends, or goes on. */
function createHands(ports: ChangePorts): Pick<Changes, 'assign' | 'close' | 'merge' | 'write'> {
  return {
    assign: async (caller, number, to) => {
      const store = ours(ports, caller, number)
      if (!isName(to)) throw new TelltaleError('ASSIGNEE_UNKNOWN', {})
      const atMs = ports.now()
      await store.assign(caller.agent.id, number, to, atMs, (changed) => {
        const detail = changed.row.assignee === caller.agent.id ? null : 'as lead'
        return tell(ports, caller, atMs, 'ticket.assigned', { detail, subject: to })(changed)
      })
    },

    close: async (caller, number) => {
      const store = ours(ports, caller, number)
      const atMs = ports.now()
      await store.close(caller.agent.id, number, atMs, (closed) => {
        const detail = closed.isContacted ? null : 'closed without contact'
        return tell(ports, caller, atMs, 'ticket.closed', { detail })(closed)
      })
    },

    merge: async (caller, number, into) => {
      const store = ours(ports, caller, number, into)
      const atMs = ports.now()
      const told = tell(ports, caller, atMs, 'ticket.merged', { detail: `into ${into}` })
      await store.merge(caller.agent.id, number, into, atMs, told)
    },

    write: async (caller, number, direction, body) => {
      const store = ours(ports, caller, number)
      const text = textOf('message', body, MESSAGE_CHARS_MAX)
      const mailId = direction === 'out' ? await mailIdFor(ports, caller, number) : null
      const atMs = ports.now()
      const message = { atMs, direction, author: caller.agent.name, body: text, mailId }
      await store.write(caller.agent.id, number, message)
    },
  }
}

/** Throws MESSAGES_UNAVAILABLE where no mail can go to the customer of this ticket. */
async function mailIdFor(ports: ChangePorts, caller: Caller, number: string): Promise<string> {
  const { customer } = await ownTicket(ports.facts, caller, number, ports.now())
  const why = await whyNoReply(ports, customer)
  if (why !== null || ports.replies === null) {
    throw new TelltaleError('MESSAGES_UNAVAILABLE', { why: why ?? '' })
  }
  return ports.replies.newMailId()
}

function ours(ports: ChangePorts, caller: Caller, ...numbers: readonly string[]): TicketStore {
  checkRole(caller)
  for (const number of numbers) checkNumber(number)
  if (ports.store === null) throw new TelltaleError('SOURCE_READ_ONLY', {})
  return ports.store
}

/** Tells the log of a change before it counts. */
function tell(
  { decide }: ChangePorts,
  caller: Caller,
  atMs: number,
  act: Act,
  more: Partial<Decision> = {},
): (changed: Changed) => Promise<unknown> {
  return ({ row, customer }) => {
    const said = { act, customers: [customer], reference: row.number, ...more }
    return decide(decisionOf(caller, atMs, said))
  }
}

const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** One of 2^50: nobody meets another by counting, or by chance. */
function newNumber(): string {
  const letters = [...randomBytes(10)].map((byte) => LETTERS[byte & 31])
  return `T-${letters.slice(0, 5).join('')}-${letters.slice(5).join('')}`
}

const CHANNELS = ['mail', 'phone', 'web', 'chat'] as const

function channelOf(text: string): NewTicket['channel'] {
  const channel = CHANNELS.find((one) => one === text)
  if (channel === undefined) throw new TelltaleError('TEXT_INVALID', { what: 'channel' })
  return channel
}
