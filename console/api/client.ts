/** One request to the desk's API: signed by this device, refused in words. */
import { watchAttention } from './attention.ts'
import { followClock, proofFor } from './proof.ts'
import { asRefusal, offline, type Refusal, refusalOf } from './refusal.ts'

/** Where the API is. */
export const API = '/api/v1'

/** What a request is beside its path. */
export interface Ask {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly body?: unknown
  /** Two requests with one key are one act, however often the line breaks. */
  readonly idempotencyKey?: string
  readonly signal?: AbortSignal
  readonly accept?: string
}

/** Refusals after which nothing more comes of this session. */
const ENDS = new Set(['SESSION_ENDED', 'DEVICE_REFUSED', 'AGENT_SUSPENDED'])

const isAttended = watchAttention(window, () => performance.now())

type Listener = (refusal: Refusal) => void
const listeners = new Set<Listener>()

/** Whether a refusal means that nobody is signed in here (any more). */
export function endsSession(refusal: Refusal): boolean {
  return ENDS.has(refusal.code)
}

/** Hears of the end of the session, whichever request was told first. */
export function onSessionEnd(listener: Listener): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

/** The answer's JSON; undefined where it has none. Throws Refusal. */
export async function ask<T>(path: string, how: Ask = {}): Promise<T> {
  const response = await askRaw(path, how)
  if (response.status === 204) return undefined as T
  return (await response.json().catch((error) => {
    throw asRefusal(error)
  })) as T
}

/** The answer itself. Throws Refusal for any other than a good one. */
export async function askRaw(path: string, how: Ask = {}): Promise<Response> {
  let response = await send(path, how)
  if (response.status === 401 && followClock(response.headers.get('date')))
    response = await send(path, how)
  if (response.ok) return response
  const refusal = await refusalOf(response)
  if (endsSession(refusal)) for (const listener of listeners) listener(refusal)
  throw refusal
}

async function send(path: string, how: Ask): Promise<Response> {
  const { method = 'GET', body, idempotencyKey, signal, accept = 'application/json' } = how
  const url = new URL(`${API}${path}`, location.origin)
  const headers = new Headers({ accept, dpop: await proofFor(method, url) })
  if (body !== undefined) headers.set('content-type', 'application/json')
  if (idempotencyKey !== undefined) headers.set('idempotency-key', idempotencyKey)
  if (!isAttended()) headers.set('telltale-unattended', '1')
  const init: RequestInit = { method, headers, credentials: 'same-origin', cache: 'no-store' }
  if (body !== undefined) init.body = JSON.stringify(body)
  if (signal !== undefined) init.signal = signal
  try {
    return await fetch(url, init)
  } catch (error) {
    if (signal?.aborted) throw error
    throw offline()
  }
}

/** A write, done once: where the line breaks, the act may have happened, and is asked for again under
 * the same key. Throws Refusal. */
export async function act<T>(
  path: string,
  body: unknown = {},
  method: 'POST' | 'PUT' | 'DELETE' = 'POST',
): Promise<T> {
  const how: Ask = { method, body, idempotencyKey: crypto.randomUUID() }
  try {
    return await ask<T>(path, how)
  } catch (error) {
    if (asRefusal(error).code !== 'OFFLINE') throw error
    return await ask<T>(path, how)
  }
}
