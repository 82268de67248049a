/** The console's own files. */
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'

/** The addresses of the console's pages: each gets the same page, which knows them. */
const PAGES = [
  '/',
  '/queue',
  '/tickets/:number',
  '/search',
  '/exceptions',
  '/exceptions/ask',
  '/exceptions/:id',
  '/requests',
  '/review',
  '/access',
  '/account',
  '/people',
] as const

const YEAR_MS = 365 * 86_400_000

/** Serves a built console. Names in `assets/` hold a hash of what is in them, so those are kept for
 * good; the page that names them is not kept at all. */
export async function addPages(app: FastifyInstance, folder: string): Promise<void> {
  await app.register(async (inner) => {
    inner.addHook('onRoute', (route) => {
      route.config = { ...route.config, access: 'open' }
      route.schema = { ...route.schema, hide: true }
    })
    await inner.register(fastifyStatic, {
      root: join(folder, 'assets'),
      prefix: '/assets/',
      index: false,
      // Names as the build gives them; whatever else is asked for is not even looked for.
      allowedPath: (path) => /^\/?[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$/.test(path),
      preCompressed: true,
      immutable: true,
      maxAge: YEAR_MS,
    })
    for (const page of PAGES) {
      inner.get(page, (_, reply) =>
        // The header that nothing is kept stands already.
        reply.sendFile('index.html', folder, {
          cacheControl: false,
          etag: false,
          lastModified: false,
        }),
      )
    }
  })
}
