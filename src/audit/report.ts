/** What an audit found, as data: everything shown is rendered from it. */
import type { Finding } from '../sequencer/verify.ts'

/** `unknown`: nothing speaks against it, but something needed to say so is missing. */
export type AuditVerdict = 'valid' | 'tampered' | 'unknown'

/** Who signed or cosigned. */
export interface SignerName {
  readonly name: string
  /** Eight hex digits. */
  readonly keyId: string
}

/** A witness of the reader's policy that cosigned. */
export interface CosignedBy extends SignerName {
  /** Its name in the policy. */
  readonly witness: string
  /** When, as an ISO time by the witness's clock; null: it does not say. */
  readonly at: string | null
}

/** An earlier or other checkpoint that the log was compared with. */
export interface Compared {
  /** Whose: a file or a witness. */
  readonly what: string
  readonly size: number
}

/** What is said of the checkpoint alone. */
export interface CheckpointReport {
  readonly origin: string
  readonly size: number
  /** base64. */
  readonly root: string
  /** Null where no trusted key did. */
  readonly signedBy: SignerName | null
  readonly cosigned: readonly CosignedBy[]
  /** `none`: the reader's policy asks for none. */
  readonly quorum: 'reached' | 'missing' | 'none'
  /** Signature lines of keys that the reader does not know: they count for nothing. */
  readonly unknown: readonly SignerName[]
}

/** An audit of a whole log. */
export interface LogReport {
  readonly kind: 'log'
  readonly verdict: AuditVerdict
  readonly target: string
  /** The keys folder that the trusted key was taken from; null where the reader brought it. */
  readonly ownKeys: string | null
  /** Null where it could not be read. */
  readonly checkpoint: CheckpointReport | null
  /** Entries that were hashed. */
  readonly entries: number
  readonly compared: readonly Compared[]
  /** What is not as it has to be, and where. */
  readonly findings: readonly Finding[]
  /** What is missing to say that it is. */
  readonly doubts: readonly string[]
}

/** Any finding is tampering; else any doubt leaves it open. */
export function verdictOf(
  findings: readonly Finding[],
  doubts: readonly string[],
): LogReport['verdict'] {
  if (findings.length > 0) return 'tampered'
  return doubts.length > 0 ? 'unknown' : 'valid'
}
