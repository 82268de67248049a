/** A log of disclosures as a source of accesses, beside files. */
import type { Checkpoint } from '../tlog/checkpoint.ts'
import type { EpochKey } from '../tlog/entry.ts'

/** The port to the keys that a log's entries are sealed under. */
export interface EpochKeys {
  /** All epochs, and when each one's key was destroyed; null: it was not. */
  epochs(): readonly { readonly epoch: number; readonly destroyedMs: number | null }[]
  /** The key of an epoch. Throws EPOCH_DESTROYED, EPOCH_UNKNOWN, KEY_SERVICE_FAILED. */
  key(epoch: number): Promise<EpochKey>
}

/** A log whose newest checkpoint was verified: who follows it reads what that stands for. */
export interface VerifiedLog {
  /** The name shown to people: where the log is. */
  readonly file: string
  /** The log's verifier key. */
  readonly vkey: string
  readonly checkpoint: Checkpoint
  /** The note that carries the checkpoint. */
  readonly note: string
  /** What opening it assumed, in words. */
  readonly assumed: readonly string[]
  readonly keys: EpochKeys
  /** The whole file at this path of the log; null where there is none. */
  read(path: string): Promise<Buffer | null>
}
