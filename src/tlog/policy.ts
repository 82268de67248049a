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

/** Whom to trust, and how many of them. */
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
  /** The line that is read now, from 1. */
  line: number
}

const LOG_TYPES: readonly KeyType[] = [KEY_TYPE.ed25519, KEY_TYPE.mldsa]
const WITNESS_TYPES: readonly KeyType[] = [KEY_TYPE.cosignature, KEY_TYPE.mldsa]

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for.
const FORBIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f]/

/** Reads a policy file. Throws `POLICY_INVALID`. */
export function parsePolicy(input: Uint8Array | string): Policy {
  const bytes = typeof input === 'string' ? Buffer.from(input) : input
  const read: Reading = {
    logs: [],
    witnesses: [],
    groups: [],
    names: new Map(),
    members: new Set(),
    line: 0,
  }
  if (bytes.length > POLICY_BYTES_MAX) throw invalid(read, 'the policy is over 1 MiB')
  const lines = Buffer.from(bytes).toString('latin1').split('\n')
  const rest = lines.pop()
  for (const line of lines) {
    read.line++
    readLine(read, line)
  }
  read.line++
  // A file cut short may end within a name that is defined as well.
  if (rest !== '') throw invalid(read, 'it does not end in a newline')
  if (read.quorum === undefined) throw invalid(read, 'no quorum line stands before the end')
  return { logs: read.logs, witnesses: read.witnesses, groups: read.groups, quorum: read.quorum }
}

function readLine(read: Reading, line: string): void {
  if (FORBIDDEN.test(line)) throw invalid(read, 'it holds a control character')
  const [keyword, ...items] = line.split(/[ \t]+/).filter((item) => item !== '')
  if (keyword === undefined || keyword.startsWith('#')) return
  if (!Object.hasOwn(LINES, keyword)) {
    throw invalid(read, 'it starts with none of log, witness, group, quorum')
  }
  LINES[keyword](read, items)
}

const LINES: Readonly<Record<string, (read: Reading, items: readonly string[]) => void>> = {
  log: (read, items) => {
    if (items.length < 1 || items.length > 2) throw invalid(read, 'it is not "log <vkey> [<url>]"')
    const [vkey, url] = items
    read.logs.push(policyKey(read, vkey, url, LOG_TYPES, read.logs))
  },
  witness: (read, items) => {
    if (items.length < 2 || items.length > 3) {
      throw invalid(read, 'it is not "witness <name> <vkey> [<url>]"')
    }
    const [name, vkey, url] = items
    const key = policyKey(read, vkey, url, WITNESS_TYPES, read.witnesses)
    const witness = { ...key, label: textOf(name) }
    define(read, name, witness)
    read.witnesses.push(witness)
  },
  group: (read, items) => {
    const [name, threshold, ...names] = items
    if (names.length === 0) throw invalid(read, 'it is not "group <name> <k|any|all> <member>..."')
    const members = names.map((member) => useOnce(read, member))
    const k = thresholdOf(read, threshold, members.length)
    const group = { label: textOf(name), threshold: k, members }
    define(read, name, group)
    read.groups.push(group)
  },
  quorum: (read, items) => {
    if (items.length !== 1) throw invalid(read, 'it is not "quorum <name|none>"')
    if (read.quorum !== undefined) throw invalid(read, 'it is the second quorum line')
    read.quorum = items[0] === 'none' ? null : defined(read, items[0])
  },
}

function policyKey(
  read: Reading,
  vkey: string,
  url: string | undefined,
  types: readonly KeyType[],
  others: readonly PolicyKey[],
): PolicyKey {
  const key = keyFrom(read, vkey)
  if (!types.includes(key.type)) throw invalid(read, 'its key is of a type that cannot sign this')
  for (const other of others) {
    if (other.publicKey.equals(key.publicKey)) throw invalid(read, 'its key stands there already')
    if (other.name === key.name && other.id === key.id) {
      throw invalid(read, 'another key has the same name and key ID')
    }
  }
  return { ...key, url: url === undefined ? null : textOf(url) }
}

function keyFrom(read: Reading, vkey: string): VerifierKey {
  const text = textOf(vkey)
  if (Buffer.from(text).toString('latin1') !== vkey) throw invalid(read, 'its key is not UTF-8')
  try {
    return parseVkey(text)
  } catch (error) {
    if (!(error instanceof TelltaleError)) throw error
    throw invalid(read, `its key cannot be used: ${error.details.problem}`, error)
  }
}

function define(read: Reading, name: string, value: Witness | Group): void {
  if (name === 'none') throw invalid(read, 'the name none is taken')
  if (read.names.has(name)) throw invalid(read, 'its name is defined already')
  read.names.set(name, value)
}

function defined(read: Reading, name: string): Witness | Group {
  const value = read.names.get(name)
  if (value === undefined) throw invalid(read, 'it names what no line before it defines')
  return value
}

/** Each name is a member at most once in the whole policy, so that no witness counts twice. */
function useOnce(read: Reading, name: string): Witness | Group {
  const value = defined(read, name)
  if (read.members.has(name)) throw invalid(read, 'a member is listed for the second time')
  read.members.add(name)
  return value
}

function thresholdOf(read: Reading, text: string, members: number): number {
  if (text === 'any') return 1
  if (text === 'all') return members
  const k = parseDecimal(text)
  if (k !== null && k >= 1 && k <= members) return k
  throw invalid(read, 'its threshold is not any, all, or a number from 1 to its members')
}

function textOf(octets: string): string {
  return Buffer.from(octets, 'latin1').toString('utf8')
}

function invalid({ line }: Reading, problem: string, cause?: Error) {
  return new TelltaleError('POLICY_INVALID', { line, problem }, { cause })
}
