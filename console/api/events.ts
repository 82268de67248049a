/** Live updates: one stream that says what to ask for anew, kept up by itself. */
import type { Event } from '../../src/http/desk/shapes/events.ts'
import { askRaw, endsSession } from './client.ts'
import { asRefusal } from './refusal.ts'

/** Whether updates come: `live`, or why not. */
export type Line = 'live' | 'reconnecting' | 'offline' | 'ended'

const WAIT_FIRST_MS = 500
const WAIT_MAX_MS = 15_000

/** Follows until `signal` aborts or the session ends. Each stream begins with a `resume`; the first one
 * says nothing that the page has not just asked for. */
export async function followEvents(
  onEvent: (event: Event) => void,
  onLine: (line: Line) => void,
  signal: AbortSignal,
): Promise<void> {
  let waitMs = WAIT_FIRST_MS
  let wasLive = false
  while (!signal.aborted) {
    try {
      const response = await askRaw('/events', { signal, accept: 'text/event-stream' })
      onLine('live')
      waitMs = WAIT_FIRST_MS
      await readEvents(response, (event) => {
        const isFirst = event.kind === 'resume' && !wasLive
        wasLive = true
        if (!isFirst) onEvent(event)
      })
    } catch (error) {
      if (signal.aborted) return
      if (endsSession(asRefusal(error))) return onLine('ended')
    }
    if (signal.aborted) return
    onLine(navigator.onLine ? 'reconnecting' : 'offline')
    await waited(waitMs * (0.5 + Math.random()), signal)
    waitMs = Math.min(WAIT_MAX_MS, waitMs * 2)
  }
}

/** Reads `text/event-stream` (HTML standard, 9.2.6) until it ends. */
async function readEvents(response: Response, onEvent: (event: Event) => void): Promise<void> {
  const lines = response.body!.pipeThrough(new TextDecoderStream()).getReader()
  let rest = ''
  let data = ''
  for (let read = await lines.read(); !read.done; read = await lines.read()) {
    const parts = (rest + read.value).split(/\r?\n/)
    rest = parts.pop()!
    for (const line of parts) {
      if (line.startsWith('data:')) data += line.slice(5).trim()
      if (line !== '' || data === '') continue
      onEvent(JSON.parse(data) as Event)
      data = ''
    }
  }
}

/** Resolves after a while, at once where the device comes back to the network. */
function waited(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      removeEventListener('online', done)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    addEventListener('online', done)
    signal.addEventListener('abort', done)
  })
}
