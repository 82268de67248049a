/** A desk that real browsers and real identity providers reach, over HTTP on loopback. */
import { randomBytes } from 'node:crypto'
import { type AddressInfo, createServer } from 'node:net'
import { createDesk } from '../../src/http/desk/app.ts'
import { CALLBACK_PATH } from '../../src/http/desk/identity/directory.ts'
import { createProvider } from '../../src/http/desk/identity/provider.ts'
import { scimRoutes } from '../../src/http/desk/identity/scim.ts'
import { type SignIn, signInRoutes } from '../../src/http/desk/identity/sign-in.ts'
import { syncRoutes } from '../../src/http/desk/identity/sync.ts'
import { createMetrics } from '../../src/http/desk/metrics.ts'
import { createDirectory, type LinkBy } from '../../src/identity/directory.ts'
import { createPasskeys } from '../../src/identity/passkeys.ts'
import { createSync } from '../../src/identity/people-sync.ts'
import { createPasskeyStore } from '../../src/store/identity/sign-ins.ts'
import { openDesk } from './desk.ts'
import { type Device, newDevice } from './device.ts'
import { type Account, CLIENT, startProvider } from './provider.ts'

/** What a test wants of the desk. */
export interface Wanted {
  readonly accounts?: Readonly<Record<string, Account>>
  readonly linkBy?: LinkBy
  readonly stepUpAcr?: readonly string[]
  readonly demo?: boolean
}

/** Listens at `localhost`, since passkeys know no addresses in digits. */
export async function serveDesk(wanted: Wanted = {}) {
  const { accounts, linkBy = 'none', stepUpAcr = [], demo = false } = wanted
  const desk = await openDesk()
  const { nowMs, decisions, sessions, people, rosters, services, ceremonies, identities } = desk
  const port = await freePort()
  const origin = `http://localhost:${port}`
  const callback = origin + CALLBACK_PATH
  const provider = accounts ? await startProvider([callback], accounts) : null
  const config = {
    issuer: provider?.issuer ?? 'https://provider.invalid',
    clientId: CLIENT.id,
    clientSecret: CLIENT.secret,
    redirectUri: () => callback,
    wantsMail: linkBy === 'mail',
    externalIdClaim: 'oid',
    stepUpAcr,
  }
  const common = { ceremonies, sessions, decisions, nowMs }
  const site = { rpId: 'localhost', origin, name: 'Telltale' }
  const ways: SignIn = {
    passkeys: createPasskeys({ ...common, store: createPasskeyStore(desk.db), site }),
    directory: provider && {
      label: 'Directory',
      service: createDirectory({
        ...common,
        provider: createProvider(config, nowMs),
        identities,
        linkBy,
        stepUpAcr,
      }),
    },
    demo,
    people,
    secure: false,
  }
  const lines: string[] = []
  const app = await createDesk({ sessions, people, services, fields: [] } as never, {
    version: '0.0.0',
    origin: () => origin,
    secure: false,
    proxies: [],
    signIn: { demo, methods: ['passkey', 'oidc'] },
    hooks: new Map(),
    cursorKey: randomBytes(32),
    log: { write: (line: string) => void lines.push(line) },
    metrics: createMetrics(),
    nowMs,
    more: [signInRoutes(ways), syncRoutes(createSync(people, rosters))],
    beside: [scimRoutes({ people, identities })],
  })
  await app.listen({ port, host: 'localhost' })
  return {
    ...desk,
    app,
    lines,
    origin,
    issuer: config.issuer,
    newDevice: () => newDevice(`${origin}/api/v1/session`, Date.now),
    stopProvider: async () => void (await provider?.close()),
    close: async () => {
      await app.close()
      await provider?.close()
      await desk.close()
    },
  }
}

/** Headers of a request as the console sends it. */
export async function headersOf(device: Device, origin: string, method: string, path: string) {
  const url = `${origin}/api/v1${path.split('?')[0]}`
  return {
    origin,
    'content-type': 'application/json',
    dpop: await device.prove({ method, url, iat: Math.floor(Date.now() / 1000) }),
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
