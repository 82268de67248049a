/** Why an agent may see a customer now, and how well that is grounded: docs/desk.md, "Purpose and grade". */
import { PURPOSE_LIVE_MS } from '../base/desk-limits.ts'
import { FUTURE_TOLERANCE_S } from '../base/limits.ts'
import { GRADES, type Grade } from '../tlog/header.ts'
import type { Ended, GrantFacts, Purpose, TicketFacts } from './facts.ts'

/** The purpose that a ticket is for this agent; its grade is `none` where it does not hold. */
export function ticketPurpose(ticket: TicketFacts | null, agentId: string, nowMs: number): Purpose {
  const ended = ticketEnded(ticket, agentId, nowMs)
  return {
    kind: 'ticket',
    reference: ticket?.number ?? null,
    queue: ticket?.queue ?? null,
    grade: ticket === null || ended !== null ? 'none' : ticketGrade(ticket, agentId),
    ended,
  }
}

/** The purpose that a grant is for this agent and customer; `customer` null: whichever it names. */
export function grantPurpose(
  grant: GrantFacts | null,
  agentId: string,
  customer: string | null,
  nowMs: number,
): Purpose {
  const ended = grantEnded(grant, agentId, customer, nowMs)
  const isEmergency = grant?.emergency !== false
  return {
    kind: 'grant',
    reference: grant?.id ?? null,
    queue: null,
    grade: ended !== null ? 'none' : isEmergency ? 'self' : 'colleague',
    ended,
  }
}

/** Whose the ticket is comes before whether it is open: a ticket of somebody else tells nothing. */
function ticketEnded(ticket: TicketFacts | null, agentId: string, nowMs: number): Ended | null {
  if (ticket === null) return 'not-found'
  if (ticket.assignee === null || ticket.assignee !== agentId) return 'not-assigned'
  if (ticket.state !== 'open') return 'closed'
  const heardMs = [
    ticket.contactAtMs,
    ...(ticket.assignment?.kind === 'router' ? [ticket.assignedAtMs] : []),
    ...ticket.codes.map(({ passedAtMs }) => passedAtMs),
  ]
  return heardMs.some((atMs) => isRecent(atMs, nowMs)) ? null : 'stale'
}

function grantEnded(
  grant: GrantFacts | null,
  agentId: string,
  customer: string | null,
  nowMs: number,
): Ended | null {
  if (grant === null || grant.agent !== agentId) return 'not-found'
  if (grant.state === 'ended') return 'over'
  if (grant.state !== 'approved') return 'not-approved'
  const { liveFromMs, liveUntilMs } = grant
  const isLive =
    liveFromMs !== null && liveUntilMs !== null && liveFromMs <= nowMs && nowMs < liveUntilMs
  if (!isLive) return 'over'
  return customer === null || grant.customers.includes(customer) ? null : 'other-customer'
}

/** A time that is none, or lies further ahead than clocks differ, is no contact. */
function isRecent(atMs: number | null, nowMs: number): boolean {
  if (atMs === null) return false
  return nowMs - atMs <= PURPOSE_LIVE_MS && atMs - nowMs <= FUTURE_TOLERANCE_S * 1000
}

function ticketGrade(ticket: TicketFacts, agentId: string): Grade {
  // Both must say when: an assignment whose time nobody knows is not the one that a code was for.
  const isCoded = ticket.codes.some(
    ({ agent, assignedAtMs }) =>
      agent === agentId && assignedAtMs !== null && assignedAtMs === ticket.assignedAtMs,
  )
  if (isCoded) return 'customer'
  return lower(originGround(ticket, agentId), assignmentGround(ticket, agentId))
}

function originGround({ origin, codes }: TicketFacts, agentId: string): Grade {
  if (codes.length > 0 || origin?.kind === 'customer') return 'customer'
  if (origin?.kind === 'system') return 'routed'
  return byAgent(origin?.agent ?? null, agentId)
}

function assignmentGround({ assignment }: TicketFacts, agentId: string): Grade {
  if (assignment?.kind === 'router') return 'customer'
  return byAgent(assignment?.agent ?? null, agentId)
}

/** Nobody known counts as the agent. */
function byAgent(who: string | null, agentId: string): Grade {
  return who === null || who === agentId ? 'self' : 'colleague'
}

function lower(a: Grade, b: Grade): Grade {
  return GRADES[Math.max(GRADES.indexOf(a), GRADES.indexOf(b))]
}
