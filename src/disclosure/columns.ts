/**
 * Which column of a file means what: as told, else guessed from names that say it plainly. A guess
 * that has two candidates is no guess: it is an error that asks.
 */
import { TelltaleError } from '../base/errors.ts'
import { nearest, plain } from '../base/nearest.ts'
import { type ColumnMap, DISCLOSURE_COLUMNS, type DisclosureColumn } from './source.ts'
import { guessReading } from './times.ts'

/** Names that mean the column, in groups: a name of an earlier group wins over a later one's. */
const NAMES: Record<DisclosureColumn, readonly (readonly string[])[]> = {
  agent: [
    ['agent', 'agent_id', 'agent_name', 'employee', 'employee_id', 'staff', 'staff_id'],
    ['operator', 'operator_id', 'accessed_by', 'viewed_by', 'actor', 'actor_id', 'performed_by'],
    ['user', 'user_id', 'userid', 'user_name', 'username', 'login', 'account_name', 'resource'],
  ],
  customer: [
    ['customer', 'customer_id', 'customer_key', 'customer_number', 'customerid', 'client_id'],
    ['record_id', 'subject_id', 'member_id', 'patient_id', 'subscriber_id', 'consumer_id'],
    ['client', 'record', 'subject', 'member', 'patient', 'subscriber', 'caller_id', 'contact_id'],
    ['account_id', 'account'],
  ],
  time: [
    ['time', 'timestamp', 'accessed_at', 'access_time', 'viewed_at', 'event_time', 'occurred_at'],
    ['datetime', 'date_time', 'at', 'ts', 'logged_at', 'time_timestamp', 'complete_timestamp'],
    ['date', 'created_at', 'eventdate', 'event_date'],
  ],
  fields: [['fields', 'fields_shown', 'field_names', 'columns_shown', 'attributes']],
  masked: [['masked', 'masked_fields', 'fields_masked']],
  ticket: [['ticket', 'ticket_id', 'ticket_number', 'case_id', 'incident_id']],
  purpose: [['purpose', 'access_purpose']],
  grade: [['grade', 'evidence_grade']],
  path: [['path', 'access_path', 'channel']],
  queue: [['queue', 'queue_name', 'ticket_queue']],
}

export interface FileColumns {
  readonly file: string
  readonly names: readonly string[]
  /** Some values of each column, for a guess of the time. */
  readonly values: (name: string) => readonly string[]
}

/** The columns of a file, and in words what was guessed. */
export interface FoundColumns {
  readonly map: ColumnMap
  readonly assumed: string[]
}

/** The map of a file's columns: those told, checked; required ones not told, guessed. Optional ones
 * are guessed only where nothing was told, so that a map says all there is to be read. */
export function findColumns(file: FileColumns, told: Partial<ColumnMap>): FoundColumns {
  for (const [column, name] of Object.entries(told)) requireColumn(file, column, name)
  const map: Partial<ColumnMap> = { ...told }
  const guessed: string[] = []
  const nothingTold = Object.keys(told).length === 0
  for (const column of DISCLOSURE_COLUMNS) {
    const required = column === 'agent' || column === 'customer' || column === 'time'
    if (map[column] !== undefined || (!required && !nothingTold)) continue
    const taken = new Set(Object.values(map))
    const candidates = candidatesOf(file, column).filter((name) => !taken.has(name))
    if (candidates.length === 1) {
      map[column] = candidates[0]
      guessed.push(`${column}=${candidates[0]}`)
    } else if (required) throw notFound(file, column, candidates)
  }
  const assumed =
    guessed.length > 0 ? [`columns guessed from their names: ${guessed.join(', ')}`] : []
  return { map: map as ColumnMap, assumed }
}

function candidatesOf(file: FileColumns, column: DisclosureColumn): string[] {
  for (const group of NAMES[column]) {
    const found = file.names.filter((name) => group.includes(plain(name)))
    if (found.length > 1 && column === 'time') {
      const times = found.filter((name) => looksLikeTime(file, name))
      return times.length > 0 ? times : found
    }
    if (found.length > 0) return found
  }
  return column === 'time' ? file.names.filter((name) => looksLikeTime(file, name)) : []
}

function looksLikeTime(file: FileColumns, name: string): boolean {
  const values = file.values(name).filter((value) => value.trim() !== '')
  return values.length > 0 && guessReading(values).kind !== 'unknown'
}

/** Throws COLUMN_UNKNOWN, with the nearest name, where the file has no such column. */
export function requireColumn(file: FileColumns, column: string, name: string): void {
  if (file.names.includes(name)) return
  const near = nearest(name, file.names)
  throw new TelltaleError('COLUMN_UNKNOWN', {
    file: file.file,
    column,
    name,
    nearest: near === undefined ? '' : ` Did you mean "${near}"?`,
    columns: file.names.join(', '),
  })
}

function notFound(
  file: FileColumns,
  column: DisclosureColumn,
  candidates: readonly string[],
): TelltaleError {
  return new TelltaleError('COLUMNS_UNCLEAR', {
    file: file.file,
    column,
    problem:
      candidates.length === 0
        ? 'no column says it by its name'
        : `it may be any of ${candidates.join(', ')}`,
    columns: file.names.join(', '),
  })
}

/** Header names made distinct: a name that comes again gets `_2`, `_3`. */
export function distinctNames(header: readonly string[]): { names: string[]; assumed: string[] } {
  const names: string[] = []
  const assumed: string[] = []
  header.forEach((raw, position) => {
    const name = raw.trim() === '' ? `column_${position + 1}` : raw.trim()
    let distinct = name
    for (let n = 2; names.includes(distinct); n++) distinct = `${name}_${n}`
    if (distinct !== name)
      assumed.push(`the header has "${name}" again; it is called "${distinct}"`)
    names.push(distinct)
  })
  return { names, assumed }
}
