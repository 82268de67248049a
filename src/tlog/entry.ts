/** Entries of the log: a header that everybody can read, and a sealed part (docs/formats.md section
 * 10). Sealing is deterministic: ids and times are given. */
import { ENTRY_BYTES_MAX, PSEUDONYMS_KEPT } from '../base/limits.ts'
import { HEADER_BYTES_MAX, isSealedLength, openedText, sealedEntry, unopened } from './cipher.ts'
import { type Decision, decisionText, parseDecisionText } from './decision.ts'
import {
  agentKeyOf,
  ENTRY_KEY_BYTES,
  EPOCH_KEY_BYTES,
  entryKeysOf,
  ID_BYTES,
  pseudonymOf,
} from './derive.ts'
import {
  type DecisionHeader,
  type DisclosureHeader,
  type Header,
  malformed,
  parseHeader,
  writeHeader,
} from './header.ts'
import { type Disclosure, disclosureTexts, parseDisclosureText } from './sealed.ts'

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

/** What is sealed into the log. */
export type Sealable = Disclosure | Decision

/** An opened disclosure, which names the customers of this part only. */
export interface OpenedDisclosure {
  readonly header: DisclosureHeader
  readonly disclosure: Disclosure
  readonly decision: null
}

/** An opened decision. */
export interface OpenedDecision {
  readonly header: DecisionHeader
  readonly disclosure: null
  readonly decision: Decision
}

/** An opened entry. */
export type Opened = OpenedDisclosure | OpenedDecision

/** Seals and opens the entries of one epoch. */
export interface Sealer {
  readonly epoch: number
  /** The entries of one disclosure, neighbours in the log, nearly always one; or the one of a decision.
   * `nextId` gives 16 random bytes, never used before. Throws DISCLOSURE_MALFORMED,
   * DECISION_MALFORMED. */
  seal(one: Sealable, nextId: () => Uint8Array): Buffer[]
  /** Opens an entry of this epoch; throws ENTRY_MALFORMED, ENTRY_UNOPENED. */
  open(bytes: Buffer): Opened
  /** The same of an entry that was parsed already. */
  openParsed(entry: Entry): Opened
  /** The key of 64 bytes that opens the entry and no other; throws ENTRY_MALFORMED, ENTRY_UNOPENED. */
  keyOf(bytes: Buffer): Buffer
  /** The agent's pseudonym in this epoch. */
  pseudonym(agent: string): string
}

/** What the header of every sealed entry has, whatever its kind. */
type Common = Pick<DecisionHeader, 'agent' | 'atMs' | 'commitment' | 'epoch' | 'id'>

const LF = 0x0a

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

  function sealText(
    text: string,
    { agent, atMs }: Sealable,
    id: Uint8Array,
    headerOf: (common: Common) => Header,
  ): Buffer {
    if (id.length !== ID_BYTES) throw new RangeError('an id has 16 bytes')
    const putKey = (out: Buffer) => expand(id, out, 0)
    return sealedEntry(text, putKey, (commitment) =>
      writeHeader(
        headerOf({ agent: pseudonym(agent), atMs, commitment, epoch, id: base64url(id) }),
      ),
    )
  }

  function keyOf({ header }: Entry): Buffer {
    if (header.kind === 'destruction') throw nothingSealed()
    if (header.epoch !== epoch) throw unopened(`it is of epoch ${header.epoch}, not ${epoch}`)
    const out = Buffer.allocUnsafe(ENTRY_KEY_BYTES)
    expand(Buffer.from(header.id, 'base64url'), out, 0)
    return out
  }

  function openParsed(entry: Entry): Opened {
    const opened = openWith(entry, keyOf(entry))
    const { agent } = opened.decision ?? opened.disclosure
    if (opened.header.agent !== pseudonym(agent)) {
      throw malformed('its pseudonym is not that of the agent sealed in it')
    }
    return opened
  }

  return {
    epoch,
    seal: (one, nextId) => {
      if (isDecision(one)) {
        const text = decisionText(one)
        return [sealText(text, one, nextId(), (common) => decisionHeader(one, common))]
      }
      return disclosureTexts(one).map(({ text, customers }, i, { length: parts }) =>
        sealText(text, one, nextId(), (common) =>
          disclosureHeader(one, { customers, part: i + 1, parts }, common),
        ),
      )
    },
    open: (bytes) => openParsed(parseEntry(bytes)),
    openParsed,
    keyOf: (bytes) => keyOf(parseEntry(bytes)),
    pseudonym,
  }
}

/** Which of the two it is: only a decision has an act. */
export function isDecision(one: Sealable): one is Decision {
  return 'act' in one
}

function decisionHeader({ act }: Decision, common: Common): DecisionHeader {
  return { kind: 'decision', act, ...common }
}

function disclosureHeader(
  { fields, masked, grade, path, purpose }: Disclosure,
  { customers, part, parts }: Pick<DisclosureHeader, 'customers' | 'part' | 'parts'>,
  { agent, atMs, commitment, epoch, id }: Common,
): DisclosureHeader {
  // Spelled out, because most entries are disclosures and spreading takes longer.
  return {
    kind: 'disclosure',
    agent,
    atMs,
    commitment,
    customers,
    epoch,
    fields: fields.length + masked.length,
    grade,
    id,
    part,
    parts,
    path,
    purpose,
  }
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
  } else if (!isSealedLength(sealed.length)) {
    throw malformed('its sealed part has no length that padding leads to')
  }
  return { header, headerBytes: bytes.subarray(0, end), sealed }
}

/** Opens an entry by its own key of 64 bytes. Throws ENTRY_MALFORMED where what is sealed is not as
 * it has to be, ENTRY_UNOPENED where the key does not fit or the commitment is not to the content. */
export function openEntry(bytes: Buffer, key: Uint8Array): Opened {
  return openWith(parseEntry(bytes), key)
}

function openWith(entry: Entry, key: Uint8Array): Opened {
  const { header } = entry
  if (header.kind === 'destruction') throw nothingSealed()
  const text = openedText(entry, key, header.commitment)
  if (header.kind === 'disclosure') return openedDisclosure(header, text)
  const { act, atMs } = header
  return { header, disclosure: null, decision: { ...parseDecisionText(text), act, atMs } }
}

function openedDisclosure(header: DisclosureHeader, text: string): OpenedDisclosure {
  const content = parseDisclosureText(text)
  const fields = content.fields.length + content.masked.length
  if (header.customers !== content.customers.length || header.fields !== fields) {
    throw malformed('its header does not count what is sealed in it')
  }
  const { atMs, grade, path, purpose } = header
  if (purpose === 'none' && content.reference !== null) {
    throw malformed('it has a reference but no purpose')
  }
  return { header, disclosure: { ...content, atMs, grade, path, purpose }, decision: null }
}

function base64url(id: Uint8Array): string {
  return Buffer.from(id.buffer, id.byteOffset, id.length).toString('base64url')
}

function nothingSealed() {
  return unopened('nothing is sealed in it')
}
