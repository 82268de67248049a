/** Calls through the organisation's telephone system. */
import type { Dialer } from '../tickets/ports.ts'
import { createGateway, type GatewayOptions } from './gateway.ts'

/** Asks it to connect the agent with the number. Throws USAGE as `createGateway` does. */
export function createDialer(options: GatewayOptions): Dialer {
  const post = createGateway(options)
  return ({ agent, ticket, number }) => post('call.place', { agent, ticket, number })
}
