/** Opens entries of a log and writes their disclosures as rows, in whatever thread. */
import { type ErrorCode, TelltaleError } from '../../base/errors.ts'
import { REJECT_TEXT_MAX } from '../../base/limits.ts'
import type { RejectReason } from '../../disclosure/rejects.ts'
import type { ColumnMap, DisclosureColumn, PlainRows } from '../../disclosure/source.ts'
import { entriesOf } from '../../sequencer/frames.ts'
import { parseEntry, type Sealer, sealerFor } from '../../tlog/entry.ts'
import type { DisclosureHeader } from '../../tlog/header.ts'
import type { Disclosure } from '../../tlog/sealed.ts'

/** Neighbouring entries, with the keys of their epochs, in values that cross threads. */
export interface Job {
  /** Index of the first. */
  readonly first: number
  /** As a bundle spells them. */
  readonly payload: Uint8Array
  /** Null: destroyed. */
  readonly keys: ReadonlyMap<number, Uint8Array | null>
}

/** What a job came to. */
export interface OpenedJob {
  readonly rows: number
  /** The rows, one a customer, without LF at the end. */
  readonly bytes: Uint8Array
  readonly rejects: readonly {
    readonly line: number
    readonly reason: RejectReason
    readonly text: string
  }[]
  readonly epochs: ReadonlyMap<number, EpochCount>
}

/** What became of the entries of an epoch. */
export interface EpochCount {
  opened: number
  /** Entries that did not open, though there is a key. */
  failed: number
  /** Entries whose key was destroyed; the customers that they name, and their times. */
  erased: number
  customers: number
  firstMs: number
  lastMs: number
}

const COLUMNS: readonly DisclosureColumn[] = [
  'agent',
  'customer',
  'time',
  'fields',
  'masked',
  'ticket',
  'grade',
  'path',
  'queue',
]
/** No text of a disclosure holds it. */
const DELIMITER = '\u001f'

/** How a log's rows are read: each column under its own name, after the entry's index. */
export const LOG_ROWS: Pick<PlainRows, 'delimiter' | 'positions' | 'linePosition'> = {
  delimiter: DELIMITER,
  linePosition: 0,
  positions: Object.fromEntries(COLUMNS.map((column, i) => [column, i + 1])),
}
export const LOG_MAP = Object.fromEntries(COLUMNS.map((column) => [column, column])) as ColumnMap

/** Opens jobs, one after the other; each epoch's key is prepared once. */
export function createOpener(): (job: Job) => OpenedJob {
  const sealers = new Map<number, Sealer>()

  function sealerOf(epoch: number, key: Uint8Array): Sealer {
    const sealer = sealers.get(epoch) ?? sealerFor({ epoch, key })
    sealers.set(epoch, sealer)
    return sealer
  }

  return ({ first, payload, keys }) => {
    const entries = entriesOf(Buffer.from(payload.buffer, payload.byteOffset, payload.length)) ?? []
    const rejects: OpenedJob['rejects'][number][] = []
    const epochs = new Map<number, EpochCount>()
    let rows = 0
    let text = ''
    for (const [i, entry] of entries.entries()) {
      let count: EpochCount | null = null
      try {
        const parsed = parseEntry(entry)
        const { header } = parsed
        if (header.kind !== 'disclosure') continue
        count = countOf(epochs, header.epoch)
        const key = keys.get(header.epoch)
        if (key === undefined) throw new Error('a key was not handed over')
        if (key === null) {
          addErased(count, header)
          continue
        }
        const { disclosure } = sealerOf(header.epoch, key).openParsed(parsed)
        if (disclosure === null) continue
        count.opened++
        rows += disclosure.customers.length
        text += rowsOf(first + i, disclosure)
      } catch (error) {
        if (count !== null) count.failed++
        rejects.push({ line: first + i, reason: reasonOf(error), text: shownOf(entry) })
      }
    }
    return { rows, bytes: new TextEncoder().encode(text.slice(0, -1)), rejects, epochs }
  }
}

function countOf(epochs: Map<number, EpochCount>, epoch: number): EpochCount {
  const fresh = { opened: 0, failed: 0, erased: 0, customers: 0, firstMs: Infinity, lastMs: 0 }
  const count = epochs.get(epoch) ?? fresh
  epochs.set(epoch, count)
  return count
}

function addErased(count: EpochCount, { customers, atMs }: DisclosureHeader): void {
  count.erased++
  count.customers += customers
  count.firstMs = Math.min(count.firstMs, atMs)
  count.lastMs = Math.max(count.lastMs, atMs)
}

function rowsOf(index: number, d: Disclosure): string {
  const time = Math.floor(d.atMs / 1000)
  // A call's number tells one contact with a customer from another as a ticket's does; a grant is none.
  const ticket = d.purpose === 'grant' ? '' : (d.reference ?? '')
  const names = `${d.fields.join(';')}${DELIMITER}${d.masked.join(';')}`
  const before = `${index}${DELIMITER}${d.agent}${DELIMITER}`
  const known = `${ticket}${DELIMITER}${d.grade}${DELIMITER}${d.path}${DELIMITER}${d.queue ?? ''}`
  const after = `${DELIMITER}${time}${DELIMITER}${names}${DELIMITER}${known}\n`
  let text = ''
  for (const customer of d.customers) text += before + customer + after
  return text
}

const REASONS: Partial<Record<ErrorCode, RejectReason>> = {
  ENTRY_MALFORMED: 'not-an-entry',
  ENTRY_UNOPENED: 'not-opened',
}

function reasonOf(error: unknown): RejectReason {
  const code: ErrorCode = error instanceof TelltaleError ? error.code : 'INTERNAL'
  const reason = REASONS[code]
  if (reason === undefined) throw error
  return reason
}

/** The header, or as much of something else; what is sealed is never shown. */
function shownOf(entry: Buffer): string {
  const [header] = entry.toString('latin1', 0, REJECT_TEXT_MAX).split('\n', 1)
  return header
}
