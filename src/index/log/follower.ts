/** Where the index stands in the logs that it follows: kept in its own tables, written in the same
 * transaction as the rows, so that each entry takes effect exactly once. */
import type { DuckDBConnection } from '@duckdb/node-api'
import { TelltaleError } from '../../base/errors.ts'
import type { EpochKeys, VerifiedLog } from '../../disclosure/log.ts'
import { BEGINNING } from '../../sequencer/follow.ts'
import type { TreeHead } from '../../sequencer/source.ts'
import { formatBase64, parseBase64 } from '../../tlog/base64.ts'
import { queryRows, sqlText } from '../sql.ts'
import type { EpochCount } from './open.ts'

/** Up to where the index has followed a log. Throws LOG_ROLLED_BACK or LOG_FORKED where the log, by
 * its checkpoint, is not the one that was followed, or no longer all of it. */
export async function cursorOf(db: DuckDBConnection, log: VerifiedLog): Promise<TreeHead> {
  const { file, vkey, checkpoint } = log
  const known = await queryRows(
    db,
    `SELECT f.origin, f.vkey, f.size, f.root, s.file FROM main.followed f
     JOIN main.source s ON s.id = f.source
     WHERE f.origin = ${sqlText(checkpoint.origin)} OR s.file = ${sqlText(file)}
     ORDER BY f.size DESC`,
  )
  const other = known.find((one) => one.vkey !== vkey)
  if (other !== undefined) {
    const problem = `what was read before was signed by another key, ${other.vkey}`
    throw new TelltaleError('LOG_FORKED', { problem })
  }
  if (known.length === 0) return BEGINNING
  const [last] = known
  const cursor = {
    size: Number(last.size),
    root: parseBase64(String(last.root)) ?? Buffer.alloc(0),
  }
  if (checkpoint.size < cursor.size) {
    throw new TelltaleError('LOG_ROLLED_BACK', { size: checkpoint.size, signed: cursor.size })
  }
  if (checkpoint.size === cursor.size && !checkpoint.root.equals(cursor.root)) {
    const problem = `another checkpoint of ${cursor.size} entries was read before`
    throw new TelltaleError('LOG_FORKED', { problem })
  }
  return cursor
}

/** Notes that a source's rows end at the log's checkpoint. */
export async function recordFollowed(
  db: DuckDBConnection,
  source: number,
  log: VerifiedLog,
  epochs: ReadonlyMap<number, EpochCount>,
): Promise<void> {
  const { origin, size, root } = log.checkpoint
  await db.run(`INSERT INTO main.followed VALUES (${source}, ${sqlText(origin)}, ${sqlText(log.vkey)},
    ${size}, ${sqlText(formatBase64(root))}, ${sqlText(log.note)})`)
  for (const [epoch, { opened, erased, customers, firstMs, lastMs }] of epochs) {
    const times = erased === 0 ? 'NULL, NULL' : `${firstMs}, ${lastMs}`
    await db.run(`INSERT INTO main.epoch VALUES
      (${source}, ${epoch}, ${opened}, ${erased}, ${customers}, ${times})`)
  }
}

/** What the index has read of an epoch. */
export interface EpochRead {
  readonly epoch: number
  readonly opened: number
  readonly erased: number
  /** Customers that the erased entries name, each as often as it is named. */
  readonly customers: number
  readonly firstMs: number
  readonly lastMs: number
}

/** What the index has read of a log's epochs. */
export async function epochsRead(db: DuckDBConnection, vkey: string): Promise<EpochRead[]> {
  const rows = await queryRows(
    db,
    `SELECT epoch, sum(opened)::DOUBLE AS opened, sum(erased)::DOUBLE AS erased,
       sum(customers)::DOUBLE AS customers, min(first_ms) AS first_ms, max(last_ms) AS last_ms
     FROM main.epoch
     WHERE source IN (SELECT source FROM main.followed WHERE vkey = ${sqlText(vkey)})
     GROUP BY epoch ORDER BY epoch`,
  )
  return rows.map((row) => ({
    epoch: Number(row.epoch),
    opened: Number(row.opened),
    erased: Number(row.erased),
    customers: Number(row.customers),
    firstMs: Number(row.first_ms),
    lastMs: Number(row.last_ms),
  }))
}

/** Throws INDEX_KEYS_CHANGED where the index holds what was read under a key that was destroyed since,
 * or lacks what a key would open that was not there then. */
export function checkKeys(dir: string, read: readonly EpochRead[], keys: EpochKeys): void {
  for (const { epoch, opened, erased } of read) {
    const known = keys.epochs().find((one) => one.epoch === epoch)
    if (known === undefined) continue
    const isDestroyed = known.destroyedMs !== null
    if (isDestroyed ? opened === 0 : erased === 0) continue
    const problem = isDestroyed
      ? `it holds what was read under the key of epoch ${epoch}, which was destroyed since`
      : `it lacks what the key of epoch ${epoch} opens, which was said to be destroyed before`
    throw new TelltaleError('INDEX_KEYS_CHANGED', { dir, problem })
  }
}
