/** What the desk writes down of its requests: an allow-list, and nothing else. */
import type { FastifyInstance, FastifyServerOptions } from 'fastify'
import { TelltaleError } from '../../base/errors.ts'

/** Where lines of JSON go. */
export interface LogSink {
  write(line: string): void
}

/** What a line may say. No address of a request, no body, no header, no message of an error. */
interface Line {
  /** Of the request; errors are told with it. */
  readonly id?: string
  readonly method?: string
  /** Pattern of the route, never the address that matched it. */
  readonly route?: string
  readonly status?: number
  readonly ms?: number
  /** Pseudonym of the agent, or name of the program. */
  readonly agent?: string
  /** Code of the catalogue. */
  readonly code?: string
  /** Class of a fault, its own code, and where in Telltale it came up. */
  readonly fault?: string
  readonly faultCode?: string
  readonly where?: string
}

const NAMES: Readonly<Record<keyof Line, true>> = {
  id: true,
  method: true,
  route: true,
  status: true,
  ms: true,
  agent: true,
  code: true,
  fault: true,
  faultCode: true,
  where: true,
}

const EVENTS = new Set(['request', 'fault', 'started', 'stopping', 'stopped'])

/** Fastify's own logger, which lets through nothing but these events with these names. */
export function logger(sink: LogSink): NonNullable<FastifyServerOptions['logger']> {
  return {
    level: 'info',
    stream: sink,
    base: null,
    messageKey: 'event',
    formatters: {
      level: (label) => ({ level: label }),
      log: (line) =>
        Object.fromEntries(Object.entries(line).filter(([name]) => Object.hasOwn(NAMES, name))),
    },
    hooks: {
      logMethod(args, method) {
        const event = args.find((arg) => typeof arg === 'string')
        if (EVENTS.has(event as string)) method.apply(this, args as never)
      },
    },
  }
}

/** Notes each request once it was answered. */
export function addRequestLog(app: FastifyInstance): void {
  app.addHook('onResponse', async (request, reply) => {
    const agent = request.caller?.agent.pseudonym ?? request.service?.name
    const line: Line = {
      id: request.id,
      method: request.method,
      route: request.is404 ? 'none' : (request.routeOptions.url ?? 'none'),
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
      ...(agent === undefined ? {} : { agent }),
      ...(request.refusal === null ? {} : { code: request.refusal }),
    }
    app.log.info(line, 'request')
  })
}

/** Notes a failure that its client was not told the cause of. */
export function noteFault(app: FastifyInstance, error: unknown, id?: string): void {
  app.log.error({ ...(id === undefined ? {} : { id }), ...faultOf(error) }, 'fault')
}

/** What may be said of anything thrown: an error's message may hold a value. */
function faultOf(error: unknown): Line {
  const root = rootOf(error)
  const { code } = root as { code?: unknown }
  const faultCode = typeof code === 'string' && /^[A-Z0-9_]{2,40}$/.test(code) ? code : undefined
  const where = root instanceof Error ? whereOf(root) : undefined
  return {
    ...(error instanceof TelltaleError ? { code: error.code } : {}),
    fault: root instanceof Error ? root.constructor.name : typeof root,
    ...(faultCode === undefined ? {} : { faultCode }),
    ...(where === undefined ? {} : { where }),
  }
}

const CAUSES_MAX = 10

function rootOf(error: unknown): unknown {
  let root = error
  for (let i = 0; i < CAUSES_MAX && root instanceof Error && root.cause !== undefined; i++) {
    root = root.cause
  }
  return root
}

/** File and line of Telltale's own code, without the folder that it is installed in. */
function whereOf({ stack = '' }: Error): string | undefined {
  return /\/((?:src|dist)\/[\w./-]+\.[jt]s:\d+):\d+\)?$/m.exec(stack)?.[1]
}
