/** Tickets and what was written in them. */
import { type Random, random } from '../random.ts'

export interface SeedTicket {
  readonly number: string
  readonly customer: number
  readonly queue: string
  readonly topic: string
  readonly channel: 'mail' | 'phone' | 'web' | 'chat'
  readonly priority: number
  /** How long ago it was opened. */
  readonly ageMs: number
  readonly isOpen: boolean
  readonly messages: readonly {
    readonly ageMs: number
    readonly direction: 'in' | 'out'
    readonly body: string
  }[]
}

interface Topic {
  readonly queue: string
  readonly topic: string
  readonly asks: string
  readonly answer: string
}

const TOPICS: readonly Topic[] = [
  {
    queue: 'home',
    topic: 'Licence does not activate',
    asks: 'I bought a new laptop and the key I have is refused as already in use. The old one is broken, so I cannot sign out there.',
    answer:
      'I have released the old device. Please try the same key again and tell me what you see.',
  },
  {
    queue: 'home',
    topic: 'Scan slows the computer',
    asks: 'Every day at noon the scan starts and I can hardly type. Can it run at night?',
    answer: 'Yes: Settings, Scans, Schedule. Choose "when idle" and it waits until you are away.',
  },
  {
    queue: 'home',
    topic: 'A caller said he was from you',
    asks: 'Somebody called me this morning, knew my name and my last ticket number, and wanted to connect to my computer. Was that you?',
    answer:
      'No, we never call without an appointment. Please do not let them in; I have noted the time and the number.',
  },
  {
    queue: 'mobile',
    topic: 'Phone was replaced',
    asks: 'New phone, same number. The app asks for a code that goes to the old one.',
    answer: 'I have sent a code to the mail address we have on record instead.',
  },
  {
    queue: 'mobile',
    topic: 'Warnings in the wrong language',
    asks: 'Since the update all warnings are in Dutch. I do not speak Dutch.',
    answer: 'That is our mistake; the version of Thursday mends it.',
  },
  {
    queue: 'billing',
    topic: 'Charged twice',
    asks: 'There are two payments of 59.99 on my statement, one day apart. I only have one subscription.',
    answer: 'The second one is on its way back to you; banks take three to five days.',
  },
  {
    queue: 'billing',
    topic: 'Cancel the renewal',
    asks: 'Please do not renew in December. I have moved to another product.',
    answer: 'It is cancelled; you keep what you paid for until the end of the year.',
  },
]

const HOUR_MS = 3_600_000

/** A ticket that its customer started; open ones are younger. */
export function seedTicket(
  seed: number,
  number: number,
  customers: number,
  isOpen: boolean,
): SeedTicket {
  const rng = random(seed, `ticket/${number}`)
  const topic = rng.pick(TOPICS)
  const ageMs = Math.round(
    isOpen ? rng.between(0.1, 20) * HOUR_MS : rng.between(48, 2000) * HOUR_MS,
  )
  return {
    number: `T-${String(20_000 + number)}`,
    customer: rng.below(customers),
    queue: topic.queue,
    topic: topic.topic,
    channel: rng.pick(['mail', 'web', 'chat', 'phone']),
    priority: rng.chance(0.1) ? 2 : rng.chance(0.3) ? 1 : 0,
    ageMs,
    isOpen,
    messages: conversation(rng, topic, ageMs, isOpen),
  }
}

function conversation(rng: Random, topic: Topic, ageMs: number, isOpen: boolean) {
  const first = { ageMs, direction: 'in' as const, body: topic.asks }
  if (isOpen && rng.chance(0.7)) return [first]
  const answered = { ageMs: Math.round(ageMs * 0.7), direction: 'out' as const, body: topic.answer }
  const thanks = {
    ageMs: Math.round(ageMs * 0.4),
    direction: 'in' as const,
    body: 'Thank you, I will try that.',
  }
  return [first, answered, thanks]
}
