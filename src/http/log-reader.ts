/** Reading a log that somebody serves: any C2SP tlog-tiles server. */
import { setTimeout as sleep } from 'node:timers/promises'
import { TelltaleError } from '../base/errors.ts'
import {
  BUNDLE_BYTES_MAX,
  LOG_READ_AHEAD,
  LOG_READ_ATTEMPTS_MAX,
  LOG_READ_TIMEOUT_MS,
  NOTE_BYTES_MAX,
} from '../base/limits.ts'
import type { LogSource } from '../sequencer/source.ts'
import { parseTilePath, TILE_BYTES, TILE_WIDTH, tilePath } from '../tlog/tile.ts'
import { createExchange, type Exchange, NoAnswer } from './exchange.ts'

/** A log's files as a server gives them. Its full tiles and bundles are fetched a few ahead, because
 * whoever reads one reads the next. Throws USAGE for an address that is none; `read` throws
 * LOG_UNREADABLE. `ca` (PEM) replaces the authorities that the system trusts. */
export function readServedLog(address: string, ca?: string): LogSource {
  const prefix = prefixOf(address)
  const exchange = createExchange(ca)
  const ahead = new Map<string, Promise<Buffer | null>>()

  function fetchAhead(path: string): void {
    const name = parseTilePath(path)
    if (name === null || name.width < TILE_WIDTH) return
    for (let i = 1; i <= LOG_READ_AHEAD; i++) {
      const next = tilePath({ ...name, index: name.index + i })
      if (ahead.has(next)) continue
      const fetching = fetchFile(exchange, prefix, next)
      fetching.catch(() => {}) // Told to whoever asks for it.
      ahead.set(next, fetching)
    }
  }

  return {
    read: async (path) => {
      const early = ahead.get(path)
      ahead.delete(path)
      // What was not there when it was fetched ahead may be there by now.
      const found = (await early) ?? (await fetchFile(exchange, prefix, path))
      if (found !== null) fetchAhead(path)
      return found
    },
  }
}

async function fetchFile(exchange: Exchange, prefix: string, path: string): Promise<Buffer | null> {
  for (let attempt = 1; ; attempt++) {
    const answer = await exchange
      .ask({
        method: 'GET',
        url: new URL(`${prefix}/${path}`),
        timeoutMs: LOG_READ_TIMEOUT_MS,
        answerBytesMax: bytesMaxOf(path),
      })
      .catch((error) => {
        if (error instanceof NoAnswer) return error
        throw error
      })
    if (!(answer instanceof NoAnswer)) {
      if (answer.status === 200) return answer.body
      if (answer.status === 404) return null
    }
    if (attempt === LOG_READ_ATTEMPTS_MAX) {
      const reason = answer instanceof NoAnswer ? answer.message : `it answered ${answer.status}`
      throw new TelltaleError('LOG_UNREADABLE', { url: `${prefix}/${path}`, reason })
    }
    await sleep(200 * attempt)
  }
}

function bytesMaxOf(path: string): number {
  if (path.startsWith('tile/entries/')) return BUNDLE_BYTES_MAX
  return path.startsWith('tile/') ? TILE_BYTES : NOTE_BYTES_MAX
}

function prefixOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '') {
    throw new TelltaleError('USAGE', { problem: `${text} is no address of a log.` })
  }
  return url.href.replace(/\/$/, '')
}
