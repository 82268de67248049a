/** What only a log's operator can check: the journal, what was signed last, the epochs. */
import { TelltaleError } from '../base/errors.ts'
import { BEGINNING, follow } from '../sequencer/follow.ts'
import { entriesOf } from '../sequencer/frames.ts'
import { checkJournal, type JournalCheck, type LogFolder } from '../sequencer/fsck.ts'
import { readJournal } from '../sequencer/journal.ts'
import type { KeyRing } from '../sequencer/keyring.ts'
import type { CheckpointSigner } from '../sequencer/signer.ts'
import { edgeAt, type TreeHead, tilesOf } from '../sequencer/source.ts'
import type { Finding } from '../sequencer/verify.ts'
import { growFrom, rootOf } from '../tlog/edge.ts'
import { parseEntry } from '../tlog/entry.ts'
import { leafHash } from '../tlog/hash.ts'
import type { DecisionHeader, DisclosureHeader } from '../tlog/header.ts'
import { rootAt } from '../tlog/plan.ts'
import { clauseOf } from './checkpoint.ts'
import { compareWith } from './compare.ts'

/** A log's folder with the keys that belong to it. */
export interface OwnLog {
  readonly folder: LogFolder
  readonly signer: CheckpointSigner
  readonly ring: KeyRing
  /** What is published, verified. */
  readonly head: TreeHead
}

/** What the journal and the memory of what was signed hold. No other process may write meanwhile. */
export async function checkWriter(own: OwnLog): Promise<JournalCheck> {
  const { folder, signer, head } = own
  const journal = await checkJournal(folder, signer.origin, head)
  const signed = await checkSigned(own, journal.findings.length === 0)
  return { ...journal, findings: [...journal.findings, ...signed] }
}

const SIGNED = 'signed (in the keys folder)'

/** What was signed last: nothing older than what is published, and nothing that the log is not. */
async function checkSigned(own: OwnLog, isJournalWhole: boolean): Promise<Finding[]> {
  const { folder, signer, head } = own
  const found = (problem: string): Finding[] => [{ path: SIGNED, problem }]
  const note = await signer.memory.read()
  if (note === null) return found('it is missing: nothing remembers what was signed')
  let signed: TreeHead
  try {
    signed = signer.open(note)
  } catch (error) {
    if (error instanceof TelltaleError) return found(error.message)
    throw error
  }
  if (signed.size < head.size) {
    return found(`it is older than what is published: ${signed.size} entries, not ${head.size}`)
  }
  if (signed.size === head.size) {
    const finding = await compareWith(folder, head, { ...signed, what: SIGNED })
    return finding === null ? [] : [finding]
  }
  if (!isJournalWhole) return []
  try {
    const root = await rootBehind(own, signed.size)
    if (root === null)
      return found(`${signed.size} entries were signed, and the journal ends before`)
    return root.equals(signed.root) ? [] : found('the journal does not lead to what was signed')
  } catch (error) {
    return found(`what it stands for cannot be read: ${clauseOf(error)}`)
  }
}

/** The root of the first `size` entries, which are not all published: out of tiles as far as these are
 * settled, and then the journal; null where it does not reach so far. */
async function rootBehind({ folder, signer, head }: OwnLog, size: number): Promise<Buffer | null> {
  const { first, batches } = await readJournal(folder, signer.origin)
  if (size <= first) return rootAt(size, first, tilesOf(folder, first))
  const start = Math.max(first, head.size)
  const growing = growFrom(await edgeAt(folder, start, start))
  for (const batch of batches) {
    for (const [i, entry] of (entriesOf(batch.payload) ?? []).entries()) {
      const isNext = batch.first + i === growing.size()
      if (isNext && growing.size() < size) growing.grow(leafHash(entry), () => {})
    }
  }
  return growing.size() === size ? rootOf(growing.edge()) : null
}

/** Entries that are sealed under the key of one epoch. */
export interface EpochEntries {
  disclosures: number
  decisions: number
}

/** What the entries of a log say of its epochs. */
export interface EpochCheck {
  readonly findings: readonly Finding[]
  /** By epoch; those without entries are not there. */
  readonly entries: ReadonlyMap<number, Readonly<EpochEntries>>
}

/** Checks that every entry's epoch is known, and that what was destroyed is recorded. Throws as
 * `follow` does. */
export async function checkEpochs(
  { folder, ring, head }: OwnLog,
  onEntries: (done: number) => void,
): Promise<EpochCheck> {
  const entries = new Map<number, EpochEntries>()
  const recorded = new Set<number>()
  for await (const part of follow(folder, head, BEGINNING)) {
    for (const entry of part.entries) {
      const { header } = parseEntry(entry)
      if (header.kind === 'destruction') recorded.add(header.epoch)
      else countIn(entries, header)
    }
    onEntries(part.cursor.size)
  }
  const epochs = new Map(ring.epochs().map((one) => [one.epoch, one]))
  const findings: Finding[] = []
  const found = (problem: string) =>
    findings.push({ path: 'epochs.json (in the keys folder)', problem })
  for (const [epoch, { disclosures, decisions }] of entries) {
    if (!epochs.has(epoch))
      found(`it lacks epoch ${epoch}, under which ${disclosures + decisions} entries are sealed`)
  }
  for (const { epoch, destroyedMs } of epochs.values()) {
    if (destroyedMs === null && recorded.has(epoch)) {
      found(`it has the key of epoch ${epoch}, which the log says was destroyed`)
    }
    if (destroyedMs !== null && !recorded.has(epoch)) {
      found(
        `the key of epoch ${epoch} was destroyed, and the log does not say so: repeat the command`,
      )
    }
  }
  return { findings, entries }
}

function countIn(
  entries: Map<number, EpochEntries>,
  { epoch, kind }: DisclosureHeader | DecisionHeader,
): void {
  const count = entries.get(epoch) ?? { disclosures: 0, decisions: 0 }
  entries.set(epoch, count)
  if (kind === 'decision') count.decisions++
  else count.disclosures++
}
