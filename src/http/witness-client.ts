/** Witnesses over HTTP: C2SP tlog-witness, the log's end. */
import { TelltaleError } from '../base/errors.ts'
import { NOTE_BYTES_MAX, WITNESS_ANSWER_BYTES_MAX, WITNESS_TIMEOUT_MS } from '../base/limits.ts'
import type { WitnessClient, WitnessReply } from '../sequencer/witnesses.ts'
import { parseDecimal } from '../tlog/decimal.ts'
import { sha256 } from '../tlog/hash.ts'
import { parseSignatures } from '../tlog/note.ts'
import type { Policy, Witness } from '../tlog/policy.ts'
import { type Answer, createExchange, type Exchange, NoAnswer } from './exchange.ts'

/** Clients of all witnesses of a policy. */
export interface WitnessClients {
  /** One for each address; a witness with two keys has two lines of the policy and one address. */
  readonly clients: readonly WitnessClient[]
  /** Closes the connections that are kept. */
  close(): void
}

/** Witnesses whose line of the policy has no address cannot be asked and are left out. `ca` (PEM)
 * replaces the authorities that the system trusts. Throws USAGE for an address that is none. */
export function createWitnessClients({ witnesses }: Policy, ca?: string): WitnessClients {
  const exchange = createExchange(ca)
  const byUrl = new Map<string, Witness[]>()
  for (const witness of witnesses) {
    if (witness.url === null) continue
    const url = prefixOf(witness.url)
    byUrl.set(url, [...(byUrl.get(url) ?? []), witness])
  }
  const clients = [...byUrl].map(([url, keys]) => clientOf(exchange, url, keys))
  return { clients, close: exchange.close }
}

function clientOf(
  exchange: Exchange,
  prefix: string,
  witnesses: readonly Witness[],
): WitnessClient {
  const timeoutMs = WITNESS_TIMEOUT_MS
  return {
    witnesses,
    add: async ({ oldSize, proof, note }, signal) => {
      const lines = proof.map((hash) => `${hash.toString('base64')}\n`).join('')
      const answer = await askOrNot(exchange, {
        method: 'POST',
        url: new URL(`${prefix}/add-checkpoint`),
        headers: { 'content-type': 'text/plain; charset=utf-8' },
        body: `old ${oldSize}\n${lines}\n${note}`,
        timeoutMs,
        answerBytesMax: WITNESS_ANSWER_BYTES_MAX,
        signal,
      })
      return answer instanceof NoAnswer ? unreachable(answer.message) : replyOf(answer)
    },
    latest: async (origin, signal) => {
      const answer = await askOrNot(exchange, {
        method: 'GET',
        url: new URL(`${prefix}/${sha256(origin).toString('hex')}/checkpoint`),
        timeoutMs,
        answerBytesMax: NOTE_BYTES_MAX,
        signal,
      })
      return answer instanceof NoAnswer || answer.status !== 200 ? null : answer.body.toString()
    },
  }
}

async function askOrNot(exchange: Exchange, ask: Parameters<Exchange['ask']>[0]) {
  try {
    return await exchange.ask(ask)
  } catch (error) {
    if (error instanceof NoAnswer) return error
    throw error
  }
}

function replyOf({ status, headers, body }: Answer): WitnessReply {
  switch (status) {
    case 200:
      return cosignedOf(body)
    case 409: {
      const size = parseDecimal(/^([0-9]+)\n$/.exec(body.toString('latin1'))?.[1] ?? '')
      const isSize = size !== null && String(headers['content-type']).startsWith('text/x.tlog.size')
      return isSize ? { kind: 'conflict', size } : refused('it answered 409 without a size')
    }
    case 422:
      return { kind: 'unproven' }
    case 403:
      return refused('it does not trust the key of this log')
    case 404:
      return refused('it does not know this log')
    case 400:
      return refused('it does not understand the request')
    default:
      return unreachable(`it answered ${status}`)
  }
}

function cosignedOf(body: Buffer): WitnessReply {
  try {
    return { kind: 'cosigned', signatures: parseSignatures(body) }
  } catch (error) {
    if (error instanceof TelltaleError) return refused('its answer is no signature line')
    throw error
  }
}

const refused = (reason: string): WitnessReply => ({ kind: 'refused', reason })
const unreachable = (reason: string): WitnessReply => ({ kind: 'unreachable', reason })

function prefixOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '') {
    throw new TelltaleError('USAGE', { problem: `${text} is no address of a witness.` })
  }
  return url.href.replace(/\/$/, '')
}
