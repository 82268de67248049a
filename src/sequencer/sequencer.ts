/**
 * The one writer of a log. `append` resolves when the entries are on the disk; tiles, checkpoint and
 * cosignatures follow within a second. Whatever ends the process, `openSequencer` goes on from
 * there without help: nothing acknowledged is lost, nothing is invented.
 */
import { reasonOf, TelltaleError } from '../base/errors.ts'
import { EMPTY_ROOT } from '../tlog/hash.ts'
import { proveConsistency } from '../tlog/plan.ts'
import { createCommit } from './commit.ts'
import { type Disk, replaceFile } from './disk.ts'
import type { Spelled } from './frames.ts'
import { beginJournal, journalFiles } from './journal.ts'
import { CHECKPOINT_PATH, createPublisher, type Publisher } from './publish.ts'
import { recover } from './recover.ts'
import type { CheckpointSigner, Cosign } from './signer.ts'
import { type TreeHead, tilesOf } from './source.ts'
import { startWork } from './work.ts'

/** The path of the log's verifier key below its folder. */
export const VKEY_PATH = 'vkey'

export interface SequencerOptions {
  readonly disk: Disk
  readonly signer: CheckpointSigner
  /** Null where no policy asks for witnesses. */
  readonly cosign: Cosign | null
  /** Whether bytes are an entry that whoever verifies the log accepts. */
  readonly isEntry: (bytes: Buffer) => boolean
  /** Throws where the folder is not this process's alone any more. */
  readonly check: () => Promise<void>
}

/** A log open for writing. */
export interface Sequencer {
  readonly origin: string
  /** Makes entries durable, next to each other and in order, and resolves with the index of the
   * first. Throws LOG_BUSY, LOG_UNWRITABLE, LOG_STOPPED, ENTRY_SIZE: then nothing may be shown. */
  append(entries: readonly Uint8Array[]): Promise<number>
  /** The same for entries that are spelled as a bundle does. */
  appendSpelled(spelled: Spelled): Promise<number>
  /** Durable entries. */
  size(): number
  /** What readers see. */
  published(): TreeHead
  /** Resolves once the first `size` entries are published. Throws what stopped the log before. */
  whenPublished(size: number): Promise<void>
  /** Resolves with what stopped the log, if anything but `close` does. */
  readonly stopped: Promise<unknown>
  /** Entries that an earlier process left durable but unpublished, and bytes it did not finish. */
  readonly recovered: { readonly entries: number; readonly tornBytes: number }
  /** Publishes what is durable and lets go of the folder. Throws what stopped the log before. */
  close(): Promise<void>
}

/** Makes the files of a log without entries. Throws LOG_EXISTS. */
export async function initLog(disk: Disk, signer: CheckpointSigner): Promise<void> {
  if ((await disk.read(CHECKPOINT_PATH)) !== null) throw new TelltaleError('LOG_EXISTS', {})
  await disk.write(VKEY_PATH, Buffer.from(`${signer.vkey}\n`))
  await disk.syncFile(VKEY_PATH)
  if ((await journalFiles(disk)).length === 0) {
    await (await beginJournal(disk, signer.origin, 0)).close(0)
  }
  const note = signer.sign({ size: 0, root: EMPTY_ROOT })
  await signer.memory.write(note)
  // Last: a folder is a log once it has a checkpoint.
  await replaceFile(disk, CHECKPOINT_PATH, Buffer.from(note))
}

/** Opens a log for writing; the caller sees to it that nobody else does. Throws LOG_MISSING,
 * LOG_OTHER_KEY, LOG_DAMAGED, LOG_INCOMPLETE, JOURNAL_DAMAGED, LOG_ROLLED_BACK, SIGNED_LOST,
 * LOG_UNWRITABLE. */
export async function openSequencer(options: SequencerOptions): Promise<Sequencer> {
  try {
    return await start(options)
  } catch (error) {
    throw typed(error, 'LOG_UNWRITABLE')
  }
}

async function start(options: SequencerOptions): Promise<Sequencer> {
  const { disk, signer, cosign, check } = options
  const { published, signed, remembered } = await signedHeads(disk, signer)
  const { tiling, recovered, tornBytes } = await recover(
    disk,
    signer.origin,
    published,
    signed,
    options.isEntry,
  )
  const journal = await beginJournal(disk, signer.origin, tiling.size())
  await journal.forget(tiling.size())

  const proof = (from: number, to: number) => proveConsistency(from, to, tilesOf(disk, to))
  const publisher = createPublisher(disk, signer, published, remembered, cosign, proof)
  const commit = createCommit(
    tiling.size(),
    // Looking who holds the folder takes no longer than the write beside it.
    async (batch) => void (await Promise.all([journal.write(batch), checked(check)])),
    () => work.wake(),
    (error) => fail(error),
  )
  let fail: (error: unknown) => void = () => {}
  const stopped = new Promise((resolve) => {
    fail = resolve
  })
  const waiters = createWaiters(publisher)
  const work = startWork({ commit, tiling, publisher, journal }, waiters.onPublished, (failed) => {
    const error = typed(failed, 'LOG_STOPPED')
    waiters.fail(error)
    fail(error)
    void commit.stop(clauseOf(error))
  })

  return {
    origin: signer.origin,
    append: commit.append,
    appendSpelled: commit.appendSpelled,
    size: commit.size,
    published: publisher.published,
    whenPublished: waiters.whenPublished,
    stopped,
    recovered: { entries: recovered, tornBytes },
    close: async () => {
      await commit.stop('it was closed')
      try {
        await work.finish().catch((error) => {
          throw typed(error, 'LOG_STOPPED')
        })
      } finally {
        waiters.fail(new TelltaleError('LOG_STOPPED', { reason: 'it was closed' }))
        await journal.close(work.settled()).catch(() => {})
      }
    },
  }
}

/** Those who wait until their entries are published. */
function createWaiters(publisher: Publisher) {
  let waiting: { size: number; resolve: () => void; reject: (error: unknown) => void }[] = []
  let failure: { readonly error: unknown } | null = null
  return {
    whenPublished: (size: number): Promise<void> => {
      if (publisher.published().size >= size) return Promise.resolve()
      if (failure !== null) return Promise.reject(failure.error)
      return new Promise((resolve, reject) => waiting.push({ size, resolve, reject }))
    },
    onPublished: () => {
      const { size } = publisher.published()
      for (const one of waiting) if (one.size <= size) one.resolve()
      waiting = waiting.filter((one) => one.size > size)
    },
    fail: (error: unknown) => {
      failure ??= { error }
      for (const { reject } of waiting) reject(error)
      waiting = []
    },
  }
}

/** The newest tree heads that were published and signed, each by this very key. */
async function signedHeads(disk: Disk, signer: CheckpointSigner) {
  const [vkey, note] = [await disk.read(VKEY_PATH), await disk.read(CHECKPOINT_PATH)]
  if (vkey === null || note === null) throw new TelltaleError('LOG_MISSING', {})
  if (vkey.toString() !== `${signer.vkey}\n`) {
    throw new TelltaleError('LOG_OTHER_KEY', { key: signer.vkey })
  }
  const published = signer.open(note.toString())
  const remembered = await signer.memory.read()
  if (remembered === null) throw signedLost('the keys folder does not say')
  const signed = signedHead(signer, remembered)
  // It is remembered before it is published: no crash leaves it behind.
  if (signed.size < published.size) {
    throw signedLost(
      `the keys folder says ${signed.size} entries, and ${published.size} are published`,
    )
  }
  return { published, signed, remembered }
}

function signedHead(signer: CheckpointSigner, note: string): TreeHead {
  try {
    return signer.open(note)
  } catch (error) {
    if (error instanceof TelltaleError) throw signedLost(clauseOf(error))
    throw error
  }
}

function signedLost(problem: string): TelltaleError {
  return new TelltaleError('SIGNED_LOST', { problem })
}

/** What the disk says is wrong, as an error of this code; any other as it is. */
function typed(error: unknown, code: 'LOG_UNWRITABLE' | 'LOG_STOPPED'): unknown {
  const isOfDisk = !(error instanceof TelltaleError) && error instanceof Error && 'code' in error
  return isOfDisk ? new TelltaleError(code, { reason: error.message }, { cause: error }) : error
}

/** What an error says, as a part of a sentence. */
function clauseOf(error: unknown): string {
  return reasonOf(error).replace(/\.$/, '')
}

/** Another writer may be at work: nothing written from here on can be believed. */
async function checked(check: () => Promise<void>): Promise<void> {
  await check().catch((error) => {
    throw new TelltaleError('LOG_STOPPED', { reason: clauseOf(error) }, { cause: error })
  })
}
