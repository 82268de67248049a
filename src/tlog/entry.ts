/** Entries of the log: a header that everybody can read, and a sealed part (docs/formats.md section
 * 10). Sealing is deterministic: ids and times are given. */
import { createCipheriv, createDecipheriv, createSecretKey, hash } from 'node:crypto'
import { TelltaleError } from '../base/errors.ts'
import { ENTRY_BYTES_MAX, PSEUDONYMS_KEPT } from '../base/limits.ts'
import {
  agentKeyOf,
  ENTRY_KEY_BYTES,
  EPOCH_KEY_BYTES,
  entryKeysOf,
  ID_BYTES,
  pseudonymOf,
} from './derive.ts'
import {
  type DisclosureHeader,
  type Header,
  malformed,
  parseHeader,
  writeHeader,
} from './header.ts'
import {
  checkValues,
  type Disclosure,
  parsePlain,
  plainFrame,
  quoted,
  quotedNames,
} from './sealed.ts'

/** An epoch and its key of 32 bytes. */
export interface EpochKey {
  readonly epoch: number
  readonly key: Uint8Array
}

/** An entry as everybody can read it. */
export interface Entry {
  readonly header: Header
  /** The header's bytes, without the LF after them. */
  readonly headerBytes: Buffer
  /** Ciphertext and tag; empty where nothing is sealed. */
  readonly sealed: Buffer
}

/** An opened entry; `disclosure` names the customers of this part only. */
export interface Opened {
  readonly header: DisclosureHeader
  readonly disclosure: Disclosure
}

/** Seals and opens the entries of one epoch. */
export interface Sealer {
  readonly epoch: number
  /** The entries of one disclosure, neighbours in the log; nearly always one. `nextId` gives 16 random
   * bytes, never used before. Throws DISCLOSURE_MALFORMED. */
  seal(disclosure: Disclosure, nextId: () => Uint8Array): Buffer[]
  /** Opens an entry of this epoch; throws ENTRY_MALFORMED, ENTRY_UNOPENED. */
  open(bytes: Buffer): Opened
  /** The same of an entry that was parsed already. */
  openParsed(entry: Entry): Opened
  /** The key of 64 bytes that opens the entry and no other; throws ENTRY_MALFORMED, ENTRY_UNOPENED. */
  keyOf(bytes: Buffer): Buffer
  /** The agent's pseudonym in this epoch. */
  pseudonym(agent: string): string
}

const LF = 0x0a
const TAG_BYTES = 16
const PAD_BYTES = 64
const SALT_BYTES = 32
const NONCE = Buffer.alloc(12)
const CIPHER = 'aes-256-gcm'
const CUSTOMERS = 'customers'
/** No header is longer: its names and numbers are bounded. */
const HEADER_BYTES_MAX = 512
/** Of plain text, what fits into one entry beside the longest header. */
const PLAIN_BYTES_MAX =
  Math.floor((ENTRY_BYTES_MAX - HEADER_BYTES_MAX - 1 - TAG_BYTES) / PAD_BYTES) * PAD_BYTES

// The entry's key, whose second half is the salt, and right after it the padded text, so that salt
// and text are hashed in one call. Used within one call only.
const work = Buffer.alloc(ENTRY_KEY_BYTES + ENTRY_BYTES_MAX)
const encryptKey = work.subarray(0, ENTRY_KEY_BYTES - SALT_BYTES)

/** Prepares to seal and open under the key of an epoch. */
export function sealerFor({ epoch, key }: EpochKey): Sealer {
  if (key.length !== EPOCH_KEY_BYTES) throw new RangeError('an epoch key has 32 bytes')
  const expand = entryKeysOf(key)
  const agentKey = agentKeyOf(key)
  const pseudonyms = new Map<string, string>()

  function pseudonym(agent: string): string {
    let name = pseudonyms.get(agent)
    if (name === undefined) {
      if (pseudonyms.size >= PSEUDONYMS_KEPT) pseudonyms.clear()
      name = pseudonymOf(agentKey, agent)
      pseudonyms.set(agent, name)
    }
    return name
  }

  function sealPart(d: Disclosure, plain: string, shape: Shape, id: Uint8Array): Buffer {
    if (id.length !== ID_BYTES) throw new RangeError('an id has 16 bytes')
    expand(id, work, 0)
    return sealed(plain, (commitment) =>
      writeHeader({
        kind: 'disclosure',
        agent: pseudonym(d.agent),
        atMs: d.atMs,
        commitment,
        customers: shape.customers,
        epoch,
        fields: d.fields.length + d.masked.length,
        grade: d.grade,
        id: base64url(id),
        part: shape.part,
        parts: shape.parts,
        path: d.path,
        purpose: d.purpose,
      }),
    )
  }

  function keyOf({ header }: Entry): Buffer {
    if (header.kind !== 'disclosure') throw unopened('nothing is sealed in it')
    if (header.epoch !== epoch) throw unopened(`it is of epoch ${header.epoch}, not ${epoch}`)
    const out = Buffer.allocUnsafe(ENTRY_KEY_BYTES)
    expand(Buffer.from(header.id, 'base64url'), out, 0)
    return out
  }

  function openParsed(entry: Entry): Opened {
    const opened = openWith(entry, keyOf(entry))
    if (opened.header.agent !== pseudonym(opened.disclosure.agent)) {
      throw malformed('its pseudonym is not that of the agent sealed in it')
    }
    return opened
  }

  return {
    epoch,
    seal: (d, nextId) => {
      checkValues(d)
      const { before, after } = plainFrame(d)
      const lists = customerLists(d.customers, Buffer.byteLength(before) + Buffer.byteLength(after))
      return lists.map(({ text, count }, i) => {
        const shape = { customers: count, part: i + 1, parts: lists.length }
        return sealPart(d, before + text + after, shape, nextId())
      })
    },
    open: (bytes) => openParsed(parseEntry(bytes)),
    openParsed,
    keyOf: (bytes) => keyOf(parseEntry(bytes)),
    pseudonym,
  }
}

interface Shape {
  readonly customers: number
  readonly part: number
  readonly parts: number
}

/** Deals the customers out to as few entries as take them, where the rest of the plain text has
 * `frameBytes`. */
function customerLists(
  customers: readonly string[],
  frameBytes: number,
): { text: string; count: number }[] {
  const room = PLAIN_BYTES_MAX - frameBytes
  const whole = quotedNames(customers, CUSTOMERS)
  if (Buffer.byteLength(whole) <= room) return [{ text: whole, count: customers.length }]
  const lists: { text: string; count: number }[] = []
  let from = 0
  let bytes = 0
  for (let i = 0; i <= customers.length; i++) {
    const more =
      i < customers.length ? Buffer.byteLength(quoted(customers[i], CUSTOMERS)) + 1 : Infinity
    if (i > from && bytes + more > room + 1) {
      lists.push({ text: quotedNames(customers.slice(from, i), CUSTOMERS), count: i - from })
      from = i
      bytes = 0
    }
    bytes += more
  }
  return lists
}

/** The entry with this plain text, by the key that stands in `work`. */
function sealed(plain: string, headerFor: (commitment: string) => string): Buffer {
  const end = ENTRY_KEY_BYTES + work.write(plain, ENTRY_KEY_BYTES, 'utf8')
  const paddedEnd = Math.ceil(end / PAD_BYTES) * PAD_BYTES
  work.fill(0, end, paddedEnd)
  const header = headerFor(commitmentOf(paddedEnd))
  const sealedAt = header.length + 1
  const tagAt = sealedAt + paddedEnd - ENTRY_KEY_BYTES
  const entry = Buffer.allocUnsafe(tagAt + TAG_BYTES)
  entry.write(header, 0, 'latin1')
  entry[header.length] = LF
  // As a key object, because a cipher is made from one seven times as fast as from bytes.
  const cipher = createCipheriv(CIPHER, createSecretKey(encryptKey), NONCE)
  cipher.setAAD(entry.subarray(0, header.length))
  entry.set(cipher.update(work.subarray(ENTRY_KEY_BYTES, paddedEnd)), sealedAt)
  cipher.final()
  entry.set(cipher.getAuthTag(), tagAt)
  return entry
}

/** The commitment to the salt and padded text in `work`. */
function commitmentOf(paddedEnd: number): string {
  return hash('sha256', work.subarray(ENTRY_KEY_BYTES - SALT_BYTES, paddedEnd), 'base64url')
}

/** The entry that says that an epoch's key was destroyed. */
export function destructionEntry(epoch: number, atMs: number): Buffer {
  return Buffer.from(`${writeHeader({ kind: 'destruction', atMs, epoch })}\n`, 'latin1')
}

/** Reads what everybody can of an entry; throws ENTRY_MALFORMED for whatever is not one. */
export function parseEntry(bytes: Buffer): Entry {
  if (bytes.length > ENTRY_BYTES_MAX) throw malformed('it is too long')
  const end = bytes.subarray(0, HEADER_BYTES_MAX + 1).indexOf(LF)
  if (end < 0) throw malformed('it has no header')
  const header = parseHeader(bytes.toString('latin1', 0, end))
  const sealed = bytes.subarray(end + 1)
  if (header.kind === 'destruction') {
    if (sealed.length > 0) throw malformed('something follows its header')
  } else if (sealed.length <= TAG_BYTES || (sealed.length - TAG_BYTES) % PAD_BYTES !== 0) {
    throw malformed('its sealed part has no length that padding leads to')
  }
  return { header, headerBytes: bytes.subarray(0, end), sealed }
}

/** Opens an entry by its own key of 64 bytes. Throws ENTRY_MALFORMED where what is sealed is not as
 * it has to be, ENTRY_UNOPENED where the key does not fit or the commitment is not to the content. */
export function openEntry(bytes: Buffer, key: Uint8Array): Opened {
  return openWith(parseEntry(bytes), key)
}

function openWith({ header, headerBytes, sealed }: Entry, key: Uint8Array): Opened {
  if (header.kind !== 'disclosure') throw unopened('nothing is sealed in it')
  if (key.length !== ENTRY_KEY_BYTES) throw unopened('the key does not have 64 bytes')
  work.set(key)
  const padded = decrypted(headerBytes, sealed)
  work.set(padded, ENTRY_KEY_BYTES)
  if (commitmentOf(ENTRY_KEY_BYTES + padded.length) !== header.commitment) {
    throw unopened('its commitment is not to what this key shows')
  }
  const content = parsePlain(withoutPadding(padded))
  const fields = content.fields.length + content.masked.length
  if (header.customers !== content.customers.length || header.fields !== fields) {
    throw malformed('its header does not count what is sealed in it')
  }
  const { atMs, grade, path, purpose } = header
  if (purpose === 'none' && content.reference !== null) {
    throw malformed('it has a reference but no purpose')
  }
  return { header, disclosure: { ...content, atMs, grade, path, purpose } }
}

function decrypted(headerBytes: Buffer, sealed: Buffer): Buffer {
  const tagAt = sealed.length - TAG_BYTES
  const cipher = createDecipheriv(CIPHER, createSecretKey(encryptKey), NONCE, {
    authTagLength: TAG_BYTES,
  })
  cipher.setAAD(headerBytes)
  cipher.setAuthTag(sealed.subarray(tagAt))
  const padded = cipher.update(sealed.subarray(0, tagAt))
  try {
    cipher.final()
  } catch (cause) {
    throw unopened('the key does not fit it, or it was changed', cause)
  }
  return padded
}

function withoutPadding(padded: Buffer): string {
  let end = padded.length
  while (end > 0 && padded[end - 1] === 0) end--
  if (end <= padded.length - PAD_BYTES) throw malformed('what is sealed in it is padded too far')
  const text = padded.toString('utf8', 0, end)
  // Bytes that are no UTF-8 read as U+FFFD, which has other bytes.
  if (Buffer.compare(Buffer.from(text, 'utf8'), padded.subarray(0, end)) !== 0) {
    throw malformed('what is sealed in it is not UTF-8')
  }
  return text
}

function base64url(id: Uint8Array): string {
  return Buffer.from(id.buffer, id.byteOffset, id.length).toString('base64url')
}

function unopened(problem: string, cause?: unknown): TelltaleError {
  return new TelltaleError('ENTRY_UNOPENED', { problem }, { cause })
}
