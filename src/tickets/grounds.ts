/** What two tickets that become one rest on: docs/desk.md, "Purpose and grade". */

/** What grounds a ticket for its assignee; another account of their person is named as them. */
export interface Grounded {
  readonly originKind: 'customer' | 'system' | 'agent'
  readonly originAgent: string | null
  readonly assignedKind: 'router' | 'agent' | null
  readonly assignedAgent: string | null
  readonly contactAtMs: number
}

/**
 * The lower grounds of the two, for their one assignee `agent`; of two others, nobody known, since for
 * either of them the ticket would otherwise seem a colleague's. A contact counts where it was one: what an
 * agent opened says only when that was.
 */
export function lowerGrounds(stays: Grounded, goes: Grounded, agent: string): Grounded {
  const origin = lower(
    { kind: stays.originKind, agent: stays.originAgent },
    { kind: goes.originKind, agent: goes.originAgent },
    agent,
  )
  const assigned = lower(
    { kind: stays.assignedKind, agent: stays.assignedAgent },
    { kind: goes.assignedKind, agent: goes.assignedAgent },
    agent,
  )
  return {
    originKind: origin.kind,
    originAgent: origin.agent,
    assignedKind: assigned.kind,
    assignedAgent: assigned.agent,
    contactAtMs: contactOf([stays, goes]),
  }
}

type Kind = Grounded['originKind'] | Grounded['assignedKind']
interface Ground<K extends Kind> {
  readonly kind: K
  readonly agent: string | null
}

function lower<K extends Kind>(a: Ground<K>, b: Ground<K>, agent: string): Ground<K> {
  const byTwo = a.kind === 'agent' && b.kind === 'agent' && a.agent !== b.agent
  if (byTwo) return { kind: a.kind, agent: null }
  return depth(b, agent) > depth(a, agent) ? b : a
}

/** How far a ground is from the customer. */
function depth({ kind, agent: by }: Ground<Kind>, agent: string): number {
  if (kind === 'customer' || kind === 'router') return 0
  if (kind === 'system') return 1
  if (kind === 'agent' && by !== null && by !== agent) return 2
  return 3
}

function contactOf(tickets: readonly Grounded[]): number {
  const heard = tickets.filter(({ originKind }) => originKind !== 'agent')
  if (heard.length > 0) return Math.max(...heard.map(({ contactAtMs }) => contactAtMs))
  return Math.min(...tickets.map(({ contactAtMs }) => contactAtMs))
}
