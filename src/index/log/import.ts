/** Follows a log into the index: what is new in it since the last time; or nothing of it. */
import type { DuckDBConnection } from '@duckdb/node-api'
import { TelltaleError } from '../../base/errors.ts'
import type { VerifiedLog } from '../../disclosure/log.ts'
import type { RejectReason } from '../../disclosure/rejects.ts'
import type { ImportSummary, RowSource } from '../../disclosure/source.ts'
import type { Engine } from '../engine.ts'
import { type ImportOptions, type Listeners, takeRows } from '../import.ts'
import { closeIncoming, countFound, openIncoming, rejectsOf } from '../incoming.ts'
import { publish } from '../publish.ts'
import { queryRow, queryRows } from '../sql.ts'
import { checkKeys, cursorOf, type EpochRead, epochsRead, recordFollowed } from './follower.ts'
import { type EpochCount, LOG_MAP } from './open.ts'
import { logRows } from './rows.ts'

/** Adds the rows of the entries that the index does not have yet. Throws as `IndexBuilder.addLog`;
 * nothing is added then. `dir` is the index's folder. */
export async function importLog(
  engine: Engine,
  options: ImportOptions & { readonly dir: string },
  log: VerifiedLog,
  listeners: Listeners,
): Promise<ImportSummary> {
  const db = engine.connection
  const read = await epochsRead(db, log.vkey)
  checkKeys(options.dir, read, log.keys)
  const cursor = await cursorOf(db, log)
  const epochs = new Map<number, EpochCount>()
  const source: RowSource = {
    kind: 'rows',
    file: log.file,
    map: LOG_MAP,
    time: { format: 'epoch-s' },
    assumed: [],
    rows: (onReject) => logRows(log, cursor, { epochs }, onReject),
    dispose: async () => {},
  }
  try {
    await openIncoming(db)
    // Also where nothing is new: then only that the log still holds what was read.
    const { work } = await takeRows(engine, options, source, listeners)
    checkOpened(read, epochs)
    let added = 0
    if (log.checkpoint.size > cursor.size) {
      await countFound(work)
      const { origin, size, root } = log.checkpoint
      const rejected = rejectsOf(work.tally).reduce((sum, { count }) => sum + count, 0)
      const reading = `log=${origin} size=${size}`
      const { rowsRead } = work.tally
      const row = { file: log.file, sha256: root.toString('hex'), reading, rowsRead, rejected }
      added = await publish(db, row, (id) => recordFollowed(db, id, log, epochs))
    }
    options.given.log(log.vkey)
    return await summaryOf(db, log, added)
  } finally {
    // What fails here is found again by the next import, and must not hide why this one failed.
    await closeIncoming(db).catch(() => {})
  }
}

/** Throws ENTRY_UNOPENED where a key has never opened an entry of its epoch: it is the wrong one, and
 * to go on would leave the entries out for good. */
function checkOpened(before: readonly EpochRead[], now: ReadonlyMap<number, EpochCount>): void {
  for (const [epoch, { opened, failed }] of now) {
    const earlier = before.find((one) => one.epoch === epoch)?.opened ?? 0
    if (failed === 0 || opened + earlier > 0) continue
    const problem = `the key at hand opens none of the ${failed} entries of epoch ${epoch}`
    throw new TelltaleError('ENTRY_UNOPENED', { problem })
  }
}

/** Of the whole log as the index has it: `added` rows are new. */
async function summaryOf(
  db: DuckDBConnection,
  log: VerifiedLog,
  added: number,
): Promise<ImportSummary> {
  const { file, vkey } = log
  const mine = `IN (SELECT source FROM main.followed WHERE vkey = '${vkey.replaceAll("'", "''")}')`
  const counts = await queryRow(
    db,
    `SELECT coalesce(sum(rows_read), 0) AS read, coalesce(sum(rejected), 0) AS rejected
     FROM main.source WHERE id ${mine}`,
  )
  const rejects = await queryRows(
    db,
    `SELECT reason, min(line) AS line, arg_min(text, line) AS text, count(*) AS n
     FROM main.reject WHERE source ${mine} GROUP BY reason ORDER BY n DESC, reason`,
  )
  const [rowsRead, rejected] = [Number(counts.read), Number(counts.rejected)]
  return {
    file,
    rowsRead,
    rowsAdded: added,
    rowsDuplicate: rowsRead - rejected - added,
    rejects: rejects.map(({ reason, line, text, n }) => ({
      reason: reason as RejectReason,
      count: Number(n),
      first: { file, line: Number(line), reason: reason as RejectReason, text: String(text ?? '') },
    })),
    assumed: [...log.assumed, ...(await epochsRead(db, vkey)).flatMap(erasedSentence)],
  }
}

function erasedSentence({ epoch, erased, customers, firstMs, lastMs }: EpochRead): string[] {
  if (erased === 0) return []
  const day = (ms: number) => new Date(ms).toISOString().slice(0, 10)
  const entries = `${erased.toLocaleString('en-US')} ${erased === 1 ? 'entry' : 'entries'}`
  const times = `customers ${customers.toLocaleString('en-US')} times, from ${day(firstMs)} to ${day(lastMs)}`
  return [
    `the key of epoch ${epoch} was destroyed: whom its ${entries} showed (${times}) is not known and missing here`,
  ]
}
