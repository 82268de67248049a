/** The keys that entries are sealed under, epoch by epoch, wherever they are kept. */
import { TelltaleError } from '../base/errors.ts'
import { type EpochKey, type Sealer, sealerFor } from '../tlog/entry.ts'

/** What is known of an epoch without its key. */
export interface Epoch {
  readonly epoch: number
  readonly fromMs: number
  /** Null while somebody has its key. */
  readonly destroyedMs: number | null
}

/** The port to where epoch keys are kept. */
export interface KeyRing {
  /** All epochs, from 1 on, as last read; the last is never destroyed. */
  epochs(): readonly Epoch[]
  /** The key of the last epoch: new entries are sealed under it. */
  current(): EpochKey
  /** The key of an epoch. Throws EPOCH_DESTROYED, EPOCH_UNKNOWN, KEY_SERVICE_FAILED. */
  key(epoch: number): Promise<EpochKey>
  /** Begins a new epoch with a new key, which is kept safe when this resolves. */
  rotate(atMs: number): Promise<EpochKey>
  /** Destroys the key of an epoch other than the last, for good. Resolves with when that was done:
   * `atMs`, or earlier where it had been before, so that who was interrupted can repeat it. Throws
   * EPOCH_IN_USE, EPOCH_UNKNOWN. */
  destroy(epoch: number, atMs: number): Promise<number>
  /** Takes over what another process changed since. */
  refresh(): Promise<void>
}

/** Sealers for the epochs of a ring, each made once. */
export interface Sealers {
  /** Seals new entries. */
  current(): Sealer
  /** Opens entries of this epoch. Throws as `KeyRing.key` does. */
  of(epoch: number): Promise<Sealer>
}

/** Sealers by the keys of this ring. */
export function sealersOf(ring: KeyRing): Sealers {
  const made = new Map<number, Sealer>()

  function sealerOf(key: EpochKey): Sealer {
    const known = made.get(key.epoch)
    if (known !== undefined) return known
    // A sealer holds its key: none outlives it.
    for (const { epoch, destroyedMs } of ring.epochs()) if (destroyedMs !== null) made.delete(epoch)
    const sealer = sealerFor(key)
    made.set(key.epoch, sealer)
    return sealer
  }

  return {
    current: () => sealerOf(ring.current()),
    of: async (epoch) => {
      requireKey(ring.epochs(), epoch)
      return made.get(epoch) ?? sealerOf(await ring.key(epoch))
    },
  }
}

/** The epoch of this number. Throws EPOCH_UNKNOWN where there is none, EPOCH_DESTROYED where its key
 * is gone. */
export function requireKey<One extends Epoch>(epochs: readonly One[], epoch: number): One {
  const found = epochs.find((one) => one.epoch === epoch)
  if (found === undefined) throw new TelltaleError('EPOCH_UNKNOWN', { epoch })
  if (found.destroyedMs === null) return found
  const at = new Date(found.destroyedMs).toISOString()
  throw new TelltaleError('EPOCH_DESTROYED', { epoch, at })
}
