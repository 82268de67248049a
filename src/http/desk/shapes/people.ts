/** People and teams: for admins, and who a ticket can be given to. */
import Type, { type Static } from 'typebox'
import { MAIL_CHARS_MAX, REASON_CHARS_MAX } from '../../../base/desk-http-limits.ts'
import { PAGE_ROWS_MAX } from '../../../base/desk-limits.ts'
import { component, count, id, name, nextCursor, nullable, oneOf, shape, text } from './base.ts'
import { roles } from './session.ts'
import { counts } from './shown.ts'

/** An agent, as admins see them. */
export const person = component(
  'Person',
  shape(
    {
      id: id('Id of the agent'),
      person: id('The human being; the same for all their accounts'),
      name: name('Their name'),
      pseudonym: name('How the log calls them'),
      team: nullable(id('Their team')),
      roles,
      kind: oneOf(['person', 'service'], 'What they are'),
      status: oneOf(['active', 'suspended'], 'Whether they may sign in'),
      mail: nullable(Type.String({ description: 'Their address' })),
      externalId: nullable(id('What the directory calls them')),
    },
    'An agent',
  ),
)
/** An agent, as admins see them. */
export type Person = Static<typeof person>

/** `GET /people`. */
export const people = component(
  'People',
  shape({ people: Type.Array(person, { maxItems: PAGE_ROWS_MAX }), cursor: nextCursor }, 'Agents'),
)
/** `GET /people`. */
export type People = Static<typeof people>

/** The address of an agent. */
export const personParams = shape({ id: id('Id of the agent') })

/** `PUT /people/{id}`. */
export const putPerson = shape({
  person: id('The human being; the same for all their accounts'),
  name: name('Their name'),
  mail: nullable(
    Type.String({
      minLength: 3,
      maxLength: MAIL_CHARS_MAX,
      pattern: '^[^\\s@]+@[^\\s@]+$',
      description: 'Their address',
    }),
  ),
  team: nullable(id('Their team')),
  roles,
  externalId: nullable(id('What the directory calls them')),
})
/** `PUT /people/{id}`. */
export type PutPerson = Static<typeof putPerson>

/** `POST /people/{id}/suspend`. */
export const suspend = shape({ why: text(REASON_CHARS_MAX, 'Why') })

/** `GET /teams`. */
export const teams = component(
  'Teams',
  shape(
    {
      teams: Type.Array(
        shape({
          id: id('Id of the team'),
          name: name('Its name'),
          agents: count('How many agents it has'),
          budget: counts,
        }),
        { maxItems: 500 },
      ),
    },
    'Teams and their budgets',
  ),
)
/** `GET /teams`. */
export type Teams = Static<typeof teams>

/** `GET /colleagues`. */
export const colleagues = component(
  'Colleagues',
  shape(
    {
      colleagues: Type.Array(
        shape({ id: id('Id of the agent'), name: name('Their name'), team: nullable(id('Team')) }),
        { maxItems: PAGE_ROWS_MAX },
      ),
      cursor: nextCursor,
    },
    'Who a ticket can be given to',
  ),
)
/** `GET /colleagues`. */
export type Colleagues = Static<typeof colleagues>
