/** The messages of a telltale.yaml: a ticket's conversation. */
import { DECISION_KEYS, tableMapOf } from './decisions.ts'
import { expressionOf, kindOf, required, timeOf } from './expressions.ts'
import type { MessageMap } from './model.ts'
import type { Reader } from './reader.ts'

/** Reads `messages`; `messages: null` says that there are none. What is not said is as in `base`. */
export function messagesOf(parent: Reader, base: MessageMap | null): MessageMap | null {
  if (!parent.has('messages')) return base
  if (parent.raw('messages') === null) return null
  const map = parent.section('messages')
  if (map === undefined) return null
  const own = ['key', 'ticket', 'ticket-key', 'at', 'direction', 'author', 'body', 'html'] as const
  map.knows(...own, ...DECISION_KEYS)
  const name = (key: (typeof own)[number], known: string | undefined) =>
    known !== undefined && !map.has(key) ? known : required(map, key)
  const key = name('key', base?.key)
  const ticket = name('ticket', base?.ticket)
  const ticketKey = name('ticket-key', base?.ticketKey)
  const at = timeOf(map, 'at') ?? base?.at
  const body = expressionOf(map, 'body') ?? base?.body
  const direction = kindOf(map, 'direction', ['in', 'out', 'note']) ?? base?.direction
  for (const [part, found] of Object.entries({ at, body, direction }))
    if (found === undefined && !map.has(part)) map.refuse(part, 'is missing')
  const tableMap = tableMapOf(map, base ?? undefined, new Set())
  if (!tableMap || key === undefined || ticket === undefined || ticketKey === undefined) return null
  if (!at || !body || !direction) return null
  return {
    ...tableMap,
    key,
    ticket,
    ticketKey,
    at,
    direction,
    author: expressionOf(map, 'author') ?? base?.author ?? null,
    body,
    html: kindOf(map, 'html', ['html']) ?? base?.html ?? null,
    delivery: base?.delivery ?? null,
  }
}
