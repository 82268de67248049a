/** One console's stream of live updates: text/event-stream, bounded however slow its reader is. */
import { Readable } from 'node:stream'
import {
  STREAM_GATHER_MS,
  STREAM_HEARTBEAT_MS,
  STREAM_WAITING_MAX,
} from '../../base/desk-http-limits.ts'
import type { Caller } from '../../guard/facts.ts'
import type { Change, EventFeed } from './ports.ts'
import type { Event } from './shapes/events.ts'

/** What a stream needs. */
export interface StreamPorts {
  readonly events: EventFeed
  /** Whether the caller's session still stands. */
  readonly stands: (caller: Caller) => Promise<boolean>
  readonly nowMs: () => number
}

/** A stream that begins with `resume`, says what changed, and ends with the session. */
export function openStream(ports: StreamPorts, caller: Caller): Readable {
  const { events, nowMs } = ports
  const stream = new Readable({ read() {} })
  const waiting = new Map<string, Event>()
  let gather: NodeJS.Timeout | undefined

  const give = (event: Event) => stream.push(`data: ${JSON.stringify(event)}\n\n`)
  const resume = (): Event => ({ kind: 'resume', atMs: nowMs(), ticket: null, grant: null })

  function flush(): void {
    gather = undefined
    // What nobody reads yet waits here, where there is a bound, and not in the socket.
    if (stream.readableLength > 0) return
    for (const event of waiting.values()) give(event)
    waiting.clear()
  }

  function add(event: Event): void {
    if (waiting.has('resume')) return
    if (event.kind === 'resume' || waiting.size >= STREAM_WAITING_MAX) {
      waiting.clear()
      waiting.set('resume', resume())
    } else {
      waiting.set(`${event.kind} ${event.ticket} ${event.grant}`, event)
    }
    gather ??= setTimeout(flush, STREAM_GATHER_MS)
  }

  async function look(): Promise<void> {
    const isGood = await ports.stands(caller).catch(() => true)
    if (isGood || stream.destroyed) return
    give({ kind: 'session', atMs: nowMs(), ticket: null, grant: null })
    stream.push(null)
  }

  const stop = events.follow((change) => {
    if (change === null) return add(resume())
    if (change.kind === 'session') return void (isMine(change, caller) && look())
    if (isFor(change, caller)) add(eventOf(change))
  })
  const beat = setInterval(() => {
    if (stream.readableLength === 0) stream.push(': still here\n\n')
    if (gather === undefined) flush()
    void look()
  }, STREAM_HEARTBEAT_MS)
  const end = setTimeout(look, Math.max(0, caller.session.expiresAtMs - nowMs()) + 1)
  stream.once('close', () => {
    stop()
    clearInterval(beat)
    clearTimeout(end)
    clearTimeout(gather)
  })
  give(resume())
  return stream
}

/** Session changes of others are nobody's news. */
function isMine({ session, agent }: Change, caller: Caller): boolean {
  return session === caller.session.id || agent === caller.agent.id
}

function isFor({ kind, agent }: Change, { agent: me }: Caller): boolean {
  if (agent !== null) return agent === me.id
  return kind !== 'request' || me.roles.some((role) => role === 'lead' || role === 'officer')
}

/** What concerns everybody names no ticket and no grant: they are somebody's. */
function eventOf({ kind, atMs, agent, ticket, grant }: Change): Event {
  const isMine = agent !== null
  return { kind, atMs, ticket: isMine ? ticket : null, grant: isMine ? grant : null }
}
