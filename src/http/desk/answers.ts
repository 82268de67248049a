/** What services give, in the shapes of the API: each names what it lets through. */
import type { ShownField as FieldBy, Released as ReleasedBy } from '../../disclosure/ports.ts'
import type { Grant as GrantBy, Request as RequestBy } from '../../grants/ports.ts'
import type { Purpose as PurposeBy } from '../../guard/facts.ts'
import type { PersonRow } from '../../identity/ports.ts'
import type { TicketPage as PageBy, TicketRow as RowBy } from '../../tickets/ports.ts'
import type { Grant, Request } from './shapes/grants.ts'
import type { Person } from './shapes/people.ts'
import type { Purpose, Released, ShownField } from './shapes/shown.ts'
import type { TicketPage, TicketRow } from './shapes/tickets.ts'
import { labelOf } from './words.ts'

/** A ticket in a list. */
export function ticketRowOf(row: RowBy): TicketRow {
  const { number, queue, topic, channel, state, openedAtMs, contactAtMs, assignee, priority } = row
  return { number, queue, topic, channel, state, openedAtMs, contactAtMs, assignee, priority }
}

/** Why, and how well that is grounded. */
export function purposeOf({ kind, reference, queue, grade, ended }: PurposeBy): Purpose {
  return { kind, reference, queue, grade, ended }
}

/** Without the customer's key: nothing takes it, so nobody needs it. */
export function releasedOf(released: ReleasedBy): Released {
  const { purpose, fields, conversation, entry, budget } = released
  return {
    purpose: purposeOf(purpose),
    fields: fields.map(shownFieldOf),
    conversation: conversation?.map((message) => ({ ...message })) ?? null,
    entry,
    budget: { used: { ...budget.used }, limits: { ...budget.limits } },
  }
}

function shownFieldOf({ field, view, value, onReveal, advice, policies }: FieldBy): ShownField {
  return {
    name: field.name,
    class: field.class,
    label: labelOf(field.name),
    view,
    // A value that a mistake left on a hidden field goes no further than here.
    value: view === 'hidden' ? null : value,
    onReveal,
    advice,
    policies: [...policies],
  }
}

/** A ticket with its customer. */
export function ticketPageOf({ ticket, released, codeTo, code, mayWrite }: PageBy): TicketPage {
  return {
    ticket: ticketRowOf(ticket),
    released: releasedOf(released),
    codeTo: codeTo.map(({ field, masked }) => ({ field, masked })),
    code: code && { ...code },
    mayWrite: [...mayWrite],
  }
}

/** An exception. */
export function grantOf(grant: GrantBy): Grant {
  const { id, kind, agent, agentName, reason, text, ticket, customerCount, fields } = grant
  const { minutes, extra, emergency, state, askedAtMs, liveFromMs, liveUntilMs } = grant
  const { decidedBy, decidedAtMs, decisionText, review, reviewedBy } = grant
  return {
    id,
    kind,
    agent,
    agentName,
    reason,
    text,
    ticket,
    customerCount,
    fields: [...fields],
    minutes,
    extra,
    emergency,
    state,
    askedAtMs,
    liveFromMs,
    liveUntilMs,
    decidedBy,
    decidedAtMs,
    decisionText,
    review,
    reviewedBy,
  }
}

/** An exception that waits. */
export function requestOf(request: RequestBy): Request {
  const { asker, mine, whyNot, blocked } = request
  return {
    ...grantOf(request),
    asker: { ...asker },
    mine: { ...mine },
    whyNot: [...whyNot],
    blocked,
  }
}

/** An agent, for admins. */
export function personOf(row: PersonRow): Person {
  const { id, person, name, pseudonym, team, roles, kind, status, mail, externalId } = row
  return { id, person, name, pseudonym, team, roles: [...roles], kind, status, mail, externalId }
}
