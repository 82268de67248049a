/**
 * What a witness cosigned, as files: `logs/<hex of SHA-256(origin)>` is the newest checkpoint of a
 * log, and `origins` lists the hashes of all, so that one that is gone is missed.
 */
import { mkdir } from 'node:fs/promises'
import { TelltaleError } from '../base/errors.ts'
import { type Disk, replaceFile } from '../sequencer/disk.ts'
import { sha256 } from '../tlog/hash.ts'
import type { WitnessStore } from '../witness/store.ts'
import { folderDisk } from './folder.ts'
import { lockFolder } from './lock.ts'

const ORIGINS = 'origins'
const FOLDER = 'logs'
const HASH = /^[0-9a-f]{64}$/

/** Makes the folder of a witness that cosigned nothing yet. Throws WITNESS_EXISTS. */
export async function createWitnessFolder(dir: string): Promise<void> {
  await mkdir(`${dir}/${FOLDER}`, { recursive: true, mode: 0o700 })
  const disk = folderDisk(dir)
  if ((await disk.read(ORIGINS)) !== null) throw new TelltaleError('WITNESS_EXISTS', { dir })
  await replaceFile(disk, ORIGINS, Buffer.alloc(0))
}

/** A store with a folder of its own until it is closed. */
export interface WitnessFolder extends WitnessStore {
  close(): Promise<void>
}

/** Opens the folder of a witness, alone. Throws WITNESS_STATE_MISSING, WITNESS_STATE_BROKEN,
 * FOLDER_LOCKED, FOLDER_UNLOCKABLE. */
export async function openWitnessFolder(dir: string): Promise<WitnessFolder> {
  const disk = folderDisk(dir)
  if ((await disk.read(ORIGINS)) === null) throw new TelltaleError('WITNESS_STATE_MISSING', { dir })
  const lock = await lockFolder(dir)
  try {
    const store = await witnessStoreOn(disk, dir, lock.check)
    return { ...store, close: lock.release }
  } catch (error) {
    await lock.release()
    throw error
  }
}

/** The store on a disk; `check` throws where the disk is not ours alone any more. */
export async function witnessStoreOn(
  disk: Disk,
  dir: string,
  check: () => Promise<void>,
): Promise<WitnessStore> {
  const known = await knownHashes(disk, dir)
  const listed = new Set(known)
  // A crash may come between a log's first checkpoint and its line in the list.
  for (const name of await disk.list(FOLDER)) if (HASH.test(name)) known.add(name)

  async function list(hash: string): Promise<void> {
    const lines = [...listed, hash].sort().map((one) => `${one}\n`)
    await replaceFile(disk, ORIGINS, Buffer.from(lines.join('')))
    listed.add(hash)
  }

  let listing = Promise.resolve()
  return {
    read: async (origin) => {
      const hash = hashOf(origin)
      const bytes = await disk.read(`${FOLDER}/${hash}`)
      if (bytes === null && known.has(hash)) {
        throw new TelltaleError('WITNESS_STATE_BROKEN', { origin, reason: 'its file is gone' })
      }
      return bytes === null ? null : bytes.toString()
    },
    replace: async (origin, note) => {
      const hash = hashOf(origin)
      await check()
      await replaceFile(disk, `${FOLDER}/${hash}`, Buffer.from(note))
      known.add(hash)
      if (listed.has(hash)) return
      // One list for all logs: its changes wait for each other.
      const mine = listing.then(() => list(hash))
      listing = mine.catch(() => {})
      await mine
    },
  }
}

async function knownHashes(disk: Disk, dir: string): Promise<Set<string>> {
  const text = (await disk.read(ORIGINS))?.toString()
  if (text === undefined) throw new TelltaleError('WITNESS_STATE_MISSING', { dir })
  const lines = text.split('\n')
  if (lines.pop() !== '' || !lines.every((line) => HASH.test(line))) {
    const reason = `the file ${ORIGINS} in ${dir} is damaged`
    throw new TelltaleError('WITNESS_STATE_BROKEN', { origin: 'every log', reason })
  }
  return new Set(lines)
}

function hashOf(origin: string): string {
  return sha256(origin).toString('hex')
}
