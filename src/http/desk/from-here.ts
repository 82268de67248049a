/** Requests of this machine itself. */
import type { FastifyRequest } from 'fastify'
import { isLoopbackHost } from '../../base/loopback.ts'

/** A proxy on this machine makes every request look as if it came from here. */
const PASSED_ON = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via']

/** Whether a request came from this machine, and for nobody elsewhere. */
export function isFromHere({ raw, headers }: FastifyRequest): boolean {
  // An IPv4 address comes as one of IPv6 where a server listens on both.
  const address = raw.socket.remoteAddress?.replace(/^::ffff:/, '') ?? ''
  return isLoopbackHost(address) && !PASSED_ON.some((name) => name in headers)
}
