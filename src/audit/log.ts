/** Auditing a whole log as a stranger does: docs/formats.md section 11. */
import { setTimeout as sleep } from 'node:timers/promises'
import { TelltaleError } from '../base/errors.ts'
import { WITNESS_AHEAD_WAIT_MS } from '../base/limits.ts'
import type { Disk } from '../sequencer/disk.ts'
import { checkLeftovers } from '../sequencer/fsck.ts'
import type { LogSource } from '../sequencer/source.ts'
import { type Finding, verifyTree } from '../sequencer/verify.ts'
import { formatVkey } from '../tlog/vkey.ts'
import { type Judged, judgeCheckpoint } from './checkpoint.ts'
import { compareWith, type Kept, readKept } from './compare.ts'
import { type Compared, type LogReport, verdictOf } from './report.ts'
import { ownWord, type Trust } from './trust.ts'
import { type AskWitness, type Testimony, testimony } from './witnesses.ts'

/** A log's files; a folder's can be listed too. */
export interface AuditSource extends LogSource {
  readonly list: Disk['list'] | null
}

/** A file that may hold a checkpoint which somebody kept. */
export interface KeptFile {
  /** As shown to a person. */
  readonly what: string
  readonly bytes: Uint8Array
}

export interface AuditOptions {
  /** As shown to a person. */
  readonly target: string
  /** Null: only what the log says of itself. */
  readonly trust: Trust | null
  /** The keys folder that the trusted key comes from, where nobody told one; else null. */
  readonly ownKeys: string | null
  /** The reader's policy, for an audit without a key. */
  readonly policy: Uint8Array | null
  readonly known: readonly KeptFile[]
  /** Null: witnesses are not asked. */
  readonly ask: AskWitness | null
  readonly onEntries: (done: number, total: number) => void
}

/** An audit, and the note of the checkpoint that it was made by. */
export interface Audit {
  readonly report: LogReport
  readonly note: Buffer
}

/** Audits a log. Throws LOG_MISSING, KNOWN_INVALID, KEY_INVALID for the log's own key, and what
 * `source` throws. */
export async function auditLog(source: AuditSource, options: AuditOptions): Promise<Audit> {
  const trust = options.trust ?? (await trustInItself(source, options.policy))
  const known = options.known.map((file) => keptIn(file, trust))
  const { judged, heard, note } = await readHead(source, trust, options.ask)
  const findings: Finding[] = [...judged.findings, ...(await otherKey(source, trust, judged))]
  const compared: Compared[] = []
  let entries = 0
  const { head } = judged
  if (head !== null) {
    const tree = await verifyTree(source, head, (done) => options.onEntries(done, head.size))
    entries = tree.entries
    findings.push(...tree.findings)
    if (source.list !== null) {
      findings.push(...(await checkLeftovers({ read: source.read, list: source.list }, head)))
    }
    for (const kept of [...known, ...heard.kept]) {
      const finding = await compareWith(source, head, kept)
      if (finding === null) compared.push({ what: kept.what, size: kept.size })
      else findings.push(finding)
    }
  }
  const doubts = [...judged.doubts, ...heard.doubts]
  const verdict = verdictOf(findings, doubts)
  const { target, ownKeys } = options
  const checkpoint = judged.report
  const found = { verdict, checkpoint, entries, compared, findings, doubts }
  return { report: { kind: 'log', target, ownKeys, ...found }, note }
}

/** Throws KNOWN_INVALID. */
function keptIn({ what, bytes }: KeptFile, trust: Trust | null): Kept {
  try {
    return readKept(what, bytes, trust?.policy ?? null)
  } catch (error) {
    if (!(error instanceof TelltaleError)) throw error
    throw new TelltaleError(
      'KNOWN_INVALID',
      { file: what, problem: error.message },
      { cause: error },
    )
  }
}

async function trustInItself(source: LogSource, policy: Uint8Array | null): Promise<Trust | null> {
  const vkey = await source.read('vkey')
  return vkey === null ? null : ownWord(vkey, policy)
}

interface Head {
  readonly judged: Judged
  readonly heard: Testimony
  readonly note: Buffer
}

async function readHead(
  source: AuditSource,
  trust: Trust | null,
  ask: AskWitness | null,
): Promise<Head> {
  let note = await readCheckpoint(source)
  let judged = judgeCheckpoint(note, 'checkpoint', trust)
  const origin = judged.head?.origin
  if (ask === null || trust === null || origin === undefined) {
    return { judged, heard: { kept: [], doubts: [] }, note }
  }
  const heard = await testimony(trust.policy, origin, ask)
  // A log that is written to: its witnesses cosign each checkpoint just before it is published.
  const newest = Math.max(0, ...heard.kept.map(({ size }) => size))
  const lateMs = Date.now() + WITNESS_AHEAD_WAIT_MS
  while ((judged.head?.size ?? newest) < newest && Date.now() < lateMs) {
    await sleep(100)
    note = await readCheckpoint(source)
    judged = judgeCheckpoint(note, 'checkpoint', trust)
  }
  return { judged, heard, note }
}

/** Throws LOG_MISSING where nothing says that a log was here. */
async function readCheckpoint(source: AuditSource): Promise<Buffer> {
  const note = await source.read('checkpoint')
  if (note !== null) return note
  const tiles = source.list === null ? [] : await source.list('tile')
  if (tiles.length === 0) throw new TelltaleError('LOG_MISSING', {})
  return Buffer.alloc(0)
}

/** The log's own key, where it is another than the one that signed. */
async function otherKey(
  source: LogSource,
  trust: Trust | null,
  { report }: Judged,
): Promise<Finding[]> {
  const vkey = trust?.isTold ? await source.read('vkey') : null
  if (vkey === null || !report?.signedBy) return []
  const { name } = report.signedBy
  const isOurs = trust?.policy.logs.some(
    (key) => key.name === name && vkey.equals(Buffer.from(`${formatVkey(key)}\n`)),
  )
  return isOurs ? [] : [{ path: 'vkey', problem: 'it is not the key that signed the checkpoint' }]
}
