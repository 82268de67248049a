/** DuckDB, opened for an index: in memory, or in a folder that keeps it. */
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { availableParallelism, tmpdir, totalmem } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { TelltaleError } from '../base/errors.ts'
import { DATABASE_FILE, indexFault } from './faults.ts'

export interface EngineOptions {
  /** Folder of a kept index; in memory when absent. */
  readonly dir?: string
  readonly threads?: number
  /** Beyond this the engine works on disk. Default: half the machine's memory, at most 4 GiB. */
  readonly memoryLimitMiB?: number
}

/** The engine, open. */
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

/** Throws INDEX_UNREADABLE where the folder's index cannot be opened, FILE_UNWRITABLE where there can
 * be none. */
export async function openEngine({ dir, threads, memoryLimitMiB }: EngineOptions): Promise<Engine> {
  const spill = spillFolder(dir)
  const memory = memoryLimitMiB ?? Math.min(DEFAULT_MEMORY_MIB, totalmem() / 2 / MIB)
  try {
    const instance = await DuckDBInstance.create(dir ? join(dir, DATABASE_FILE) : ':memory:', {
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
    const fault = indexFault(dir, error)
    if (fault instanceof TelltaleError) throw fault
    const reason = (error as Error).message.split('\n')[0]
    throw new TelltaleError('INDEX_UNREADABLE', { dir: dir ?? 'memory', reason }, { cause: error })
  }
}

function spillFolder(dir: string | undefined): string {
  if (dir === undefined) return mkdtempSync(join(tmpdir(), 'telltale-spill-'))
  makeFolder(dir)
  try {
    return mkdtempSync(join(dir, 'spill-'))
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? (error as Error).message
    throw new TelltaleError('FILE_UNWRITABLE', { file: dir, reason }, { cause: error })
  }
}

/** Only the last folder: Node's recursive way never returns below /proc, and a path that is wrong
 * further up is more likely a slip than a wish. */
function makeFolder(dir: string): void {
  try {
    mkdirSync(dir)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') {
      if (statSync(dir, { throwIfNoEntry: false })?.isDirectory()) return
      const reason = 'it is no folder'
      throw new TelltaleError('INDEX_UNREADABLE', { dir, reason }, { cause: error })
    }
    const parent = dirname(resolve(dir))
    const reason =
      code === 'ENOENT' || code === 'ENOTDIR'
        ? `no folder can be made in ${parent}, which does not exist or takes none`
        : (code ?? message)
    throw new TelltaleError('FILE_UNWRITABLE', { file: dir, reason }, { cause: error })
  }
}
