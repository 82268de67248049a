/** A shift of agents at a demonstration's desk, for benchmarks and campaigns. */
import { Agent, request } from 'node:http'
import { type Device, newDevice, proof, signIn } from '../../simulate/guarded/client.ts'

/** An agent with tickets of their own, ready to reveal. */
export interface Worker {
  readonly agent: string
  readonly tickets: readonly string[]
  /** Reveals a ticket's contacts; what the client received, whole. */
  reveal(ticket: string): Promise<Revealed>
}

/** What a client received. */
export interface Revealed {
  readonly status: number
  readonly text: string
}

/** Tickets that each agent is given: few, since most of a day's reveals are of the same customers. */
const TICKETS_EACH = 2

const connections = new Agent({ keepAlive: true, maxSockets: 1024 })

/** Signs an agent in and lets the router give them their tickets. */
export async function startWorker(base: string, agent: string): Promise<Worker> {
  const device = newDevice()
  const client = await signIn(base, agent, device)
  const { body } = await client.call('GET', '/queue')
  const tickets: string[] = body.mine.map(({ number }: { number: string }) => number)
  while (tickets.length < TICKETS_EACH) {
    const next = await client.call('POST', '/queue/next')
    if (next.status >= 300) throw new Error(`${agent}: ${JSON.stringify(next)}`)
    tickets.push(next.body.number)
  }
  const reveal = (ticket: string) => post(base, device, client.cookie, ticket)
  return { agent, tickets, reveal }
}

const BODY = JSON.stringify({ fields: ['mail', 'phone'] })

/** By node:http, since the benchmark shares its cores with what it measures. */
function post(base: string, device: Device, cookie: string, ticket: string): Promise<Revealed> {
  const url = `${base}/api/v1/tickets/${ticket}/reveal`
  const headers = {
    cookie,
    origin: base,
    dpop: proof(device, 'POST', url),
    'content-type': 'application/json',
    'content-length': BODY.length,
  }
  return new Promise((resolve, reject) => {
    const asked = request(url, { method: 'POST', agent: connections, headers }, (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk) => chunks.push(chunk))
      answer.on('error', reject)
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(chunks).toString() }),
      )
    })
    asked.on('error', reject)
    asked.end(BODY)
  })
}

/** The value below which this share of the sorted values lies. */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]
}
