/** A desk of the API's own tests: sessions, people, programs, numbers of writes and live updates are
 * real, on a database of its own; what is behind the other routes, each test says. */
import { randomBytes, randomUUID } from 'node:crypto'
import type { FastifyInstance, InjectOptions } from 'fastify'
import { createDesk, type DeskOptions } from '../../../src/http/desk/app.ts'
import { createMetrics } from '../../../src/http/desk/metrics.ts'
import type { DeskServices } from '../../../src/http/desk/ports.ts'
import { createPeople } from '../../../src/identity/people.ts'
import { createServices } from '../../../src/identity/services.ts'
import { createIdempotencyStore } from '../../../src/store/idempotency.ts'
import { createPeopleStore } from '../../../src/store/identity/people.ts'
import { createServiceStore } from '../../../src/store/identity/services.ts'
import { createOwnInbound } from '../../../src/store/inbound.ts'
import { createInbound } from '../../../src/tickets/inbound.ts'
import { openDesk } from '../../identity/desk.ts'
import { type Device, newDevice } from '../../identity/device.ts'

export const ORIGIN = 'https://desk.example'
export const HOOK_SECRET = `whsec_${Buffer.alloc(24, 7).toString('base64')}`

/** What an in-test service does where a test says nothing. */
function absent(name: string): never {
  throw new Error(`${name} is not part of this test`)
}

/** Ports that a test did not give. */
function absentServices(): DeskServices {
  return new Proxy({} as DeskServices, {
    get: (_, name) =>
      new Proxy(() => {}, {
        get: (_, call) => () => absent(`${String(name)}.${String(call)}`),
        apply: () => absent(String(name)),
      }),
  })
}

/** Lines that the desk logged. */
export class LogLines {
  readonly lines: string[] = []
  write(line: string): void {
    this.lines.push(line)
  }
}

/** A desk and its database. */
export async function startApi(given: Partial<DeskServices> = {}, more: Partial<DeskOptions> = {}) {
  const identity = await openDesk()
  const { db, nowMs, decisions, sessions } = identity
  const log = new LogLines()
  const metrics = createMetrics()
  const people = createPeople({ store: createPeopleStore(db), decisions, nowMs })
  const services = createServices({ store: createServiceStore(db), decisions, nowMs })
  const parts: Partial<DeskServices> = {
    sessions,
    people,
    services,
    inbound: createInbound(createOwnInbound(db), nowMs),
    idempotency: createIdempotencyStore(db, nowMs),
    events: { follow: () => () => {} },
    ready: async () => ({ store: null, source: null, log: null }),
    fields: [
      { name: 'name', class: 'identity', mask: 'name' },
      { name: 'mail', class: 'contact', mask: 'mail' },
    ],
    ...given,
  }
  const all = new Proxy(absentServices(), {
    get: (none, name) => parts[name as keyof DeskServices] ?? none[name as keyof DeskServices],
  })
  const app = await createDesk(all, {
    version: '0.0.0',
    origin: () => ORIGIN,
    secure: true,
    proxies: [],
    signIn: { demo: false, methods: ['passkey'] },
    hooks: new Map([['router', [HOOK_SECRET]]]),
    cursorKey: randomBytes(32),
    log,
    metrics,
    nowMs,
    more: [],
    ...more,
  })
  return {
    ...identity,
    app,
    log,
    metrics,
    people,
    services,
    close: async () => {
      await app.close()
      await identity.close()
    },
  }
}

/** A request of somebody signed in; `as` signs it with another device or none. */
export interface Ask {
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string | undefined>>
  readonly key?: string | null
}

/** Somebody signed in at a device. */
export async function signedIn(
  desk: Awaited<ReturnType<typeof startApi>>,
  id: string,
  roles = ['agent'],
) {
  await desk.addAgent(id, { roles })
  const device = await newDevice(`${ORIGIN}/api/v1/session`, desk.nowMs)
  const { secret, session } = await desk.signIn(id, device)
  return { id, secret, session, device, ask: asker(desk.app, secret, device) }
}

/** Sends as the console does. */
export function asker(app: FastifyInstance, secret: string, device: Device) {
  return async (method: string, path: string, { body, headers = {}, key }: Ask = {}) => {
    const url = path.startsWith('/api/') ? path : `/api/v1${path}`
    const htu = `${ORIGIN}${url.split('?', 1)[0]}`
    const all: Record<string, string | undefined> = {
      cookie: `__Host-telltale=${secret}`,
      origin: ORIGIN,
      dpop: await device.prove({ method, url: htu }),
      ...(method === 'GET' || key === null ? {} : { 'idempotency-key': key ?? randomUUID() }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    }
    const sent = Object.entries(all).filter(([, value]) => value !== undefined)
    return app.inject({
      method: method as 'GET',
      url,
      headers: Object.fromEntries(sent) as Record<string, string>,
      ...(body === undefined ? {} : { payload: body as InjectOptions['payload'] }),
    } as InjectOptions)
  }
}
