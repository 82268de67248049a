/** Whose word counts in an audit: a key and a policy that the reader brings, or only what the log
 * says of itself. */
import { TelltaleError } from '../base/errors.ts'
import { type Policy, parsePolicy } from '../tlog/policy.ts'
import { KEY_TYPE, parseVkey, type VerifierKey } from '../tlog/vkey.ts'

/** Whom a reader trusts. */
export interface Trust {
  readonly policy: Policy
  /** False where the key comes from the log itself: then agreement shows nothing. */
  readonly isTold: boolean
}

/** What a reader brings; `null` what they do not. */
export interface Told {
  /** A verifier key, or the content of a file that holds one, with LF or without. */
  readonly key: string | null
  /** A policy file. */
  readonly policy: Uint8Array | null
}

/** The trust of a reader; null where they bring neither key nor a policy that names a log. Throws
 * KEY_INVALID, POLICY_INVALID. */
export function trustOf({ key, policy }: Told): Trust | null {
  const read = policy === null ? NOBODY : parsePolicy(policy)
  const logs = key === null ? read.logs : [{ ...logKey(key), url: null }]
  return logs.length === 0 ? null : { policy: { ...read, logs }, isTold: true }
}

/** A trust in whatever key the log's folder holds, with the witnesses of a policy if there is one.
 * Throws KEY_INVALID, POLICY_INVALID. */
export function ownWord(vkeyFile: Uint8Array, policy: Uint8Array | null): Trust {
  const read = policy === null ? NOBODY : parsePolicy(policy)
  const logs = [{ ...logKey(Buffer.from(vkeyFile).toString()), url: null }]
  return { policy: { ...read, logs }, isTold: false }
}

const NOBODY: Policy = { logs: [], witnesses: [], groups: [], quorum: null }

function logKey(text: string): VerifierKey {
  const key = parseVkey(text.replace(/\r?\n$/, ''))
  if (key.type !== KEY_TYPE.cosignature) return key
  throw new TelltaleError('KEY_INVALID', { problem: 'it is the key of a witness, not of a log' })
}
