import type { Ask } from '../../../src/http/desk/shapes/grants.ts'

/** A request as it is being written. */
export interface Draft {
  readonly kind: Ask['kind']
  readonly reason: Ask['reason']
  readonly text: string
  /** Numbers of tickets whose customers are meant, as typed. */
  readonly tickets: string
  readonly fields: readonly string[]
  readonly minutes: number
  readonly extra: number
  readonly emergency: boolean
}

const MINUTES_DEFAULT = 30
const EXTRA_DEFAULT = 20

/** What the form begins with. */
export function emptyDraft(
  reason: Ask['reason'],
  tickets: string,
  fields: readonly string[],
): Draft {
  const [minutes, extra] = [MINUTES_DEFAULT, EXTRA_DEFAULT]
  return { kind: 'see', reason, text: '', tickets, fields, minutes, extra, emergency: false }
}

/** The tickets' numbers, however they were set apart. */
function ticketsOf(draft: Draft): string[] {
  return [...new Set(draft.tickets.split(/[\s,;]+/).filter(Boolean))]
}

/** What is sent. */
export function bodyOf(draft: Draft, handles: readonly string[]): Ask {
  const isBudget = draft.kind === 'budget'
  const tickets = ticketsOf(draft)
  return {
    kind: draft.kind,
    reason: draft.reason,
    text: draft.text.trim(),
    ticket: tickets.length === 1 ? tickets[0] : null,
    handles: isBudget ? [] : [...handles],
    tickets: isBudget ? [] : tickets,
    fields: isBudget ? [] : [...draft.fields],
    minutes: draft.minutes,
    extra: isBudget ? draft.extra : 0,
    emergency: draft.kind === 'see' && draft.emergency,
  }
}

/** What is still missing, in the words of the form; null: nothing. */
export function missingOf(draft: Draft, found: number): string | null {
  if (draft.kind !== 'budget' && found + ticketsOf(draft).length === 0)
    return 'Say for whom: a ticket, or a customer from a search.'
  if (draft.kind !== 'budget' && draft.fields.length === 0) return 'Say which fields.'
  return draft.text.trim() === '' ? 'Say what for.' : null
}
