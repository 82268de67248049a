/** The wiring of a log that is read as a source of accesses. */
import { ownWord, trustOf } from './audit/trust.ts'
import { TelltaleError } from './base/errors.ts'
import { KEY_TEXT_BYTES_MAX, POLICY_BYTES_MAX } from './base/limits.ts'
import type { LogOptions } from './cli/tools.ts'
import type { EpochKeys, VerifiedLog } from './disclosure/log.ts'
import { readBounded, readFolder } from './disk/read.ts'
import { commandKeyService } from './keys/key-service.ts'
import { openRing } from './keys/ring.ts'
import { checkSecretFolder } from './keys/secret-file.ts'
import { CHECKPOINT_PATH } from './sequencer/publish.ts'
import { VKEY_PATH } from './sequencer/sequencer.ts'
import { parseNote } from './tlog/note.ts'
import { requireQuorum } from './tlog/quorum.ts'
import { formatVkey } from './tlog/vkey.ts'

/** Opens the log in a folder, with its newest checkpoint verified. Throws LOG_MISSING, what verifying
 * the checkpoint and opening the keys throw. */
export async function openVerifiedLog(dir: string, options: LogOptions): Promise<VerifiedLog> {
  const files = readFolder(dir)
  const [note, vkey] = [await files.read(CHECKPOINT_PATH), await files.read(VKEY_PATH)]
  if (note === null) throw new TelltaleError('LOG_MISSING', {})
  const policy = options.policy === undefined ? null : contentOf(options.policy, POLICY_BYTES_MAX)
  const key = options.key === undefined ? null : keyText(options.key)
  const trust = trustOf({ key, policy }) ?? (vkey === null ? null : ownWord(vkey, policy))
  if (trust === null) throw new TelltaleError('LOG_MISSING', {})
  const { checkpoint, log } = requireQuorum(trust.policy, parseNote(note))
  return {
    file: dir,
    vkey: formatVkey(log),
    checkpoint,
    note: note.toString(),
    assumed: trust.isTold
      ? []
      : [
          'no key was given, so the log was taken at the word of the one in its own folder; --key says whose log it has to be',
        ],
    keys: await epochKeys(dir, options),
    read: files.read,
  }
}

/** Only the epoch keys: who reads a log needs not be able to sign it. */
async function epochKeys(dir: string, { keys, keyService }: LogOptions): Promise<EpochKeys> {
  const folder = keys ?? `${dir.replace(/\/+$/, '')}.keys`
  await checkSecretFolder(folder)
  const service =
    keyService === undefined ? null : commandKeyService(keyService.trim().split(/\s+/))
  return openRing(folder, service, (act) => act())
}

function keyText(key: string): string {
  return /^[^+]+\+[0-9a-f]{8}\+/.test(key) ? key : contentOf(key, KEY_TEXT_BYTES_MAX).toString()
}

function contentOf(file: string, bytesMax: number): Buffer {
  const bytes = readBounded(file, bytesMax)
  if (bytes !== null) return bytes
  throw new TelltaleError('FILE_UNREADABLE', { file, reason: 'there is no such file' })
}
