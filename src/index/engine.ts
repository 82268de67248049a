/** DuckDB, opened for an index: in memory, or in a folder that keeps it. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { TelltaleError } from '../base/errors.ts'

export interface EngineOptions {
  /** Folder of a kept index; in memory when absent. */
  readonly dir?: string
  readonly threads?: number
  /** Beyond this the engine works on disk. Default: half the machine's memory, at most 4 GiB. */
  readonly memoryLimitMiB?: number
}

export interface Engine {
  /** Work on the tables. */
  readonly connection: DuckDBConnection
  /** Staging, which goes on while the other connection works. */
  readonly staging: DuckDBConnection
  /** A folder for temporary files, gone when the engine closes. */
  readonly spill: string
  close(): void
}

/** Attached databases of what an import needs in passing, kept out of the index's own file: what is
 * laid up, and what is being staged. */
const SCRATCH = 'scratch'
export const STAGE = 'stage'

const MIB = 1 << 20
const DEFAULT_MEMORY_MIB = 4096

/** Throws INDEX_UNREADABLE where the folder's index cannot be opened. */
export async function openEngine({ dir, threads, memoryLimitMiB }: EngineOptions): Promise<Engine> {
  const spill = spillFolder(dir)
  const memory = memoryLimitMiB ?? Math.min(DEFAULT_MEMORY_MIB, totalmem() / 2 / MIB)
  try {
    const instance = await DuckDBInstance.create(dir ? join(dir, 'telltale.duckdb') : ':memory:', {
      threads: String(threads ?? availableParallelism()),
      memory_limit: `${Math.floor(memory)}MiB`,
      temp_directory: spill,
      // The import of a file must not depend on what the machine happens to have installed.
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
    })
    const connection = await instance.connect()
    await connection.run(`ATTACH ':memory:' AS ${SCRATCH}`)
    // Staged values are large and few: small row groups let more than one thread work on them.
    await connection.run(`ATTACH ':memory:' AS ${STAGE} (ROW_GROUP_SIZE 2048)`)
    await connection.run("SET TimeZone = 'UTC'")
    const staging = await instance.connect()
    return {
      connection,
      staging,
      spill,
      close() {
        staging.closeSync()
        connection.closeSync()
        instance.closeSync()
        rmSync(spill, { recursive: true, force: true })
      },
    }
  } catch (error) {
    rmSync(spill, { recursive: true, force: true })
    const reason = (error as Error).message.split('\n')[0]
    throw new TelltaleError('INDEX_UNREADABLE', { dir: dir ?? 'memory', reason }, { cause: error })
  }
}

function spillFolder(dir: string | undefined): string {
  if (dir === undefined) return mkdtempSync(join(tmpdir(), 'telltale-spill-'))
  try {
    mkdirSync(dir, { recursive: true })
    return mkdtempSync(join(dir, 'spill-'))
  } catch (error) {
    const reason = (error as Error).message
    throw new TelltaleError('INDEX_UNREADABLE', { dir, reason }, { cause: error })
  }
}
