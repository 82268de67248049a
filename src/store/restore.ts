/** Fills an empty database from a backup: docs/store.md, "Restore". */
import { createReadStream } from 'node:fs'
import { createGunzip } from 'node:zlib'
import type pg from 'pg'
import { reasonOf, TelltaleError } from '../base/errors.ts'
import { type BackupPart, type BackupSummary, readBackup } from './backup-format.ts'
import { quote, quoteTable, readTables, type TableInfo } from './catalogue.ts'
import { copyIn } from './copy.ts'
import { openDatabase } from './database.ts'
import { storeError } from './faults.ts'
import { currentForm, MIGRATIONS, type MigrationName, migrate } from './migrate.ts'

/**
 * Restores `file` into the database at `url`, in the form that it was backed up in, and migrates it on
 * to this version's. The whole file is checked before anything is written, and the rows come in one
 * transaction: after any error there are none. Answers the rows of each table. Throws
 * STORE_BACKUP_DAMAGED, STORE_NEWER, STORE_NOT_EMPTY, FILE_UNREADABLE, and what `migrate` throws.
 */
export async function restore(url: string, file: string): Promise<BackupSummary> {
  const form = await checkFile(file)
  await withClient(url, async (client, found) => {
    const order = Object.keys(MIGRATIONS)
    const isLater = found !== null && order.indexOf(found) > order.indexOf(form)
    for (const { name } of await readTables(client)) {
      const { rows } = await client.query(`select exists (select from ${quoteTable(name)}) as any`)
      if (rows[0].any || isLater) throw new TelltaleError('STORE_NOT_EMPTY', { table: name })
    }
  })
  await migrate(url, form)
  const summary = await withClient(url, (client) => load(client, file))
  await migrate(url)
  return summary
}

/** Reads it to its end, and answers the form of the database in it. */
async function checkFile(file: string): Promise<MigrationName> {
  let form: string | undefined
  for await (const part of partsOf(file)) if (part.kind === 'header') form = part.header.form
  const known = Object.keys(MIGRATIONS)
  if (form === undefined || !known.includes(form))
    throw new TelltaleError('STORE_NEWER', { found: form ?? '?', known: known.at(-1)! })
  return form as MigrationName
}

async function* partsOf(file: string): AsyncGenerator<BackupPart> {
  const input = createReadStream(file)
  const text = input.pipe(createGunzip())
  input.on('error', (error) => text.destroy(error))
  try {
    yield* readBackup(file, text)
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException
    if (syscall) throw new TelltaleError('FILE_UNREADABLE', { file, reason: reasonOf(error) })
    if (code?.startsWith('Z_'))
      throw new TelltaleError('STORE_BACKUP_DAMAGED', { file, reason: 'its gzip is broken' })
    throw error
  } finally {
    input.destroy()
  }
}

async function withClient<Result>(
  url: string,
  work: (client: pg.PoolClient, form: string | null) => Promise<Result>,
): Promise<Result> {
  const database = await openDatabase({ url, connectionsMax: 2, statementTimeoutMs: 0 })
  try {
    const form = await currentForm(database.db)
    const client = await database.pool.connect()
    try {
      return await work(client, form)
    } finally {
      // Also ends the transaction, where one is left.
      client.release(true)
    }
  } catch (error) {
    throw storeError(error)
  } finally {
    await database.close()
  }
}

async function load(client: pg.PoolClient, file: string): Promise<BackupSummary> {
  await client.query('begin')
  const tables = new Map((await readTables(client)).map((table) => [table.name, table]))
  // What happened before the backup is told to nobody again.
  for (const name of tables.keys())
    await client.query(`alter table ${quoteTable(name)} disable trigger user`)
  const parts = partsOf(file)
  const next = async () => ((await parts.next()).value as BackupPart | undefined) ?? null
  let summary: BackupSummary | undefined
  for (let part = await next(); part !== null; ) {
    if (part.kind === 'summary') summary = part.summary
    if (part.kind !== 'table') {
      part = await next()
      continue
    }
    const statement = copyStatement(file, part.table, tables)
    let following: BackupPart | null = null
    const rows = async function* () {
      for (following = await next(); following?.kind === 'rows'; following = await next())
        yield following.rows
    }
    await copyIn(client, statement, rows())
    part = following
  }
  await setSequences(client, summary!.sequences, tables)
  for (const name of tables.keys())
    await client.query(`alter table ${quoteTable(name)} enable trigger user`)
  await client.query('commit')
  return summary!
}

/** Names come from a file: only those that the database has itself are put into a statement. */
function copyStatement(
  file: string,
  given: { readonly table: string; readonly columns: readonly string[] },
  tables: ReadonlyMap<string, TableInfo>,
): string {
  const known = tables.get(given.table)
  const unknown = given.columns.find((column) => !known?.columns.includes(column))
  if (!known || unknown !== undefined || given.columns.length === 0)
    throw new TelltaleError('STORE_BACKUP_DAMAGED', { file, reason: 'it names an unknown table' })
  return `copy ${quoteTable(known.name)} (${given.columns.map(quote).join(', ')}) from stdin`
}

async function setSequences(
  client: pg.PoolClient,
  given: Readonly<Record<string, number>>,
  tables: ReadonlyMap<string, TableInfo>,
): Promise<void> {
  for (const { name, counted } of tables.values())
    for (const column of counted) {
      const last = given[`${name}.${column}`] ?? 0
      if (last > 0)
        await client.query('select setval(pg_get_serial_sequence($1, $2)::regclass, $3)', [
          quoteTable(name),
          column,
          last,
        ])
    }
}
