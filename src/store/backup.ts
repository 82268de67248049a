/** Writes everything the desk's database holds into one file: docs/store.md, "Backup". */
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { rename, rm, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import type pg from 'pg'
import { reasonOf, TelltaleError } from '../base/errors.ts'
import { type BackupHeader, type BackupSummary, backupHash, ROWS_END } from './backup-format.ts'
import { quote, quoteTable, readTables, type TableInfo } from './catalogue.ts'
import { copyOut } from './copy.ts'
import { openDatabase } from './database.ts'
import { syncPath } from './durable.ts'
import { storeError } from './faults.ts'
import { currentForm } from './migrate.ts'

/**
 * Backs up the database at `url` as it is at one moment, while others work with it. The file appears
 * under its name when it is whole and on the disk, readable by its owner alone. Answers the rows of each
 * table. Throws FILE_UNWRITABLE, also where the file exists, and what `openDatabase` throws.
 */
export async function backup(url: string, file: string): Promise<BackupSummary> {
  const database = await openDatabase({ url, connectionsMax: 2, statementTimeoutMs: 0 })
  try {
    const form = await currentForm(database.db)
    if (form === null)
      throw new TelltaleError('STORE_UNSUITABLE', { reason: 'it holds nothing of Telltale yet' })
    const client = await database.pool.connect()
    try {
      return await backupTo(file, client, form)
    } finally {
      client.release(true)
    }
  } catch (error) {
    throw isOfFile(error) ? unwritable(file, reasonOf(error), error) : storeError(error)
  } finally {
    await database.close()
  }
}

async function backupTo(file: string, client: pg.PoolClient, form: string): Promise<BackupSummary> {
  if (await stat(file).catch(() => null)) throw unwritable(file, 'it is there already')
  const partial = `${file}.${process.pid}.partial`
  const gzip = createGzip()
  const written = pipeline(gzip, createWriteStream(partial, { flags: 'wx', mode: 0o600 }))
  written.catch(() => {})
  try {
    const hash = backupHash()
    const write = async (bytes: Buffer | string) => {
      hash.add(bytes)
      // After an error nothing drains.
      if (!gzip.write(bytes)) await Promise.race([once(gzip, 'drain'), written])
    }
    const summary = await writeTables(client, form, write)
    gzip.end(hash.finish())
    await written
    await syncPath(partial)
    await rename(partial, file)
    await syncPath(dirname(resolve(file)))
    return summary
  } finally {
    gzip.destroy()
    await written.catch(() => {})
    await rm(partial, { force: true })
  }
}

async function writeTables(
  client: pg.PoolClient,
  form: string,
  write: (bytes: Buffer | string) => Promise<void>,
): Promise<BackupSummary> {
  await client.query('begin isolation level repeatable read read only')
  const tables = await readTables(client)
  const header: BackupHeader = {
    format: 'telltale-backup',
    version: 1,
    form,
    takenAtMs: Date.now(),
  }
  await write(`${JSON.stringify(header)}\n`)
  const rows: Record<string, number> = {}
  for (const { name, columns } of tables) {
    await write(`${JSON.stringify({ table: name, columns })}\n`)
    const { rows: counts } = await client.query(`select count(*) from ${quoteTable(name)}`)
    rows[name] = counts[0].count
    const list = columns.map(quote).join(', ')
    await copyOut(client, `copy ${quoteTable(name)} (${list}) to stdout`, write)
    await write(ROWS_END)
  }
  const summary = { rows, sequences: await readSequences(client, tables) }
  await write(`${JSON.stringify(summary)}\n`)
  await client.query('commit')
  return summary
}

/** Read after the rows: a sequence is never behind them. */
async function readSequences(
  client: pg.PoolClient,
  tables: readonly TableInfo[],
): Promise<Record<string, number>> {
  const found: Record<string, number> = {}
  for (const { name, counted } of tables)
    for (const column of counted) {
      const { rows } = await client.query(
        'select coalesce(pg_sequence_last_value(pg_get_serial_sequence($1, $2)::regclass), 0) as last',
        [quoteTable(name), column],
      )
      found[`${name}.${column}`] = rows[0].last
    }
  return found
}

function isOfFile(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).syscall !== undefined && !isOfNetwork(error)
}

function isOfNetwork(error: unknown): boolean {
  const { syscall, code } = error as NodeJS.ErrnoException
  return syscall === 'connect' || code === 'EPIPE' || code === 'ECONNRESET'
}

function unwritable(file: string, reason: string, cause?: unknown): TelltaleError {
  return new TelltaleError('FILE_UNWRITABLE', { file, reason }, { cause })
}
