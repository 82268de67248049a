/** The other end of `POST /people/sync`. */
import { TelltaleError } from '../base/errors.ts'
import { PEOPLE_ANSWER_BYTES_MAX, PEOPLE_SYNC_TIMEOUT_MS } from '../base/identity-limits.ts'
import { isLoopbackHost } from '../base/loopback.ts'
import { urlOf } from '../identity/demo.ts'
import type { PeopleFile } from '../identity/people-file.ts'
import type { SyncChange, SyncOptions } from '../identity/people-sync.ts'
import { createExchange, NoAnswer } from './exchange.ts'

/** Which desk, as whom. */
export interface PeopleTarget {
  /** Such as `https://desk.example`. */
  readonly url: string
  readonly token: string
}

/** Takes a file over at a desk that serves. Throws DESK_UNREACHABLE, DESK_REFUSED, and USAGE for an
 * address that would send the token over a network in the clear. */
export async function syncAtDesk(
  { url, token }: PeopleTarget,
  file: PeopleFile,
  options: SyncOptions,
): Promise<readonly SyncChange[]> {
  const exchange = createExchange()
  try {
    const answer = await exchange.ask({
      method: 'POST',
      url: endpointOf(url),
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ ...options, ...file }),
      timeoutMs: PEOPLE_SYNC_TIMEOUT_MS,
      answerBytesMax: PEOPLE_ANSWER_BYTES_MAX,
    })
    const said = parsed(answer.body)
    if (answer.status === 200) return (said as { changes: SyncChange[] }).changes
    const { code = `status ${answer.status}`, detail = '' } = said as Record<string, string>
    throw new TelltaleError('DESK_REFUSED', { url, code, detail })
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error
    throw new TelltaleError('DESK_UNREACHABLE', { url, reason: error.message })
  } finally {
    exchange.close()
  }
}

function endpointOf(text: string): URL {
  const url = urlOf(text)
  const isHere = url?.protocol === 'http:' && isLoopbackHost(url.hostname)
  if (url === null || !(url.protocol === 'https:' || isHere))
    throw new TelltaleError('USAGE', { problem: `${text} is no address of a desk over https` })
  return new URL('/api/v1/people/sync', url)
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8')) ?? {}
  } catch {
    return {}
  }
}
