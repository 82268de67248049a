import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { STREAMS_PER_SESSION_MAX } from '../../../src/base/desk-http-limits.ts'
import type { Event } from '../../../src/http/desk/shapes/events.ts'
import { listen, type Running } from '../../../src/http/serve.ts'
import { type EventFeed, openEventFeed, tell } from '../../../src/store/events.ts'
import { newDevice } from '../../identity/device.ts'
import { ORIGIN, startApi } from './desk.ts'

let desk: Awaited<ReturnType<typeof startApi>>
let server: Running
let feed: EventFeed
beforeAll(async () => {
  const live: EventFeed['follow'] = (onChange) => feed.follow(onChange)
  desk = await startApi({ events: { follow: live } })
  feed = await openEventFeed(desk.url, desk.db)
  server = await listen(desk.app, { host: '127.0.0.1', port: 0 })
})
afterAll(async () => {
  await feed.close()
  await desk.close()
})

interface Stream {
  readonly response: Response
  /** The next event; null: the stream has ended. */
  next(): Promise<Event | null>
  close(): void
}

/** Follows as the console does. */
async function follow(id: string, roles = ['agent']) {
  await desk.addAgent(id, { roles })
  const device = await newDevice(`${ORIGIN}/api/v1/session`, desk.nowMs)
  const { secret, caller } = await desk.signIn(id, device)
  const open = async (): Promise<Stream> => {
    const stop = new AbortController()
    const response = await fetch(`${server.url}/api/v1/events`, {
      signal: stop.signal,
      headers: {
        cookie: `__Host-telltale=${secret}`,
        dpop: await device.prove({ url: `${ORIGIN}/api/v1/events` }),
      },
    })
    const events = eventsOf(response)
    const next = async () => {
      const { done, value } = await events.next()
      return done ? null : value
    }
    return { response, next, close: () => stop.abort() }
  }
  return { caller, open }
}

async function* eventsOf(response: Response): AsyncGenerator<Event> {
  let rest = ''
  for await (const part of response.body!.pipeThrough(new TextDecoderStream())) {
    const blocks = (rest + part).split('\n\n')
    rest = blocks.pop() as string
    for (const block of blocks) {
      if (block.startsWith('data: ')) yield JSON.parse(block.slice('data: '.length)) as Event
    }
  }
}

const change = (
  kind: 'queue' | 'ticket' | 'request',
  agent: string | null,
  ticket: string | null,
) => tell(desk.db, { kind, atMs: 5, agent, ticket })

describe('a stream of updates', () => {
  it('begins by asking for all anew, and tells what concerns its reader', async () => {
    const { open } = await follow('mia')
    const stream = await open()
    expect(stream.response.headers.get('content-type')).toBe('text/event-stream')
    expect(stream.response.headers.get('cache-control')).toBe('no-store')
    expect((await stream.next())?.kind).toBe('resume')
    await change('ticket', 'leo', 'T-9')
    await change('request', null, 'T-8')
    await change('ticket', 'mia', 'T-1')
    expect(await stream.next()).toEqual({ kind: 'ticket', atMs: 5, ticket: 'T-1', grant: null })
    await change('queue', null, 'T-7')
    expect(await stream.next()).toEqual({ kind: 'queue', atMs: 5, ticket: null, grant: null })
    stream.close()
  })

  it('tells leads of requests', async () => {
    const { open } = await follow('ria', ['lead'])
    const stream = await open()
    await stream.next()
    await change('request', null, null)
    expect((await stream.next())?.kind).toBe('request')
    stream.close()
  })

  it('gathers what comes at once, and asks for all anew where it is too much', async () => {
    const { open } = await follow('bob')
    const stream = await open()
    await stream.next()
    for (let i = 0; i < 50; i++) await change('ticket', 'bob', 'T-1')
    await change('queue', 'bob', null)
    const seen = new Set<string>()
    let count = 0
    for (let event = await stream.next(); ; event = await stream.next()) {
      count++
      seen.add(event?.kind ?? '')
      if (event?.kind === 'queue') break
    }
    expect(seen).toEqual(new Set(['ticket', 'queue']))
    expect(count).toBeLessThan(50)
    const all = Array.from({ length: 200 }, (_, i) => change('ticket', 'bob', `T-${i}`))
    await Promise.all(all)
    for (let event = await stream.next(); event?.kind !== 'resume'; event = await stream.next()) {
      expect(event).not.toBeNull()
    }
    stream.close()
  })

  it('ends when its session does, and says so first', async () => {
    const { open, caller } = await follow('kim')
    const stream = await open()
    await stream.next()
    await desk.sessions.end(caller.session.id, caller.agent, 'test')
    await tell(desk.db, { kind: 'session', atMs: 5, agent: 'kim', session: caller.session.id })
    expect((await stream.next())?.kind).toBe('session')
    expect(await stream.next()).toBeNull()
  })

  it('is one of a few of its session', async () => {
    const { open } = await follow('ana')
    const streams = await Promise.all(Array.from({ length: STREAMS_PER_SESSION_MAX }, open))
    expect(streams.every(({ response }) => response.status === 200)).toBe(true)
    const more = await open()
    expect(await more.response.json()).toMatchObject({ status: 429, code: 'STREAMS_TOO_MANY' })
    streams[0].close()
    await expect
      .poll(async () => {
        const again = await open()
        const { status } = again.response
        again.close()
        return status
      })
      .toBe(200)
    for (const { close } of streams) close()
  })

  it('is ended by a desk that stops', async () => {
    const { open } = await follow('eve')
    const stream = await open()
    await stream.next()
    const closing = desk.app.close()
    expect(await stream.next()).toBeNull()
    await closing
  })
})
