/** `verify`: of a log's folder, a served log, an opening or a receipt. The same code runs in the one
 * file for auditors. */
import { resolve, sep } from 'node:path'
import { isReceipt } from '../../audit/compare.ts'
import { type AuditSource, auditLog, type KeptFile } from '../../audit/log.ts'
import { auditOpening, auditReceipt, type PaperReport } from '../../audit/paper.ts'
import type { LogReport } from '../../audit/report.ts'
import { type Trust, trustOf } from '../../audit/trust.ts'
import type { AskWitness } from '../../audit/witnesses.ts'
import { TelltaleError } from '../../base/errors.ts'
import {
  ENTRY_BYTES_MAX,
  KEY_TEXT_BYTES_MAX,
  OPENING_BYTES_MAX,
  POLICY_BYTES_MAX,
  RECEIPT_BYTES_MAX,
} from '../../base/limits.ts'

/** What a reader brings to a verification. */
export interface VerifyOptions {
  /** A verifier key, or a file that holds one. */
  readonly key?: string
  readonly policy?: string
  /** Files with checkpoints, or receipts, that were kept. */
  readonly known?: readonly string[]
  /** Compared with, and replaced once the log is valid. */
  readonly remember?: string
  /** The entry that a receipt is about. */
  readonly entry?: string
  readonly askWitnesses?: boolean
}

/** The key of whoever verifies a log of their own. */
export interface OwnKeys {
  /** The keys folder, as shown to a person. */
  readonly dir: string
  readonly vkey: string
  /** The newest checkpoint signed, where the log must have it published by now; else null. */
  readonly signed: Buffer | null
}

/** What verifying needs of the machine. */
export interface VerifyPorts {
  /** A file's first bytes up to a limit and one more; null where there is none. Throws
   * FILE_UNREADABLE. */
  readFile(path: string, bytesMax: number): Promise<Buffer | null>
  /** Replaces a file at once. Throws FILE_UNWRITABLE. */
  replaceFile(path: string, bytes: Uint8Array): Promise<void>
  isFolder(path: string): Promise<boolean>
  folder(path: string): AuditSource
  /** The keys of the log in this folder, where this machine has them; null where it has not. */
  own(dir: string): Promise<OwnKeys | null>
  /** A log that is served, or witnesses that are asked; null where nothing is fetched. */
  readonly network: {
    log(url: string): AuditSource
    readonly ask: AskWitness
  } | null
}

/** What came of a verification. */
export type VerifyReport = LogReport | PaperReport

const PAPER_BYTES_MAX = Math.max(OPENING_BYTES_MAX, RECEIPT_BYTES_MAX)

/** Verifies whatever `target` is. Throws errors of what the reader brought, and where something
 * cannot be read: then nothing can be told. */
export async function verifyTarget(
  ports: VerifyPorts,
  target: string,
  options: VerifyOptions,
  onEntries: (done: number, total: number) => void,
): Promise<VerifyReport> {
  const key = await keyOf(ports, target, options.key)
  const policy =
    options.policy === undefined ? null : await read(ports, options.policy, POLICY_BYTES_MAX)
  const told = trustOf({ key, policy })
  if (/^https?:\/\//.test(target)) {
    if (ports.network === null) throw offline(`${target} is an address`)
    const source = ports.network.log(target)
    return verifyLog(ports, source, target, options, { told, policy, own: null }, onEntries)
  }
  if (await ports.isFolder(target)) {
    const own = told === null && options.key === undefined ? await ports.own(target) : null
    return verifyLog(ports, ports.folder(target), target, options, { told, policy, own }, onEntries)
  }
  const bytes = await read(ports, target, PAPER_BYTES_MAX)
  if (!isReceipt(bytes)) return auditOpening(target, bytes.toString(), told)
  if (options.entry === undefined) throw usage('A receipt is verified with --entry FILE.')
  return auditReceipt(target, bytes, await read(ports, options.entry, ENTRY_BYTES_MAX), told)
}

async function verifyLog(
  ports: VerifyPorts,
  source: AuditSource,
  target: string,
  { known = [], remember, askWitnesses }: VerifyOptions,
  { told, policy, own }: { told: Trust | null; policy: Buffer | null; own: OwnKeys | null },
  onEntries: (done: number, total: number) => void,
): Promise<LogReport> {
  if (askWitnesses && ports.network === null) throw offline('--ask-witnesses')
  const trust = own === null ? told : trustOf({ key: own.vkey, policy })
  if (askWitnesses && trust === null) throw usage('--ask-witnesses needs --key or --policy.')
  const kept: KeptFile[] = []
  for (const what of known) kept.push({ what, bytes: await read(ports, what, PAPER_BYTES_MAX) })
  const last = remember === undefined ? null : await ports.readFile(remember, PAPER_BYTES_MAX)
  if (remember !== undefined && last !== null) kept.push({ what: remember, bytes: last })
  if (own?.signed) kept.push({ what: `what ${own.dir} signed last`, bytes: own.signed })
  const ask = askWitnesses ? (ports.network?.ask ?? null) : null
  const ownKeys = own?.dir ?? null
  const options = { target, trust, ownKeys, policy, known: kept, ask, onEntries }
  const { report, note } = await auditLog(source, options)
  if (remember !== undefined && report.verdict === 'valid') await ports.replaceFile(remember, note)
  return report
}

/** The key as the reader gave it. One that lies in the log's own folder is as good as none. */
async function keyOf(ports: VerifyPorts, target: string, key: string | undefined) {
  if (key === undefined || /^[^+]+\+[0-9a-f]{8}\+/.test(key)) return key ?? null
  if (resolve(key).startsWith(resolve(target) + sep)) return null
  return (await read(ports, key, KEY_TEXT_BYTES_MAX)).toString()
}

async function read(ports: VerifyPorts, path: string, bytesMax: number): Promise<Buffer> {
  const bytes = await ports.readFile(path, bytesMax)
  if (bytes !== null) return bytes
  throw new TelltaleError('FILE_UNREADABLE', { file: path, reason: 'there is no such file' })
}

function offline(what: string): TelltaleError {
  return usage(
    `${what}: this program reads files only, and fetches nothing. Use the telltale command.`,
  )
}

function usage(problem: string): TelltaleError {
  return new TelltaleError('USAGE', { problem })
}
