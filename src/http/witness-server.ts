/** A witness over HTTP: C2SP tlog-witness, its submission and its monitoring prefix being one. */
import type { FastifyReply } from 'fastify'
import { TelltaleError } from '../base/errors.ts'
import { WITNESS_BODY_BYTES_MAX } from '../base/limits.ts'
import type { Witness, WitnessAnswer } from '../witness/witness.ts'
import {
  type Address,
  createServer,
  listen,
  type Paths,
  type Running,
  refuse,
  refuseTheRest,
} from './serve.ts'

const PATHS: Paths = [
  [/^\/(add-checkpoint|sign-subtree)$/, 'POST'],
  [/^\/[0-9a-f]{64}\/checkpoint$/, 'GET, HEAD'],
]

/** Serves a witness. Everything it is sent and says is public and signed, so that it needs no TLS.
 * `onFault` is told of failures that a client only hears of as INTERNAL. Throws LISTEN_FAILED. */
export async function startWitnessServer(
  witness: Witness,
  address: Address,
  onFault: (error: unknown) => void,
): Promise<Running> {
  const app = createServer(address.tls, WITNESS_BODY_BYTES_MAX, onFault)
  refuseTheRest(app, PATHS)
  app.post('/add-checkpoint', async (request, reply) => {
    return answer(reply, await witness.addCheckpoint(bytesOf(request.body)))
  })
  app.post('/sign-subtree', async (request, reply) => {
    return answer(reply, witness.signSubtree(bytesOf(request.body)))
  })
  app.route<{ Params: { hash: string } }>({
    method: ['GET', 'HEAD'],
    url: '/:hash/checkpoint',
    handler: async (request, reply) => {
      const isPlain = request.raw.url === `/${request.params.hash}/checkpoint`
      const note = isPlain ? await witness.latest(request.params.hash) : null
      if (note === null) return refuse(reply, new TelltaleError('NOT_SERVED', {}))
      return reply
        .header('content-type', 'text/plain; charset=utf-8')
        .header('cache-control', 'no-cache')
        .send(note)
    },
  })
  return listen(app, address)
}

function answer(reply: FastifyReply, { status, body }: WitnessAnswer): FastifyReply {
  const type = status === 409 ? 'text/x.tlog.size' : 'text/plain; charset=utf-8'
  if (status === 503) reply.header('retry-after', 1)
  return reply.code(status).header('content-type', type).send(body)
}

function bytesOf(body: unknown): Uint8Array {
  return Buffer.isBuffer(body) ? body : Buffer.alloc(0)
}
