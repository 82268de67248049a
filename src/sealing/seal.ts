/** Sealing many disclosures at once, in whatever thread. */
import { type ErrorDetails, TelltaleError } from '../base/errors.ts'
import { spell } from '../sequencer/frames.ts'
import { ID_BYTES } from '../tlog/derive.ts'
import { type EpochKey, sealerFor } from '../tlog/entry.ts'
import type { Disclosure } from '../tlog/sealed.ts'

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
): (disclosures: readonly Disclosure[]) => Outcome {
  const sealer = sealerFor(epochKey)
  const nextId = createIds(fill)
  return (disclosures) => {
    const entries: Buffer[] = []
    const results = disclosures.map((disclosure) => {
      try {
        const sealed = sealer.seal(disclosure, nextId)
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
