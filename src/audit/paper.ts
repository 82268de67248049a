/** Checking what somebody was handed: a receipt with its entry, or an opening. */
import { TelltaleError } from '../base/errors.ts'
import type { Finding } from '../sequencer/verify.ts'
import type { Decision } from '../tlog/decision.ts'
import { type Opened, openEntry, parseEntry } from '../tlog/entry.ts'
import { leafHash } from '../tlog/hash.ts'
import type { Header } from '../tlog/header.ts'
import { formatNote } from '../tlog/note.ts'
import { parseOpening, verifyOpening } from '../tlog/opening.ts'
import { verifyInclusion } from '../tlog/proof.ts'
import { parseReceipt, type Receipt, verifyReceipt } from '../tlog/receipt.ts'
import type { Disclosure } from '../tlog/sealed.ts'
import { judgeCheckpoint } from './checkpoint.ts'
import { type AuditVerdict, type CheckpointReport, verdictOf } from './report.ts'
import type { Trust } from './trust.ts'

/** An audit of a receipt or an opening. */
export interface PaperReport {
  readonly kind: 'receipt' | 'opening'
  readonly verdict: AuditVerdict
  readonly target: string
  readonly checkpoint: CheckpointReport | null
  readonly index: number
  /** What everybody can read of the entry; null where it is none. */
  readonly header: Header | null
  /** What an opening shows, which is one of the two; null for a receipt, and where it does not hold. */
  readonly disclosure: Disclosure | null
  readonly decision: Decision | null
  readonly findings: readonly Finding[]
  readonly doubts: readonly string[]
}

/** Checks that a receipt proves this entry. Throws RECEIPT_INVALID, NOTE_INVALID. */
export function auditReceipt(
  target: string,
  bytes: Uint8Array,
  entry: Buffer,
  trust: Trust | null,
): PaperReport {
  return { ...onPaper(target, parseReceipt(bytes), entry, trust, []), kind: 'receipt' }
}

/** Checks that an opening's receipt proves its entry, and opens it. Throws OPENING_INVALID,
 * RECEIPT_INVALID, NOTE_INVALID. */
export function auditOpening(target: string, text: string, trust: Trust | null): PaperReport {
  const opening = parseOpening(text)
  const { entry, key, receipt } = opening
  const findings: Finding[] = []
  let opened: Opened | null = null
  try {
    opened = trust === null ? openEntry(entry, key) : verifyOpening(opening, trust.policy)
  } catch (error) {
    if (isOfEntry(error)) findings.push({ path: 'key', problem: problemOf(error) })
    else expectTold(error)
  }
  const report = onPaper(target, receipt, entry, trust, findings)
  // Nothing is shown as if the log said it where it does not.
  if (opened === null || report.verdict === 'tampered') return { ...report, kind: 'opening' }
  const { disclosure, decision } = opened
  return { ...report, kind: 'opening', disclosure, decision }
}

function onPaper(
  target: string,
  receipt: Receipt,
  entry: Buffer,
  trust: Trust | null,
  before: readonly Finding[],
): Omit<PaperReport, 'kind'> {
  const judged = judgeCheckpoint(Buffer.from(formatNote(receipt.note)), 'checkpoint', trust)
  const findings = [...before, ...judged.findings]
  let header: Header | null = null
  try {
    header = parseEntry(entry).header
  } catch (error) {
    findings.push({ path: 'entry', problem: problemOf(error) })
  }
  try {
    const leaf = leafHash(entry)
    if (trust !== null) verifyReceipt(receipt, leaf, trust.policy)
    else if (judged.head !== null) verifyInclusion({ ...judged.head, ...receipt, leaf })
  } catch (error) {
    if (isOfProof(error)) findings.push({ path: 'proof', problem: problemOf(error) })
    else expectTold(error)
  }
  const verdict = verdictOf(findings, judged.doubts)
  const { doubts, report: checkpoint } = judged
  const { index } = receipt
  const nothing = { disclosure: null, decision: null }
  return { verdict, target, checkpoint, index, header, ...nothing, findings, doubts }
}

function isOfEntry(error: unknown): boolean {
  return error instanceof TelltaleError && /^ENTRY_/.test(error.code)
}

function isOfProof(error: unknown): boolean {
  return error instanceof TelltaleError && error.code === 'PROOF_INVALID'
}

/** Judging the checkpoint, or the proof, tells of every other error. */
function expectTold(error: unknown): void {
  if (!(error instanceof TelltaleError)) throw error
}

function problemOf(error: unknown): string {
  if (error instanceof TelltaleError) return String(error.details.problem ?? error.message)
  throw error
}
