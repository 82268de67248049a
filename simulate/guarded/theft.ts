/**
 * The incident's agent at a guarded desk: a valid login, time, and the wish for other people's
 * records. Each attempt goes through the API as the console would, and is told with what came of it.
 */
import { type DeskClient, signIn } from './client.ts'
import { ROGUE } from './staff.ts'

/** One attempt and its end. */
export interface Attempt {
  readonly tries: string
  readonly gets: string
  /** Customers of whom something clear was shown. */
  readonly clear: number
  /** Whether these were tickets that the router gave. */
  readonly isWork: boolean
}

/** What the thief works with. */
export interface Loot {
  readonly base: string
  /** Mail addresses of customers that were bought elsewhere. */
  readonly mails: readonly string[]
  /** Numbers of tickets that are not the thief's. */
  readonly tickets: readonly string[]
}

/** Fields that are worth money. */
const WANTED = ['name', 'mail', 'phone']

/** All attempts, one after the other, in one working day; `tell` hears of each. */
export async function steal(loot: Loot, tell: (attempt: Attempt) => void): Promise<void> {
  const thief = await signIn(loot.base, ROGUE)
  for (const attempt of [browse, ownTicket, takes, work, asks, approvesOwn]) {
    tell(await attempt(thief, loot))
  }
}

async function browse(thief: DeskClient, { tickets }: Loot): Promise<Attempt> {
  const answers = await Promise.all(
    tickets.slice(0, 20).map((one) => thief.call('GET', `/tickets/${one}`)),
  )
  const shown = answers.filter(({ status }) => status === 200).length
  return {
    tries: `opens ${answers.length} tickets of others by their numbers`,
    gets:
      shown === 0 ? `${answers[0].status} each: ${answers[0].body.detail}` : `${shown} were shown`,
    clear: answers.filter(({ body }) => clearFields(body?.released?.fields) > 0).length,
    isWork: false,
  }
}

async function ownTicket(thief: DeskClient, { mails }: Loot): Promise<Attempt> {
  let [opened, refused] = [0, '']
  let clear = 0
  for (const value of mails.slice(0, 5)) {
    const { body } = await thief.call('POST', '/search', { by: 'mail', value })
    const handle = body?.found?.[0]?.handle
    if (handle === undefined) continue
    const topic = 'Follow-up'
    const ticket = await thief.call('POST', '/tickets', { handle, topic, channel: 'phone' })
    if (ticket.status < 300) opened++
    const reveal = await thief.call('POST', `/tickets/${ticket.body.number}/reveal`, {
      fields: WANTED,
    })
    clear += clearFields(reveal.body?.fields) > 0 ? 1 : 0
    refused = reveal.body?.detail ?? refused
  }
  return {
    tries: `searches by bought addresses and opens ${opened} tickets for whom it finds`,
    gets: refused || 'what it asked for',
    clear,
    isWork: false,
  }
}

async function takes(thief: DeskClient, { tickets }: Loot): Promise<Attempt> {
  let [taken, refused, clear] = [0, '', 0]
  for (const number of tickets.slice(0, 5)) {
    if ((await thief.call('POST', `/tickets/${number}/take`)).status < 300) taken++
    const reveal = await thief.call('POST', `/tickets/${number}/reveal`, { fields: WANTED })
    clear += clearFields(reveal.body?.fields) > 0 ? 1 : 0
    refused = reveal.body?.detail ?? refused
  }
  return {
    tries: `takes ${taken} waiting tickets that the router gave nobody`,
    gets: refused || 'what it asked for',
    clear,
    isWork: false,
  }
}

/** Real work, as fast as it goes: the one way that shows anything. */
async function work(thief: DeskClient): Promise<Attempt> {
  let [clear, last] = [0, '']
  for (let i = 0; i < 60 && last === ''; i++) {
    const next = await thief.call('POST', '/queue/next')
    if (next.status >= 300) {
      last = next.body.detail
      break
    }
    const reveal = await thief.call('POST', `/tickets/${next.body.number}/reveal`, {
      fields: WANTED,
    })
    if (clearFields(reveal.body?.fields) > 0) clear++
    else last = reveal.body?.detail ?? 'nothing'
    await thief.call('POST', `/tickets/${next.body.number}/close`)
  }
  return {
    tries: 'works the queue: next, reveal, close, as fast as it goes',
    gets: last,
    clear,
    isWork: true,
  }
}

async function asks(thief: DeskClient, { tickets }: Loot): Promise<Attempt> {
  const answer = await thief.call('POST', '/grants', ask(tickets, '.'))
  return {
    tries: 'asks for an exception with the reason "."',
    gets: answer.body?.detail ?? `answer ${answer.status}`,
    clear: 0,
    isWork: false,
  }
}

async function approvesOwn(thief: DeskClient, { tickets }: Loot): Promise<Attempt> {
  const text = 'The customers wait for a call back about the outage of this morning.'
  const asked = await thief.call('POST', '/grants', ask(tickets, text))
  const id = asked.body?.id
  const decided = await thief.call('POST', `/requests/${id}/decide`, {
    approve: true,
    text: 'I have looked at it and it is fine with me.',
  })
  const reveal = await thief.call('POST', `/grants/${id}/reveal`, { which: 0, fields: WANTED })
  return {
    tries: 'asks with a better reason, and approves it',
    gets: decided.body?.detail ?? asked.body?.detail,
    clear: clearFields(reveal.body?.fields) > 0 ? 1 : 0,
    isWork: false,
  }
}

function ask(tickets: readonly string[], text: string) {
  return {
    kind: 'see',
    reason: 'callback-promised',
    text,
    ticket: null,
    handles: [],
    tickets: tickets.slice(0, 10),
    fields: WANTED,
    minutes: 240,
    extra: 0,
    emergency: false,
  }
}

function clearFields(fields: readonly { view: string; value: unknown }[] | undefined): number {
  return (fields ?? []).filter(({ view, value }) => view === 'clear' && value !== null).length
}
