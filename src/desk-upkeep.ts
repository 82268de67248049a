/** What a running desk does beside its requests: it looks whether it works, and tidies up. */
import { IDEMPOTENCY_KEPT_MS, TIDY_EVERY_MS } from './base/desk-http-limits.ts'
import { reasonOf } from './base/errors.ts'
import { KEYS_REFRESH_MS } from './base/limits.ts'
import {
  EVENTS_KEPT_MS,
  HOOKS_KEPT_MS,
  OUTBOX_EVERY_MS,
  SHOWN_KEPT_MS,
} from './base/ticket-limits.ts'
import type { OpenLog } from './cli/log/ports.ts'
import type { DeskSource } from './desk-source.ts'
import type { DeskStore } from './desk-store.ts'
import type { Readiness } from './http/desk/ports.ts'
import { createShownStore } from './store/access.ts'
import { forgetEvents } from './store/events.ts'
import { forgetHooks } from './store/hooks.ts'
import { createIdempotencyStore } from './store/idempotency.ts'
import type { Outbox } from './tickets/outbox.ts'

/** Whether store, source and log work. The log says so by not having stopped: it is tried by every
 * entry, and writing one to try it would be an entry about nothing. */
export function readiness(
  { pool }: DeskStore,
  source: Pick<DeskSource, 'ping'>,
  { sequencer }: Pick<OpenLog, 'sequencer'>,
): Readiness {
  let stopped: string | null = null
  void sequencer.stopped.then((error) => {
    stopped = reasonOf(error)
  })
  const works = async (ask: () => Promise<unknown>): Promise<string | null> => {
    try {
      await ask()
      return null
    } catch (error) {
      return reasonOf(error)
    }
  }
  return async () => ({
    store: await works(() => pool.query('select 1')),
    source: await works(() => source.ping()),
    log: stopped,
  })
}

/** Sees epochs that other commands change while this one serves, until the returned function is called. */
export function followingKeys(
  { ring }: Pick<OpenLog, 'ring'>,
  onFault: (error: unknown) => void,
): () => void {
  const timer = setInterval(() => void ring.refresh().catch(onFault), KEYS_REFRESH_MS)
  timer.unref()
  return () => clearInterval(timer)
}

/** Removes rows that nobody asks for any more, now and then, until the returned function is called. */
export function tidying(
  { db }: DeskStore,
  onFault: (error: unknown) => void,
  nowMs: () => number,
): () => Promise<void> {
  const numbers = createIdempotencyStore(db, nowMs)
  const shown = createShownStore(db)
  let under: Promise<unknown> = Promise.resolve()
  const tidy = async () => {
    const atMs = nowMs()
    await numbers.forgetBefore(atMs - IDEMPOTENCY_KEPT_MS)
    await forgetEvents(db, atMs - EVENTS_KEPT_MS)
    await forgetHooks(db, atMs - HOOKS_KEPT_MS)
    await shown.forget(atMs - SHOWN_KEPT_MS)
  }
  const timer = setInterval(() => {
    under = under.then(tidy).catch(onFault)
  }, TIDY_EVERY_MS)
  timer.unref()
  return async () => {
    clearInterval(timer)
    await under
  }
}

/** Sends replies as they come due, until the returned function is called, which waits for the one under way. */
export function sending(outbox: Outbox, onFault: (error: unknown) => void): () => Promise<void> {
  let isOver = false
  let under: Promise<unknown> | null = null
  const timer = setInterval(() => {
    under ??= outbox
      .run(() => isOver)
      .catch(onFault)
      .finally(() => (under = null))
  }, OUTBOX_EVERY_MS)
  timer.unref()
  return async () => {
    isOver = true
    clearInterval(timer)
    await under
  }
}
