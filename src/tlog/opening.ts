/** One entry opened for somebody who has no keys: docs/formats.md section 10.6. */
import { TelltaleError } from '../base/errors.ts'
import { OPENING_BYTES_MAX } from '../base/limits.ts'
import { formatBase64, parseBase64 } from './base64.ts'
import { ENTRY_KEY_BYTES } from './derive.ts'
import { type Opened, openEntry } from './entry.ts'
import { leafHash } from './hash.ts'
import type { Policy } from './policy.ts'
import type { Evaluation } from './quorum.ts'
import { formatReceipt, parseReceipt, type Receipt, verifyReceipt } from './receipt.ts'

/** An entry with what opens it, and proves that the log holds it at the receipt's index. */
export interface Opening {
  readonly entry: Buffer
  /** 64 bytes; opens this entry and no other. */
  readonly key: Buffer
  readonly receipt: Receipt
}

/** The opening as one line of JSON, ending in LF. */
export function formatOpening({ entry, key, receipt }: Opening): string {
  const fields = {
    v: 1,
    index: receipt.index,
    entry: formatBase64(entry),
    key: formatBase64(key),
    receipt: formatReceipt(receipt),
  }
  return `${JSON.stringify(fields)}\n`
}

/** Reads what `formatOpening` would write and nothing else; nothing is verified. Throws
 * OPENING_INVALID, RECEIPT_INVALID, NOTE_INVALID. */
export function parseOpening(text: string): Opening {
  if (text.length > OPENING_BYTES_MAX) throw invalid('it is too long')
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw invalid('it is not JSON')
  }
  const { entry, key, receipt } = Object(value) as Record<string, unknown>
  if (typeof entry !== 'string' || typeof key !== 'string' || typeof receipt !== 'string') {
    throw invalid('it has no entry, key or receipt')
  }
  const [entryBytes, keyBytes] = [parseBase64(entry), parseBase64(key)]
  if (entryBytes === null || keyBytes?.length !== ENTRY_KEY_BYTES) {
    throw invalid('its entry or key is not base64, or the key has not 64 bytes')
  }
  const opening = { entry: entryBytes, key: keyBytes, receipt: parseReceipt(receipt) }
  if (formatOpening(opening) !== text) throw invalid('it is not in the one form of an opening')
  return opening
}

/** Checks that a log whose checkpoint the policy accepts holds the entry at the receipt's index, and
 * opens it. Throws what `verifyReceipt` and `openEntry` throw. */
export function verifyOpening(
  { entry, key, receipt }: Opening,
  policy: Policy,
): Opened & { readonly evaluation: Evaluation } {
  const evaluation = verifyReceipt(receipt, leafHash(entry), policy)
  return { ...openEntry(entry, key), evaluation }
}

function invalid(problem: string): TelltaleError {
  return new TelltaleError('OPENING_INVALID', { problem })
}
