/** The guarded desk, wired: docs/desk.md; docs/api.md, "Running a desk". */
import type { LogTools, OpenLog } from './cli/log/ports.ts'
import { deskServices } from './desk-services.ts'
import type { DeskSettings } from './desk-settings.ts'
import { deskSignIn } from './desk-sign-in.ts'
import { openDeskSource } from './desk-source.ts'
import { type DeskStore, deskKeys, openDeskLog, openStore } from './desk-store.ts'
import { followingKeys, readiness, sending, tidying } from './desk-upkeep.ts'
import { createDesk } from './http/desk/app.ts'
import { type LogSink, noteFault } from './http/desk/log.ts'
import { createMetrics, type Metrics } from './http/desk/metrics.ts'
import type { DeskServices } from './http/desk/ports.ts'
import { type Address, listen } from './http/serve.ts'
import { checkDemo, checkOrigin } from './identity/demo.ts'
import { createCodeSender } from './mail/codes.ts'
import { createDialer } from './mail/dialer.ts'
import { createReplySender } from './mail/replies.ts'
import { readPolicies } from './policies.ts'
import { openEventFeed } from './store/events.ts'
import { createOutboxStore } from './store/outbox.ts'
import { createOutbox, type Outbox } from './tickets/outbox.ts'

/** What a desk is given beside its settings. */
export interface DeskPorts {
  readonly version: string
  readonly tools: Pick<LogTools, 'init' | 'open'>
  /** Where the desk's own log lines go. */
  readonly sink: LogSink
  readonly nowMs: () => number
}

/** A desk that serves. */
export interface RunningDesk {
  readonly url: string
  /** The log's verifier key. */
  readonly vkey: string
  readonly services: DeskServices
  readonly store: DeskStore
  /** Rejects with what stops the log or the built-in database: then nothing can be shown any more. */
  readonly failed: Promise<never>
  /** Finishes what is under way, publishes the log, and ends. */
  close(): Promise<void>
}

/** Opens everything a desk stands on and serves it. Throws what any of it throws; then nothing runs. */
export async function openDesk(settings: DeskSettings, ports: DeskPorts): Promise<RunningDesk> {
  checkListening(settings)
  const parts = openedParts()
  try {
    return await serve(settings, ports, parts, await openParts(settings, ports, parts))
  } catch (error) {
    await parts.close().catch(() => {})
    throw error
  }
}

/** Parts that are closed from the last to the first. */
interface OpenedParts {
  add(close: () => unknown): void
  /** Closes every part, whatever fails; throws the first failure. */
  close(): Promise<void>
}

function openedParts(): OpenedParts {
  const closes: (() => unknown)[] = []
  return {
    add: (close) => void closes.push(close),
    close: async () => {
      const failures: unknown[] = []
      for (const close of closes.splice(0).reverse()) {
        try {
          await close()
        } catch (error) {
          failures.push(error)
        }
      }
      if (failures.length > 0) throw failures[0]
    },
  }
}

/** What stands behind the server. */
interface Behind {
  readonly store: DeskStore
  readonly log: OpenLog
  readonly services: DeskServices
  readonly metrics: Metrics
  readonly cursorKey: Uint8Array
  /** null: no mail server is connected, or tickets are a guarded help desk's. */
  readonly outbox: Outbox | null
  /** Where faults go once there is a log to note them in. */
  readonly faults: { note: (error: unknown) => void }
}

async function openParts(
  settings: DeskSettings,
  { tools, nowMs }: DeskPorts,
  parts: OpenedParts,
): Promise<Behind> {
  const policies = await readPolicies(settings.policies ?? undefined)
  const store = await openStore(settings.database)
  parts.add(() => store.close())
  const log = await openDeskLog(tools, settings.log)
  parts.add(() => log.close())
  const keys = await deskKeys(settings.log)
  const source = await openDeskSource(settings.source, store)
  parts.add(() => source.close())
  const events = await openEventFeed(store.url, store.db)
  parts.add(() => events.close())
  const sender = createCodeSender(settings.codes)
  parts.add(() => sender?.close())
  const replies = createReplySender(settings.codes.mail, settings.codes.organisation)
  parts.add(() => replies?.close())
  const metrics = createMetrics()
  const faults: Behind['faults'] = { note: () => {} }
  const services = deskServices({
    store,
    log,
    keys,
    policies,
    source: source.port,
    guarded: settings.source !== null,
    events,
    sender,
    replies,
    dialer: settings.calls === null ? null : createDialer(settings.calls),
    metrics,
    ready: readiness(store, source, log),
    onFault: (error) => faults.note(error),
    nowMs,
  })
  const outbox =
    replies === null || settings.source !== null
      ? null
      : createOutbox({
          store: createOutboxStore(store.db),
          source: source.port,
          sender: replies,
          now: nowMs,
        })
  return { store, log, services, metrics, cursorKey: keys.cursors, outbox, faults }
}

async function serve(
  settings: DeskSettings,
  { version, sink, nowMs }: DeskPorts,
  parts: OpenedParts,
  behind: Behind,
): Promise<RunningDesk> {
  const { store, log, services, metrics, cursorKey, outbox, faults } = behind
  const { address, proxies, hooks } = settings
  let url = settings.origin ?? addressAsUrl(address)
  const origin = () => url
  const decisions = log.recorder
  const signIn = deskSignIn({ settings, store, services, decisions, origin, nowMs })
  const app = await createDesk(services, {
    version,
    origin,
    secure: url.startsWith('https:'),
    ...(address.tls === undefined ? {} : { tls: address.tls }),
    proxies,
    signIn: signIn.ways,
    hooks,
    cursorKey,
    ...(settings.console === null ? {} : { console: settings.console }),
    log: sink,
    metrics,
    nowMs,
    more: signIn.routes,
    beside: signIn.beside,
  })
  faults.note = (error) => noteFault(app, error)
  parts.add(tidying(store, faults.note, nowMs))
  if (outbox !== null) parts.add(sending(outbox, faults.note))
  parts.add(followingKeys(log, faults.note))
  parts.add(() => app.close())
  const running = await listen(app, address)
  // Of a port that was any, the number is known by now.
  if (settings.origin === null) url = running.url
  const stopped = log.sequencer.stopped.then((error) => Promise.reject(error))
  const failed = Promise.race([stopped, store.failed])
  // Whoever runs a desk may watch it or not; every request says that the log takes nothing.
  failed.catch(() => {})
  return {
    url,
    vkey: log.signer.vkey,
    services,
    store,
    failed,
    close: () => parts.close(),
  }
}

/** Throws IDENTITY_CONFIG_INVALID where cookies would cross a network in the clear, or a demonstration
 * could be reached from elsewhere. */
function checkListening({ address, origin, proxies, demo }: DeskSettings): void {
  const site = origin ?? addressAsUrl(address)
  checkOrigin(site)
  if (demo) checkDemo({ host: address.host, origin: site, proxies })
}

function addressAsUrl({ host, port, tls }: Address): string {
  const name = host.includes(':') ? `[${host}]` : host
  return new URL(`${tls === undefined ? 'http' : 'https'}://${name}:${port}`).origin
}
