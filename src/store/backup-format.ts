/**
 * The file of a backup: gzip of text lines. docs/store.md, "The file of a backup", fixes each of them.
 */
import { createHash } from 'node:crypto'
import { TelltaleError } from '../base/errors.ts'
import { BACKUP_LINE_BYTES_MAX, BACKUP_ROW_BYTES_MAX } from '../base/store-limits.ts'

/** The first line. */
export interface BackupHeader {
  readonly format: 'telltale-backup'
  readonly version: 1
  /** Name of the newest migration of the database. */
  readonly form: string
  readonly takenAtMs: number
}

/** What comes before the rows of a table. */
export interface BackupTable {
  /** `schema.name`. */
  readonly table: string
  readonly columns: readonly string[]
}

/** The last line but one. */
export interface BackupSummary {
  readonly rows: Readonly<Record<string, number>>
  /** Last values that columns took from their sequence, by `schema.table.column`. */
  readonly sequences: Readonly<Record<string, number>>
}

/** A part of a backup in the order of the file; `rows` are whole lines as COPY takes them. */
export type BackupPart =
  | { readonly kind: 'header'; readonly header: BackupHeader }
  | { readonly kind: 'table'; readonly table: BackupTable }
  | { readonly kind: 'rows'; readonly rows: Buffer }
  | { readonly kind: 'summary'; readonly summary: BackupSummary }

/** Ends the rows of a table, as in the files of pg_dump: no row of COPY is this. */
export const ROWS_END = '\\.\n'
const SUM = /^sha256 ([0-9a-f]{64})$/
const NEWLINE = 0x0a

/** Bytes of a backup, hashed on their way; `finish` is its last line. */
export function backupHash() {
  const hash = createHash('sha256')
  return {
    add: (bytes: Buffer | string) => void hash.update(bytes),
    finish: () => `sha256 ${hash.digest('hex')}\n`,
  }
}

/** Lines of bytes; several of them in one buffer as long as they are rows. */
interface Lines {
  /** Without its end. */
  readonly line: string | null
  readonly rows: Buffer | null
}

/**
 * Reads the parts of a backup from its text, and checks at the end that it is whole: whoever acts on a
 * part before that must be able to take it back. Throws STORE_BACKUP_DAMAGED.
 */
export async function* readBackup(
  file: string,
  text: AsyncIterable<Buffer>,
): AsyncGenerator<BackupPart> {
  const damaged = (reason: string) => new TelltaleError('STORE_BACKUP_DAMAGED', { file, reason })
  const hash = backupHash()
  const counted: Record<string, number> = {}
  let place: 'header' | 'tables' | 'rows' | 'sum' | 'end' = 'header'
  let table = ''
  for await (const { line, rows } of linesOf(text, () => place === 'rows', damaged)) {
    if (rows !== null) {
      hash.add(rows)
      counted[table] += countLines(rows)
      yield { kind: 'rows', rows }
      continue
    }
    if (place === 'end') throw damaged('something follows its end')
    if (place === 'sum') {
      if (!SUM.test(line!) || `${line}\n` !== hash.finish()) throw damaged('its checksum differs')
      place = 'end'
      continue
    }
    hash.add(`${line}\n`)
    if (place === 'rows') {
      place = 'tables'
      continue
    }
    const value = parse(line!, damaged)
    if (place === 'header') {
      yield { kind: 'header', header: headerOf(value, damaged) }
      place = 'tables'
    } else if (isTable(value)) {
      if (value.table in counted) throw damaged('a table comes twice')
      table = value.table
      counted[table] = 0
      place = 'rows'
      yield { kind: 'table', table: value }
    } else {
      yield { kind: 'summary', summary: summaryOf(value, counted, damaged) }
      place = 'sum'
    }
  }
  if (place !== 'end') throw damaged('it ends too early')
}

type Damaged = (reason: string) => Error

async function* linesOf(
  text: AsyncIterable<Buffer>,
  inRows: () => boolean,
  damaged: Damaged,
): AsyncGenerator<Lines> {
  let held: Buffer = Buffer.alloc(0)
  for await (const chunk of text) {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk])
    for (;;) {
      const end = inRows() ? endOfRows(held) : 0
      if (end > 0) {
        const rows = held.subarray(0, end)
        held = held.subarray(end)
        yield { line: null, rows }
      }
      const newline = held.indexOf(NEWLINE)
      if (newline < 0) break
      if (newline > BACKUP_LINE_BYTES_MAX) throw damaged('a line is too long')
      const line = held.toString('utf8', 0, newline)
      held = held.subarray(newline + 1)
      yield { line, rows: null }
    }
    if (held.length > (inRows() ? BACKUP_ROW_BYTES_MAX : BACKUP_LINE_BYTES_MAX))
      throw damaged('a line is too long')
  }
  if (held.length > 0) throw damaged('it ends within a line')
}

/** How many bytes from the beginning of a line are whole rows. */
function endOfRows(bytes: Buffer): number {
  if (bytes.length >= ROWS_END.length && bytes.toString('latin1', 0, ROWS_END.length) === ROWS_END)
    return 0
  const mark = bytes.indexOf(`\n${ROWS_END}`)
  return (mark >= 0 ? mark : bytes.lastIndexOf(NEWLINE)) + 1
}

function countLines(rows: Buffer): number {
  let count = 0
  for (let at = rows.indexOf(NEWLINE); at >= 0; at = rows.indexOf(NEWLINE, at + 1)) count++
  return count
}

function parse(line: string, damaged: Damaged): Record<string, unknown> {
  try {
    const value = JSON.parse(line)
    if (typeof value === 'object' && value !== null) return value
  } catch {
    // Told below.
  }
  throw damaged('a line is no JSON object')
}

function headerOf(value: Record<string, unknown>, damaged: Damaged): BackupHeader {
  const { format, version, form, takenAtMs } = value
  if (format !== 'telltale-backup') throw damaged('it is no backup of Telltale')
  if (version !== 1 || typeof form !== 'string' || typeof takenAtMs !== 'number')
    throw damaged('its first line is of no version that this one knows')
  return { format, version, form, takenAtMs }
}

function isTable(value: Record<string, unknown>): value is Record<string, unknown> & BackupTable {
  const { table, columns } = value
  return (
    typeof table === 'string' &&
    Array.isArray(columns) &&
    columns.every((one) => typeof one === 'string')
  )
}

function summaryOf(
  value: Record<string, unknown>,
  counted: Readonly<Record<string, number>>,
  damaged: Damaged,
): BackupSummary {
  const { rows, sequences } = value
  if (!isCounts(rows) || !isCounts(sequences)) throw damaged('its summary is none')
  if (JSON.stringify(rows) !== JSON.stringify(counted)) throw damaged('rows are missing')
  return { rows, sequences }
}

function isCounts(value: unknown): value is Record<string, number> {
  return (
    typeof value === 'object' && value !== null && Object.values(value).every(Number.isSafeInteger)
  )
}
