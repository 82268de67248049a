/** People from a file, for who has no directory. */
import { PEOPLE_FILE_BYTES_MAX } from '../../../base/identity-limits.ts'
import { SERVICE_PREFIX } from '../../../identity/people-rules.ts'
import type { SyncPeople } from '../../../identity/people-sync.ts'
import type { MoreRoutes } from '../app.ts'
import { describe } from '../describe.ts'
import { peopleSync, syncedPeople } from '../shapes/sync.ts'

/** The route of `telltale people sync`. */
export function syncRoutes(sync: SyncPeople): MoreRoutes {
  return (app) => {
    app.post(
      '/people/sync',
      {
        ...describe({
          id: 'syncPeople',
          tag: 'scim',
          summary: 'Brings people, teams and rosters to what a file says',
          access: 'service:scim',
          body: peopleSync,
          answer: [200, 'What it changes, or would', syncedPeople],
          errors: ['AGENT_INVALID', 'AGENT_UNKNOWN', 'ROSTER_INVALID'],
        }),
        bodyLimit: PEOPLE_FILE_BYTES_MAX,
      },
      async (request) => {
        const { dryRun, suspendMissing, ...file } = request.body
        const by = `${SERVICE_PREFIX}${request.service!.name}`
        return { changes: [...(await sync(file, { dryRun, suspendMissing }, by))] }
      },
    )
  }
}
