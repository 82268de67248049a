/** Sealing many disclosures and decisions at once, in whatever thread. */
import { type ErrorDetails, TelltaleError } from '../base/errors.ts'
import { spell } from '../sequencer/frames.ts'
import { ID_BYTES } from '../tlog/derive.ts'
import { type EpochKey, type Sealable, sealerFor } from '../tlog/entry.ts'

/** Ids drawn from the system at once: one call costs as much as sealing an entry. */
const IDS = 256

/** What sealing came to, in values that cross threads. */
export interface Outcome {
  readonly results: readonly (number | Refusal)[]
  readonly payload: Buffer
}

/** An error, as values. */
export interface Refusal {
  readonly code: string
  readonly details: ErrorDetails
}

/** Prepares to seal under an epoch's key; `fill` fills bytes with random ones. */
export function createSealer(
  epochKey: EpochKey,
  fill: (bytes: Buffer) => void,
): (all: readonly Sealable[]) => Outcome {
  const sealer = sealerFor(epochKey)
  const nextId = createIds(fill)
  return (all) => {
    const entries: Buffer[] = []
    const results = all.map((one) => {
      try {
        const sealed = sealer.seal(one, nextId)
        entries.push(...sealed)
        return sealed.length
      } catch (error) {
        if (!(error instanceof TelltaleError)) throw error
        return { code: error.code, details: error.details }
      }
    })
    return { results, payload: spell(entries) }
  }
}

/** Ids out of a pool, which `fill` fills with random bytes when it is used up. */
export function createIds(fill: (bytes: Buffer) => void): () => Uint8Array {
  const pool = Buffer.alloc(ID_BYTES * IDS)
  let used = IDS
  return () => {
    if (used === IDS) {
      fill(pool)
      used = 0
    }
    return pool.subarray(ID_BYTES * used, ID_BYTES * ++used)
  }
}
