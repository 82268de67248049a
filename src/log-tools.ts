/** The wiring of the commands on a log. */
import { randomBytes } from 'node:crypto'
import { mkdir, readdir, stat } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { TelltaleError } from './base/errors.ts'
import type { LogKeys, LogPlace, LogTools, LogWriters, OpenLog } from './cli/log/ports.ts'
import { createRecorder } from './disclosure/recorder.ts'
import { folderDisk } from './disk/folder.ts'
import { type FolderLock, lockFolder } from './disk/lock.ts'
import { readFolder } from './disk/read.ts'
import { createWitnessClients } from './http/witness-client.ts'
import { createKeyFolder, type KeyFolder, openKeyFolder } from './keys/folder.ts'
import { commandKeyService } from './keys/key-service.ts'
import { readSecret, replaceKept } from './keys/secret-file.ts'
import { createServe } from './log-server.ts'
import { ownKeys } from './own-keys.ts'
import { startRotatingSealing } from './sealing/rotating.ts'
import { cosignWith } from './sequencer/cosign.ts'
import { type Disk, replaceFile } from './sequencer/disk.ts'
import { initLog, openSequencer } from './sequencer/sequencer.ts'
import { type Cosign, checkpointSigner } from './sequencer/signer.ts'
import { entryProblem } from './sequencer/verify.ts'
import { createGatherer, type Gathered } from './sequencer/witnesses.ts'
import { untilAskedToEnd } from './signals.ts'
import { type Policy, parsePolicy } from './tlog/policy.ts'
import type { SigningKey } from './tlog/vkey.ts'
import { VERIFY_NETWORK } from './verify-network.ts'
import { verifyPorts } from './verify-ports.ts'

/** The file of the keys folder by which the one writer holds it: copies of a log's folder have locks
 * of their own, and must not both be signed for. `lock` is for changes of the keys beside a writer. */
const SIGNING_LOCK = 'signing'

/** The path of the writer's policy below the log's folder. */
const POLICY_PATH = 'policy'

/** The real tools. */
export function createLogTools(): LogTools {
  return {
    wallMs: () => Date.now(),
    verify: verifyPorts(VERIFY_NETWORK, (dir) =>
      ownKeys(dir, (keys) => openKeyFolder(keys, { service: null, lock: lockFolder })),
    ),
    init,
    open,
    keys: async (place) => logKeys(await openKeyFolder(place.keys, keyOptions(place))),
    tryLock,
    files: readFolder,
    writers,
    serve: createServe(open, writers),
    untilAskedToEnd,
  }
}

async function tryLock(dir: string): Promise<FolderLock | null> {
  try {
    return await lockFolder(dir)
  } catch (error) {
    if (error instanceof TelltaleError && error.code === 'FOLDER_LOCKED') return null
    throw error
  }
}

async function writers(place: LogPlace): Promise<LogWriters> {
  return (await openKeyFolder(place.keys, keyOptions(place))).writers
}

function keyOptions({ keyService }: LogPlace) {
  return {
    service: keyService === null ? null : commandKeyService(keyService),
    lock: lockFolder,
  }
}

function logKeys({ signer, memory, ring }: KeyFolder): LogKeys {
  return { signer: checkpointSigner(signer, memory), ring }
}

async function init(place: LogPlace, told: string | null, policy: Buffer | null): Promise<string> {
  const { dir, keys } = place
  const origin = told ?? originFor(dir)
  if (policy !== null) parsePolicy(policy)
  await makeFolder(dir)
  const lock = await lockFolder(dir)
  try {
    const disk = folderDisk(dir)
    const { signer } = logKeys(await createKeyFolder(keys, origin, Date.now(), keyOptions(place)))
    if (policy !== null) await replaceFile(disk, POLICY_PATH, policy)
    await initLog(disk, signer)
    return signer.vkey
  } finally {
    await lock.release()
  }
}

/** A name that no other log has, out of what can stand in a key's name. */
function originFor(dir: string): string {
  const name = basename(resolve(dir)).replace(/[^A-Za-z0-9._-]+/g, '-')
  return `${name || 'log'}-${randomBytes(4).toString('hex')}`
}

/** Makes the folder of a new log, or takes an empty one. Throws LOG_EXISTS, FOLDER_NOT_EMPTY,
 * FILE_UNWRITABLE. */
async function makeFolder(dir: string): Promise<void> {
  try {
    await mkdir(dir, { recursive: true })
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    throw new TelltaleError('FILE_UNWRITABLE', { file: dir, reason: code ?? message })
  }
  const names = (await readdir(dir)).filter((name) => name !== 'lock')
  if (names.includes('checkpoint')) throw new TelltaleError('LOG_EXISTS', {})
  if (names.length > 0) throw new TelltaleError('FOLDER_NOT_EMPTY', { dir })
}

async function open(place: LogPlace): Promise<OpenLog> {
  const { dir } = place
  const found = await stat(dir).catch(() => null)
  if (!found?.isDirectory()) throw new TelltaleError('LOG_MISSING', {})
  const folder = await openKeyFolder(place.keys, keyOptions(place))
  const lock = await lockBoth(place)
  try {
    return await openLog(folderDisk(dir), folder, lock, await policyOf(place))
  } catch (error) {
    await lock.release()
    throw error
  }
}

/** Takes a log for writing: its folder, and its keys for signing. */
async function lockBoth({ dir, keys }: LogPlace): Promise<FolderLock> {
  const log = await lockFolder(dir)
  try {
    const signing = await lockFolder(keys, SIGNING_LOCK)
    return {
      check: async () => void (await Promise.all([log.check(), signing.check()])),
      release: async () => void (await Promise.all([log.release(), signing.release()])),
    }
  } catch (error) {
    await log.release()
    throw error
  }
}

/** The policy that a log is written under. Without it a log would publish what no witness has seen: the keys folder remembers it.
 * Throws POLICY_CHANGED. */
async function policyOf({ dir, keys }: LogPlace): Promise<Buffer | null> {
  const path = join(keys, POLICY_PATH)
  const [policy, remembered] = [await folderDisk(dir).read(POLICY_PATH), await readSecret(path)]
  if (remembered === null && policy !== null) await replaceKept(path, policy.toString())
  else if (remembered !== (policy?.toString() ?? null)) {
    throw new TelltaleError('POLICY_CHANGED', { dir, keys })
  }
  return policy
}

async function openLog(
  disk: Disk,
  folder: KeyFolder,
  lock: FolderLock,
  policy: Buffer | null,
): Promise<OpenLog> {
  const keys = logKeys(folder)
  const witnesses = witnessesOf(policy, folder.signer)
  try {
    const { signer } = keys
    const sequencer = await openSequencer({
      disk,
      signer,
      cosign: witnesses.cosign,
      check: lock.check,
      isEntry: (bytes) => entryProblem(bytes) === null,
    })
    // One core writes; the others seal.
    const threads = startRotatingSealing(keys.ring.current, Math.max(1, availableParallelism() - 1))
    return {
      ...keys,
      sequencer,
      recorder: createRecorder(threads, sequencer.appendSpelled),
      unwitnessed: witnesses.unwitnessed,
      close: async () => {
        try {
          await sequencer.close()
        } finally {
          witnesses.close()
          await threads.close()
          await lock.release()
        }
      },
    }
  } catch (error) {
    witnesses.close()
    throw error
  }
}

interface Witnesses {
  readonly cosign: Cosign | null
  unwitnessed(): string | null
  close(): void
}

const NO_WITNESSES: Witnesses = { cosign: null, unwitnessed: () => null, close: () => {} }

/** The witnesses that a policy names. */
function witnessesOf(bytes: Buffer | null, key: SigningKey): Witnesses {
  const policy: Policy | null = bytes === null ? null : parsePolicy(bytes)
  if (policy === null || policy.witnesses.length === 0) return NO_WITNESSES
  const { clients, close } = createWitnessClients(policy)
  let last: Gathered | null = null
  const gatherer = createGatherer(policy, key, clients)
  return {
    cosign: cosignWith(gatherer, (gathered) => {
      last = gathered
    }),
    unwitnessed: () => {
      if (last === null || last.isQuorum) return null
      const answers = last.outcomes.map((outcome, i) => {
        const names = clients[i].witnesses.map(({ label }) => label).join('+')
        return `${names}: ${'reason' in outcome ? outcome.reason : outcome.kind}`
      })
      return answers.join('; ')
    },
    close,
  }
}
