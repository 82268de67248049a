/** Search: exact, masked. */
import { callerIn } from '../auth.ts'
import { type DeskApp, describe } from '../describe.ts'
import type { DeskServices } from '../ports.ts'
import { search, searchAnswer } from '../shapes/search.ts'
import { labelOf } from '../words.ts'

/** Adds the route of search. */
export function addSearch(app: DeskApp, services: Pick<DeskServices, 'search'>): void {
  app.post(
    '/search',
    describe({
      id: 'search',
      tag: 'search',
      summary: 'Finds customers by exactly one identifier',
      description: 'No wildcard, no list; each search stands in the log, found or not.',
      access: 'session',
      body: search,
      answer: [200, 'At most five, masked', searchAnswer],
      errors: ['SEARCH_TOO_MANY', 'SEARCH_AMBIGUOUS', 'SEARCH_INVALID', 'SOURCE_UNAVAILABLE'],
    }),
    async (request) => {
      const { by, value } = request.body
      const found = await services.search(callerIn(request), by, value)
      return {
        found: found.map(({ handle, fields, openTicketYours }) => ({
          handle,
          fields: fields.map(({ name, view, value: shown }) => ({
            name,
            label: labelOf(name),
            view,
            value: shown,
          })),
          openTicketYours,
        })),
      }
    },
  )
}
