import type { Hooked } from '../../src/tickets/inbound.ts'
import { START_MS } from './people.ts'

let ids = 0

/** A webhook with an id of its own. */
export function hook(kind: Hooked['kind'], more: Partial<Hooked> = {}): Hooked {
  return {
    source: 'crm',
    id: `msg_${++ids}`,
    kind,
    atMs: START_MS,
    ticket: 'T-1',
    customer: null,
    queue: null,
    assignee: null,
    by: null,
    contactAtMs: null,
    topic: null,
    text: null,
    mailId: null,
    ...more,
  }
}
