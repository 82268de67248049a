/** People from a file. */
import Type from 'typebox'
import { PEOPLE_FILE_ROWS_MAX } from '../../../base/identity-limits.ts'
import { component, id, name, nullable, oneOf, shape, time } from './base.ts'
import { roles } from './session.ts'

const rows = { maxItems: PEOPLE_FILE_ROWS_MAX }

/** `POST /people/sync`. */
export const peopleSync = shape({
  dryRun: Type.Boolean({ description: 'Only says what would change' }),
  suspendMissing: Type.Boolean({ description: 'Whoever is here and not in the file is suspended' }),
  teams: Type.Array(shape({ id: id('Id of the team'), name: name('Its name') }), rows),
  people: Type.Array(
    shape({
      id: id('Id of the agent'),
      person: id('The human being; the same for all their accounts'),
      name: name('Their name'),
      mail: nullable(name('Their address')),
      team: nullable(id('Their team')),
      roles,
      externalId: nullable(id('What the directory calls them')),
      suspended: Type.Boolean({ description: 'Whether they may not sign in' }),
    }),
    rows,
  ),
  duties: Type.Array(
    shape({
      agent: id('Who is on duty'),
      startsAtMs: time('From when'),
      endsAtMs: time('Until when'),
    }),
    rows,
  ),
})

/** What a file changes. */
export const syncedPeople = component(
  'SyncedPeople',
  shape(
    {
      changes: Type.Array(
        shape({
          what: oneOf(
            ['team', 'made', 'changed', 'suspended', 'resumed', 'held', 'missing', 'roster'],
            'What changes; held and missing: what does not, though it differs',
          ),
          id: id('Of whom'),
          detail: nullable(Type.String({ description: 'More of it, without values of theirs' })),
        }),
      ),
    },
    'What a file changes, in the order of the steps',
  ),
)
