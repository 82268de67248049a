/** Which pages may send requests: the desk's own. */
import type { FastifyRequest } from 'fastify'
import { TelltaleError } from '../../base/errors.ts'

/** Refuses what another site's page sends (ORIGIN_REFUSED): a cookie comes along wherever the
 * request was made. A browser says where with Origin on each write and Sec-Fetch-Site always; a
 * write that says neither comes from no browser, and has to say that it means this desk. */
export function requireOwnPage(request: FastifyRequest, origin: string): void {
  const { origin: from, 'sec-fetch-site': site } = request.headers
  const isRead = request.method === 'GET'
  const isOwnSite = site === 'same-origin' || (isRead && (site === 'none' || site === undefined))
  const isOwnOrigin = from === origin
  if (from !== undefined && !isOwnOrigin) throw new TelltaleError('ORIGIN_REFUSED', {})
  if (site !== undefined && !isOwnSite) throw new TelltaleError('ORIGIN_REFUSED', {})
  if (!isOwnSite && !isOwnOrigin) throw new TelltaleError('ORIGIN_REFUSED', {})
}
