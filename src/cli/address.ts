/** Where a server of ours is to listen. */
import { InvalidArgumentError } from 'commander'

/** An address to listen at, with the files of its TLS key and certificate chain, PEM. */
export interface ListenOptions {
  readonly host: string
  readonly port: number
  readonly tlsKey?: string
  readonly tlsCert?: string
}

/** Reads `HOST:PORT`, `[IPv6]:PORT` or `PORT`, which is this machine alone. */
export function listenAddress(text: string): { host: string; port: number } {
  const match = /^(?:(?:\[([0-9a-fA-F:.]+)\]|([^[\]:]+)):)?(0|[1-9]\d{0,4})$/.exec(text)
  const port = Number(match?.[3])
  if (match === null || port > 65_535) {
    throw new InvalidArgumentError('HOST:PORT is needed, such as 127.0.0.1:8080.')
  }
  return { host: match[1] ?? match[2] ?? '127.0.0.1', port }
}
