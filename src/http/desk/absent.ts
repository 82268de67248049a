/** What no route takes: 405 at an address that exists, 404 at any other. */
import type { FastifyInstance } from 'fastify'
import { TelltaleError } from '../../base/errors.ts'
import { refuse } from './problem.ts'

/** Notes the addresses of routes that are added after this, and refuses all others. */
export function refuseAbsent(app: FastifyInstance): void {
  const known = new Map<string, { readonly path: RegExp; readonly methods: Set<string> }>()
  app.addHook('onRoute', ({ url, method }) => {
    const one = known.get(url) ?? { path: patternOf(url), methods: new Set<string>() }
    for (const name of [method].flat()) one.methods.add(name)
    known.set(url, one)
  })
  app.setNotFoundHandler((request, reply) => {
    const path = request.raw.url?.split('?', 1)[0] ?? ''
    const methods = [...known.values()]
      .filter((one) => one.path.test(path) && !one.methods.has(request.method))
      .flatMap((one) => [...one.methods])
    if (methods.length === 0) return refuse(reply, new TelltaleError('ROUTE_UNKNOWN', {}))
    const allowed = [...new Set(methods)].sort().join(', ')
    reply.header('allow', allowed)
    return refuse(reply, new TelltaleError('METHOD_NOT_ALLOWED', { allowed }))
  })
}

function patternOf(url: string): RegExp {
  const parts = url.split('/').map((part) => {
    if (part.startsWith(':')) return '[^/]+'
    return part === '*' ? '.*' : part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
  })
  return new RegExp(`^${parts.join('/')}$`)
}
