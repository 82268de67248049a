/** The keys folder: everything secret about one log (docs/formats.md section 8). */
import { randomBytes } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { TelltaleError } from '../base/errors.ts'
import type { KeyRing } from '../sequencer/keyring.ts'
import type { SignedMemory } from '../sequencer/signer.ts'
import { formatSkey, KEY_TYPE, parseSkey, type SigningKey, signingKey } from '../tlog/vkey.ts'
import type { KeyService } from './key-service.ts'
import { type Alone, makeEpochs, openRing } from './ring.ts'
import {
  checkSecretFolder,
  damaged,
  makeSecretFolder,
  readSecret,
  replaceKept,
  replaceSecret,
} from './secret-file.ts'
import { type WriterList, writersIn } from './writers-file.ts'

export interface KeyFolderOptions {
  /** Null: the epoch keys stand in the folder. */
  readonly service: KeyService | null
  /** Takes the folder for this process alone, for the time of a change. */
  readonly lock: (dir: string) => Promise<{ release(): Promise<void> }>
}

/** An open keys folder. */
export interface KeyFolder {
  readonly signer: SigningKey
  /** Where the newest signed checkpoint is remembered. */
  readonly memory: SignedMemory
  readonly ring: KeyRing
  readonly writers: WriterList
}

/** Makes a keys folder for a log of this origin: a signing key and a first epoch that begins at
 * `atMs`. Throws KEYS_EXIST, KEY_INVALID for an origin that no key can be named after,
 * FILE_UNWRITABLE, KEY_SERVICE_FAILED. */
export async function createKeyFolder(
  dir: string,
  origin: string,
  atMs: number,
  options: KeyFolderOptions,
): Promise<KeyFolder> {
  const key = signingKey(origin, KEY_TYPE.ed25519, randomBytes(32))
  if ((await stat(dir).catch(() => null)) !== null) throw new TelltaleError('KEYS_EXIST', { dir })
  await makeSecretFolder(dir)
  await makeEpochs(dir, atMs, options.service)
  await replaceSecret(join(dir, 'signer'), `${formatSkey(key)}\n`)
  return openKeyFolder(dir, options)
}

/** Opens a keys folder. Throws KEYS_MISSING, KEYS_EXPOSED, KEYS_DAMAGED, KEY_INVALID,
 * FILE_UNREADABLE, KEY_SERVICE_FAILED. */
export async function openKeyFolder(dir: string, options: KeyFolderOptions): Promise<KeyFolder> {
  await checkSecretFolder(dir)
  const alone = takingTurns(() => options.lock(dir))
  return {
    signer: await readSigner(join(dir, 'signer')),
    memory: memoryAt(join(dir, 'signed')),
    ring: await openRing(dir, options.service, alone),
    writers: writersIn(dir, alone),
  }
}

async function readSigner(path: string): Promise<SigningKey> {
  const text = await readSecret(path)
  if (text === null) throw damaged(path, 'it is missing')
  if (!text.endsWith('\n')) throw damaged(path, 'its end is missing')
  const key = parseSkey(text.slice(0, -1))
  if (key.type === KEY_TYPE.ed25519) return key
  throw damaged(path, 'a log signs with Ed25519, and this is another kind of key')
}

function memoryAt(path: string): SignedMemory {
  return { read: () => readSecret(path), write: (note) => replaceKept(path, note) }
}

/** One change after the other, within this process by waiting and among processes by the lock. */
function takingTurns(lock: () => Promise<{ release(): Promise<void> }>): Alone {
  let last: Promise<unknown> = Promise.resolve()
  return (act) => {
    const turn = last.then(async () => {
      const held = await lock()
      try {
        return await act()
      } finally {
        await held.release()
      }
    })
    last = turn.catch(() => {})
    return turn
  }
}
