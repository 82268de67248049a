/** Checkpoints, the text of the log's notes: C2SP tlog-checkpoint, docs/formats.md section 5. */
import { TelltaleError } from '../base/errors.ts'
import { NOTE_BYTES_MAX } from '../base/limits.ts'
import { formatBase64, parseBase64 } from './base64.ts'
import { parseDecimal } from './decimal.ts'
import { EMPTY_ROOT, HASH_BYTES } from './hash.ts'
import { isOrigin, readText } from './text.ts'

/** What a log says of itself: these entries, and after them no other so far. */
export interface Checkpoint {
  /** The log's name, 1 to 255 bytes. */
  readonly origin: string
  /** Entries. */
  readonly size: number
  /** The root of the tree of these entries, 32 bytes. */
  readonly root: Buffer
  /** Further lines, not empty, which mean nothing here and are signed by Ed25519 keys only. */
  readonly extensions: readonly string[]
}

/** Reads a note's text that `formatCheckpoint` would write. Throws `CHECKPOINT_INVALID`. */
export function parseCheckpoint(text: string): Checkpoint {
  if (readText(text, NOTE_BYTES_MAX) === null) throw invalid('it is too long or no plain text')
  const lines = text.split('\n')
  if (lines.length < 4 || lines.pop() !== '') throw invalid('it lacks one of its three lines')
  const [origin, decimal, base64, ...extensions] = lines
  if (!isOrigin(origin)) throw invalid('its origin is empty or over 255 bytes')
  const size = parseDecimal(decimal)
  if (size === null) throw invalid('its size is no decimal number up to 2^53 - 1')
  const root = parseBase64(base64)
  if (root?.length !== HASH_BYTES) throw invalid('its third line is no hash')
  if (size === 0 && !root.equals(EMPTY_ROOT)) throw invalid('it has no entries but a hash of some')
  if (extensions.includes('')) throw invalid('an extension line is empty')
  return { origin, size, root, extensions }
}

/** A checkpoint as a note's text. */
export function formatCheckpoint({ origin, size, root, extensions }: Checkpoint): string {
  return [origin, size, formatBase64(root), ...extensions].map((line) => `${line}\n`).join('')
}

function invalid(problem: string) {
  return new TelltaleError('CHECKPOINT_INVALID', { problem })
}
