/** Which logs and witnesses to trust: C2SP tlog-policy, docs/formats.md section 7. */
import { TelltaleError } from '../base/errors.ts'
import { POLICY_BYTES_MAX } from '../base/limits.ts'
import { parseDecimal } from './decimal.ts'
import { KEY_TYPE, type KeyType, parseVkey, type VerifierKey } from './vkey.ts'

/** A log or witness that a policy trusts. Its name and key ID are those of its signatures. */
export interface PolicyKey extends VerifierKey {
  /** Where it is reached, as the policy says: not looked at. */
  readonly url: string | null
}

/** A witness; `label` is its name within the policy. */
export interface Witness extends PolicyKey {
  readonly label: string
}

/** A group counts as a witness once `threshold` of its members do. */
export interface Group {
  readonly label: string
  readonly threshold: number
  readonly members: readonly (Witness | Group)[]
}

export interface Policy {
  readonly logs: readonly PolicyKey[]
  readonly witnesses: readonly Witness[]
  /** Each after its members. */
  readonly groups: readonly Group[]
  /** Who must have cosigned; null: nobody. */
  readonly quorum: Witness | Group | null
}

/** What was read so far. Names are told apart octet by octet: one character each. */
interface Reading {
  readonly logs: PolicyKey[]
  readonly witnesses: Witness[]
  readonly groups: Group[]
  readonly names: Map<string, Witness | Group>
  readonly members: Set<string>
  quorum?: Witness | Group | null
}

/** A problem of one line; the line is added where it is known. */
class Problem extends Error {}

const LOG_TYPES: readonly KeyType[] = [KEY_TYPE.ed25519, KEY_TYPE.mldsa]
const WITNESS_TYPES: readonly KeyType[] = [KEY_TYPE.cosignature, KEY_TYPE.mldsa]

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for.
const FORBIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f]/

/** Reads a policy file. Throws `POLICY_INVALID`. */
export function parsePolicy(input: Uint8Array | string): Policy {
  const bytes = Buffer.from(input as Uint8Array)
  if (bytes.length > POLICY_BYTES_MAX) throw invalid(1, 'the policy is over 1 MiB')
  const lines = bytes.toString('latin1').split('\n')
  const read: Reading = {
    logs: [],
    witnesses: [],
    groups: [],
    names: new Map(),
    members: new Set(),
  }
  for (const [at, line] of lines.entries()) {
    const problem = at === lines.length - 1 ? endProblem(line) : lineProblem(read, line)
    if (problem !== null) throw invalid(at + 1, problem)
  }
  if (read.quorum === undefined) throw invalid(lines.length, 'no quorum line stands before the end')
  return { logs: read.logs, witnesses: read.witnesses, groups: read.groups, quorum: read.quorum }
}

/** A file cut short may end within a name that is defined as well. */
function endProblem(rest: string): string | null {
  return rest === '' ? null : 'it does not end in a newline'
}

function lineProblem(read: Reading, line: string): string | null {
  if (FORBIDDEN.test(line)) return 'it holds a control character'
  const items = line.split(/[ \t]+/).filter((item) => item !== '')
  const [keyword, ...rest] = items
  if (keyword === undefined || keyword.startsWith('#')) return null
  if (!Object.hasOwn(LINES, keyword)) return 'it starts with none of log, witness, group, quorum'
  try {
    LINES[keyword](read, rest)
    return null
  } catch (error) {
    if (error instanceof Problem) return error.message
    if (error instanceof TelltaleError) return String(error.details.problem)
    throw error
  }
}

const LINES: Readonly<Record<string, (read: Reading, items: readonly string[]) => void>> = {
  log: (read, items) => {
    if (items.length < 1 || items.length > 2) throw new Problem('it is not "log <vkey> [<url>]"')
    const key = policyKey(items[0], items[1], LOG_TYPES, read.logs)
    read.logs.push(key)
  },
  witness: (read, items) => {
    if (items.length < 2 || items.length > 3) {
      throw new Problem('it is not "witness <name> <vkey> [<url>]"')
    }
    const [name, vkey, url] = items
    const key = policyKey(vkey, url, WITNESS_TYPES, read.witnesses)
    const witness = { ...key, label: textOf(name) }
    define(read, name, witness)
    read.witnesses.push(witness)
  },
  group: (read, items) => {
    const [name, threshold, ...names] = items
    if (names.length === 0) throw new Problem('it is not "group <name> <k|any|all> <member>..."')
    const members = names.map((member) => useOnce(read, member))
    const k = thresholdOf(threshold, members.length)
    const group = { label: textOf(name), threshold: k, members }
    define(read, name, group)
    read.groups.push(group)
  },
  quorum: (read, items) => {
    if (items.length !== 1) throw new Problem('it is not "quorum <name|none>"')
    if (read.quorum !== undefined) throw new Problem('it is the second quorum line')
    read.quorum = items[0] === 'none' ? null : defined(read, items[0])
  },
}

function policyKey(
  vkey: string,
  url: string | undefined,
  types: readonly KeyType[],
  others: readonly PolicyKey[],
): PolicyKey {
  const key = parseVkey(textOf(vkey))
  if (!types.includes(key.type)) throw new Problem('its key is of a type that does not sign this')
  for (const other of others) {
    if (other.publicKey.equals(key.publicKey)) throw new Problem('its key stands there already')
    if (other.name === key.name && other.id === key.id) {
      throw new Problem('another key has the same name and key ID')
    }
  }
  return { ...key, url: url === undefined ? null : textOf(url) }
}

function define(read: Reading, name: string, value: Witness | Group): void {
  if (name === 'none') throw new Problem('the name none is taken')
  if (read.names.has(name)) throw new Problem('its name is defined already')
  read.names.set(name, value)
}

function defined(read: Reading, name: string): Witness | Group {
  const value = read.names.get(name)
  if (value === undefined) throw new Problem('it names what no line before it defines')
  return value
}

/** Each name is a member at most once in the whole policy, so that no witness counts twice. */
function useOnce(read: Reading, name: string): Witness | Group {
  const value = defined(read, name)
  if (read.members.has(name)) throw new Problem('a member is listed for the second time')
  read.members.add(name)
  return value
}

function thresholdOf(text: string, members: number): number {
  if (text === 'any') return 1
  if (text === 'all') return members
  const k = parseDecimal(text)
  if (k !== null && k >= 1 && k <= members) return k
  throw new Problem('its threshold is not any, all, or a number from 1 to its members')
}

function textOf(octets: string): string {
  return Buffer.from(octets, 'latin1').toString('utf8')
}

function invalid(line: number, problem: string) {
  return new TelltaleError('POLICY_INVALID', { line, problem })
}
