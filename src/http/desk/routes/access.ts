/** What I was shown today, and my budget. */
import { purposeOf } from '../answers.ts'
import { callerIn } from '../auth.ts'
import type { Cursors } from '../cursors.ts'
import { type DeskApp, describe } from '../describe.ts'
import type { DeskServices } from '../ports.ts'
import { accessPage } from '../shapes/access.ts'
import { pageQuery } from '../shapes/tickets.ts'

/** Adds the route of my own disclosures. */
export function addAccess(
  app: DeskApp,
  services: Pick<DeskServices, 'access'>,
  cursors: Cursors,
): void {
  app.get(
    '/access',
    describe({
      id: 'getAccess',
      tag: 'access',
      summary: 'What I was shown in the last day, and my budget',
      access: 'session',
      query: pageQuery,
      answer: [200, 'A page, newest first', accessPage],
      errors: ['CURSOR_INVALID'],
    }),
    async (request) => {
      const caller = callerIn(request)
      const from = cursors.open(request.query.cursor, 'access', caller.agent.id)
      const { budget, searches, shown, cursor } = await services.access.page(caller, from)
      return {
        budget: { used: { ...budget.used }, limits: { ...budget.limits } },
        searches: { ...searches },
        shown: shown.map(({ atMs, entry, path, purpose, customers, fields }) => ({
          atMs,
          entry,
          path,
          purpose: purposeOf(purpose),
          customers,
          fields: fields.map(({ name, view }) => ({ name, view })),
        })),
        cursor: cursors.seal(cursor, 'access', caller.agent.id),
      }
    },
  )
}
