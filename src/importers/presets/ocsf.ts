/** OCSF Datastore Activity (class 6005), JSON lines. Source: the schema's own definition
 * (github.com/ocsf/ocsf-schema, events/application/datastore_activity.json). */
import { NOT_AN_ACCESS, type Preset, toldOf } from './preset.ts'

/** Activities that show nobody a record: Connect, Encrypt. */
const SHOWS_NOTHING = new Set(['3', '9'])
const FAILURE = '2'

export const OCSF_6005: Preset = {
  needs: ['class_uid', 'time'],
  reads: [
    'activity_id',
    'status_id',
    'actor.user.uid',
    'actor.user.name',
    'actor.user.email_addr',
    'databucket.file.uid',
    'databucket.file.path',
    'databucket.file.name',
    'query_info.query_string',
    'http_request.url.path',
    'http_request.url.url_string',
  ],
  gives: ['path'],
  time: { format: 'epoch-ms' },
  needsPattern: true,
  tell(row) {
    if (row.get('class_uid') !== '6005' || SHOWS_NOTHING.has(row.get('activity_id'))) {
      return NOT_AN_ACCESS
    }
    if (row.get('status_id') === FAILURE) return NOT_AN_ACCESS
    const agent =
      row.get('actor.user.uid') || row.get('actor.user.name') || row.get('actor.user.email_addr')
    const query = row.get('query_info.query_string')
    const texts = [
      query,
      row.get('http_request.url.path') || row.get('http_request.url.url_string'),
      row.get('databucket.file.uid'),
      row.get('databucket.file.path') || row.get('databucket.file.name'),
    ]
    const customers = texts.flatMap((text) => row.customersIn(text) ?? [])
    return toldOf(
      row,
      { agent, time: row.get('time'), path: query === '' ? 'api' : 'sql' },
      customers,
    )
  },
}
