/** The built console behind a small server that answers what a test says, with the desk's own headers. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Fastify, { type FastifyRequest } from 'fastify'
import { bundleConsole } from '../../scripts/bundle-console.ts'
import { addHeaders } from '../../src/http/desk/headers.ts'
import { addPages } from '../../src/http/desk/pages.ts'
import type { Problem } from '../../src/http/desk/shapes/problem.ts'
import { type Proof, type ProofRefusal, readProof } from '../../src/identity/proof.ts'
import * as exceptions from './answers/exceptions.ts'
import * as people from './answers/people.ts'
import * as tickets from './answers/tickets.ts'

const API = '/api/v1'

type Answer = (request: FastifyRequest) => unknown

/** A served console. */
export interface Served {
  readonly origin: string
  /** By method and path below the API: what is answered. */
  readonly routes: Map<string, Answer>
  /** What was asked, in order: method and path. */
  readonly asked: string[]
  /** What the desk's own verifier says of each request's proof. */
  readonly proofs: (Proof | ProofRefusal)[]
  /** As it was at first. */
  reset(): void
  /** Sends an event to all open streams. */
  tell(event: object): void
  /** Ends all open streams, as a restarted server does. */
  hangUp(): void
  close(): Promise<void>
}

/** Refuses in the desk's way. */
export function refusal(status: number, code: string, detail: string, next: string): Answer {
  const problem: Problem = {
    type: `urn:telltale:error:${code}`,
    title: 'Refused',
    status,
    code,
    detail,
    next,
    instance: 'urn:telltale:request:1',
  }
  return () => problem
}

/** Builds and serves; everything answers as for Mika, an agent, lead, officer and admin in one. */
export async function serveConsole(): Promise<Served> {
  const folder = mkdtempSync(join(tmpdir(), 'telltale-console-'))
  await bundleConsole(folder)
  const routes = new Map(Object.entries(usual()))
  const asked: string[] = []
  const proofs: Served['proofs'] = []
  const streams = new Set<{ write(text: string): void; end(): void }>()
  let origin = ''
  const app = Fastify({ forceCloseConnections: true })
  await addHeaders(app, false)
  app.addHook('onRequest', async ({ method, url, headers }) => {
    if (!url.startsWith(API)) return
    const target = { method, url: origin + url.replace(/\?.*/, ''), notBeforeMs: 0 }
    proofs.push(await readProof((headers.dpop as string) ?? null, target, Date.now()))
  })
  await addPages(app, folder)
  app.get(`${API}/events`, (_, reply) => {
    const { raw } = reply.hijack()
    raw.writeHead(200, { 'content-type': 'text/event-stream' })
    raw.write(`data: ${JSON.stringify({ kind: 'resume', atMs: 0, ticket: null, grant: null })}\n\n`)
    streams.add(raw)
    raw.once('close', () => streams.delete(raw))
  })
  app.route({
    method: ['GET', 'POST', 'PUT', 'DELETE'],
    url: `${API}/*`,
    handler: async (request, reply) => {
      const key = `${request.method} ${request.url.slice(API.length).replace(/\?.*/, '')}`
      asked.push(key)
      const answer = await routes.get(key)?.(request)
      const status = (answer as Problem | undefined)?.status
      const isProblem = typeof status === 'number' && 'code' in (answer as object)
      if (isProblem) return reply.code(status).type('application/problem+json').send(answer)
      if (routes.has(key)) return answer === undefined ? reply.code(204).send() : answer
      return reply.code(404).send({ status: 404, code: 'NOT_FOUND', detail: key, next: '' })
    },
  })
  origin = await app.listen({ host: '127.0.0.1', port: 0 })
  return {
    origin,
    routes,
    asked,
    proofs,
    reset: () => {
      routes.clear()
      for (const [key, answer] of Object.entries(usual())) routes.set(key, answer)
      asked.length = 0
      proofs.length = 0
    },
    tell: (event) => {
      for (const raw of streams) raw.write(`data: ${JSON.stringify(event)}\n\n`)
    },
    hangUp: () => {
      for (const raw of streams) raw.end()
    },
    close: async () => {
      await app.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function usual(): Record<string, Answer> {
  const answers = { ...exceptions, ...people, ...tickets }
  const all = ['agent', 'lead', 'officer', 'admin'] as const
  const bodyOf = (request: FastifyRequest) => request.body as Record<string, string[]>
  return {
    'GET /session': () => answers.session([...all]),
    'POST /session/device': () => answers.session([...all]),
    'DELETE /session': () => undefined,
    'GET /sign-in/options': () => answers.signInOptions,
    'POST /sign-in/demo': () => ({ agent: 'mika', bound: false }),
    'GET /queue': () => answers.queue,
    'POST /queue/next': () => answers.queue.mine[0],
    'GET /tickets/10482': () => answers.ticket('customer'),
    'POST /tickets/10482/close': () => undefined,
    'POST /tickets/10482/reveal': (request) => answers.revealed(bodyOf(request).fields[0]),
    'GET /tickets/10471': () => answers.ticket('self'),
    'POST /search': () => answers.found,
    'GET /grants': () => answers.grants,
    'GET /grants/g-1': () => answers.grant(),
    'POST /grants/g-1/reveal': (request) => answers.revealed(bodyOf(request).fields[0]),
    'GET /requests': () => answers.requests,
    'GET /access': () => answers.access,
    'GET /sessions': () => answers.sessions,
    'GET /passkeys': () => answers.passkeys,
    'GET /people': () => answers.people,
    'GET /teams': () => answers.teams,
    'GET /colleagues': () => answers.colleagues,
  }
}
