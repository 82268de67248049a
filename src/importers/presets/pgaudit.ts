/** PostgreSQL csvlog with pgAudit's entries. Sources: PostgreSQL's "Using CSV-Format Log Output" for
 * the columns, pgAudit's README ("Format") for what follows `AUDIT:`. */
import { sampleRecords } from '../csv.ts'
import { NOT_AN_ACCESS, type Preset, toldOf } from './preset.ts'

const COLUMNS = [
  'log_time',
  'user_name',
  'database_name',
  'process_id',
  'connection_from',
  'session_id',
  'session_line_num',
  'command_tag',
  'session_start_time',
  'virtual_transaction_id',
  'transaction_id',
  'error_severity',
  'sql_state_code',
  'message',
  'detail',
  'hint',
  'internal_query',
  'internal_query_pos',
  'context',
  'query',
  'query_pos',
  'location',
  'application_name',
  'backend_type',
  'leader_pid',
  'query_id',
]
/** Columns by version: up to 12, 13, 14 and later. */
const COLUMN_COUNTS = [23, 24, 26]

const SHOWS_RECORDS = new Set(['READ', 'WRITE'])
const UTC = /\s(?:UTC|GMT)$/
const ABBREVIATION = /\s[A-Z]{2,5}$/

export const PGAUDIT_CSV: Preset = {
  needs: ['log_time', 'user_name', 'message'],
  reads: [],
  gives: ['path'],
  time: { format: 'iso' },
  needsPattern: true,
  headerless: (columns) => (COLUMN_COUNTS.includes(columns) ? COLUMNS.slice(0, columns) : null),
  problem(sample, { zone }) {
    const odd = sample('log_time').find((time) => !UTC.test(time) && ABBREVIATION.test(time))
    if (odd === undefined || zone !== undefined) return null
    return `its times bear an abbreviation ("${odd}") that does not tell the zone; say it with --time-zone`
  },
  tell(row) {
    const message = row.get('message')
    if (!message.startsWith('AUDIT: ')) return NOT_AN_ACCESS
    const [entry = []] = sampleRecords(message.slice('AUDIT: '.length), ',', 1)
    const [, , , kind, , , , statement = '', parameters = ''] = entry
    if (!SHOWS_RECORDS.has(kind)) return NOT_AN_ACCESS
    const customers = (row.customersIn(statement) ?? []).map((key) => keyOf(key, parameters))
    const time = row.get('log_time')
    const values = {
      agent: row.get('user_name'),
      time: UTC.test(time) ? time : time.replace(ABBREVIATION, ''),
      path: 'sql',
    }
    return toldOf(row, values, customers)
  },
}

/** A literal without its quotes, or the value of the parameter that `$n` stands for; empty where
 * parameters were not logged. */
function keyOf(found: string, parameters: string): string {
  const parameter = /^\$(\d+)$/.exec(found)
  if (!parameter) return found.replace(/^'(.*)'$/, '$1').replaceAll("''", "'")
  if (parameters === '<none>' || parameters === '<not logged>') return ''
  const [values = []] = sampleRecords(parameters, ',', 1)
  return values[Number(parameter[1]) - 1] ?? ''
}
