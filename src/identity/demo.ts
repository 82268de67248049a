/** Signing in without proving anything: in a demonstration on this machine, and nowhere else. */
import { TelltaleError } from '../base/errors.ts'
import { isLoopbackHost } from '../base/loopback.ts'

/** Where a desk listens and by which address browsers reach it. */
export interface Listening {
  /** Host that the server listens on. */
  readonly host: string
  /** Scheme, host and port by which browsers reach it. */
  readonly origin: string
  /** Proxies whose word on a client's address counts. */
  readonly proxies: readonly string[]
}

/** An address, or null where a text is none. */
export function urlOf(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null
}

/** Throws IDENTITY_CONFIG_INVALID where a demonstration could be reached from elsewhere. */
export function checkDemo({ host, origin, proxies }: Listening): void {
  const url = urlOf(origin)
  if (!isLoopbackHost(host)) throw invalid(`a demonstration does not listen on ${host}`)
  if (url === null || !isLoopbackHost(url.hostname))
    throw invalid('a demonstration is reached by localhost or 127.0.0.1 alone')
  if (proxies.length > 0) throw invalid('a demonstration has no proxy before it')
}

/** Throws IDENTITY_CONFIG_INVALID where cookies would travel in the clear. */
export function checkOrigin(origin: string): void {
  const url = urlOf(origin)
  if (url === null || url.origin !== origin)
    throw invalid(`${origin} is no address of a desk: give scheme, host and port alone`)
  if (url.protocol !== 'https:' && !isLoopbackHost(url.hostname))
    throw invalid('a desk that other machines reach is reached over https')
}

function invalid(problem: string): TelltaleError {
  return new TelltaleError('IDENTITY_CONFIG_INVALID', { problem })
}
