/** The journal's frames: docs/formats.md, section 9. */
import { createHash } from 'node:crypto'
import { QUEUE_BYTES_MAX } from '../base/limits.ts'
import { HASH_BYTES } from '../tlog/hash.ts'

const MAGIC = Buffer.from('TTJ1')
/** A frame's bytes before its payload. */
export const FRAME_HEAD_BYTES = 4 + 4 + 8 + 4 + HASH_BYTES
const NUMBERS_BYTES = 4 + 8 + 4
const SECTOR_BYTES = 512
/** One caller's entries are never divided, so that they may take all that can wait. */
const FRAME_BYTES_MAX = QUEUE_BYTES_MAX

/** Entries that became durable together, as a bundle spells them: `uint16 length || entry` each. */
export interface Batch {
  /** Index of the first entry. */
  readonly first: number
  readonly count: number
  readonly payload: Buffer
}

/** Entries as a bundle spells them. */
export type Spelled = Pick<Batch, 'count' | 'payload'>

/** Spells entries as a bundle does, in memory of their own, which a thread can hand to another. */
export function spell(entries: readonly Uint8Array[]): Buffer {
  let length = 0
  for (const entry of entries) length += 2 + entry.length
  const payload = Buffer.allocUnsafeSlow(length)
  let at = 0
  for (const entry of entries) {
    at = payload.writeUInt16BE(entry.length, at)
    payload.set(entry, at)
    at += entry.length
  }
  return payload
}

/** The bytes of a frame that go before its payload. */
export function frameHead(origin: string, { first, count, payload }: Batch): Buffer {
  const head = Buffer.allocUnsafe(FRAME_HEAD_BYTES)
  MAGIC.copy(head)
  head.writeUInt32BE(payload.length, 4)
  head.writeBigUInt64BE(BigInt(first), 8)
  head.writeUInt32BE(count, 16)
  digestOf(origin, head, payload).copy(head, 4 + NUMBERS_BYTES)
  return head
}

function digestOf(origin: string, head: Buffer, payload: Buffer): Buffer {
  return createHash('sha256')
    .update(`telltale-journal/v1\n${origin}\n`)
    .update(head.subarray(4, 4 + NUMBERS_BYTES))
    .update(payload)
    .digest()
}

/** What a journal file holds. `torn` is where an unfinished last frame begins, null without one. */
export interface JournalFile {
  readonly batches: readonly Batch[]
  readonly torn: number | null
}

/** Reads a journal file whose first entry has index `first`. Returns a sentence where it is
 * damaged in a way that no crash leaves behind. */
export function readFrames(origin: string, bytes: Buffer, first: number): JournalFile | string {
  const batches: Batch[] = []
  let next = first
  for (let at = 0; at < bytes.length; ) {
    const read = readFrame(origin, bytes, at, next)
    if (read === 'torn') {
      // A frame is begun only after the one before it is on the disk.
      return hasLaterFrame(origin, bytes, at)
        ? `the frame at byte ${at} is damaged and others follow it`
        : { batches, torn: at }
    }
    if (typeof read === 'string') return `${read} at byte ${at}`
    batches.push(read)
    next += read.count
    at += FRAME_HEAD_BYTES + read.payload.length
  }
  return { batches, torn: null }
}

function readFrame(origin: string, bytes: Buffer, at: number, next: number): Batch | string {
  const head = bytes.subarray(at, at + FRAME_HEAD_BYTES)
  if (head.length < FRAME_HEAD_BYTES) return 'torn'
  const wrong = (what: string) => (hasZeroSector(bytes, at) ? 'torn' : what)
  if (!head.subarray(0, 4).equals(MAGIC)) return wrong('no frame begins')
  const length = head.readUInt32BE(4)
  if (length > FRAME_BYTES_MAX) return wrong('no frame is as long as this one says')
  const end = at + FRAME_HEAD_BYTES + length
  if (end > bytes.length) return 'torn'
  const payload = bytes.subarray(at + FRAME_HEAD_BYTES, end)
  if (!digestOf(origin, head, payload).equals(head.subarray(4 + NUMBERS_BYTES))) {
    return wrong('the digest is wrong')
  }
  const first = Number(head.readBigUInt64BE(8))
  const count = head.readUInt32BE(16)
  if (count === 0 || countOf(payload) !== count) return `it does not hold its ${count} entries,`
  if (first !== next) return `entry ${next} is missing: the next one is ${first}`
  return { first, count, payload }
}

function hasLaterFrame(origin: string, bytes: Buffer, torn: number): boolean {
  for (let at = bytes.indexOf(MAGIC, torn + 1); at !== -1; at = bytes.indexOf(MAGIC, at + 1)) {
    const head = bytes.subarray(at, at + FRAME_HEAD_BYTES)
    if (head.length < FRAME_HEAD_BYTES) return false
    const payload = bytes.subarray(at + FRAME_HEAD_BYTES).subarray(0, head.readUInt32BE(4))
    if (digestOf(origin, head, payload).equals(head.subarray(4 + NUMBERS_BYTES))) return true
  }
  return false
}

/** A sector that never arrived reads as zeros; no frame holds a whole one by itself, since entries
 * are text and cipher. */
function hasZeroSector(bytes: Buffer, from: number): boolean {
  const zeros = Buffer.alloc(SECTOR_BYTES)
  const start = Math.floor(from / SECTOR_BYTES) * SECTOR_BYTES
  for (let at = start; at < bytes.length; at += SECTOR_BYTES) {
    const begin = Math.max(at, from)
    const end = Math.min(at + SECTOR_BYTES, bytes.length)
    if (bytes.subarray(begin, end).equals(zeros.subarray(0, end - begin))) return true
  }
  return false
}

/** The entries of a payload, in order; null where it is not spelled as a bundle. */
export function entriesOf(payload: Buffer): Buffer[] | null {
  const entries: Buffer[] = []
  for (let at = 0; at < payload.length; ) {
    if (at + 2 > payload.length) return null
    const length = payload.readUInt16BE(at)
    const end = at + 2 + length
    if (length === 0 || end > payload.length) return null
    entries.push(payload.subarray(at + 2, end))
    at = end
  }
  return entries
}

/** How many entries a payload holds; null where it is not spelled as a bundle. */
export function countOf(payload: Buffer): number | null {
  let count = 0
  let at = 0
  while (at + 2 < payload.length) {
    const length = payload.readUInt16BE(at)
    if (length === 0) return null
    at += 2 + length
    count++
  }
  return at === payload.length ? count : null
}
