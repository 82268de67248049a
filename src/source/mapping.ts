/** `telltale.yaml`: which columns of a help desk's database are what. docs/source.md has every key. */
import { readFile } from 'node:fs/promises'
import { type CountryCode, isSupportedCountry } from 'libphonenumber-js'
import { parse } from 'yaml'
import { TelltaleError } from '../base/errors.ts'
import { nearest } from '../base/nearest.ts'
import { SOURCE_MAP_BYTES_MAX } from '../base/source-limits.ts'
import { customersOf } from './customers.ts'
import { expressionOf, lookupOf, required, tableOf } from './expressions.ts'
import { messagesOf } from './messages.ts'
import { type AgentNames, type Decision, type Mapping, type MemberMap, tableText } from './model.ts'
import { PRESETS } from './presets/index.ts'
import { type Reader, reader } from './reader.ts'
import { ticketsOf } from './tickets.ts'

/** The first line of every mapping; a later version of the format has another number. */
export const SOURCE_MAP_FORMAT = 'telltale-source/1'

/** Reads a mapping. Throws FILE_UNREADABLE, or SOURCE_MAP_INVALID with every problem at once. */
export async function readSourceMap(file: string): Promise<Mapping> {
  let bytes: Buffer
  try {
    bytes = await readFile(file)
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? 'it cannot be read'
    throw new TelltaleError('FILE_UNREADABLE', { file, reason }, { cause: error })
  }
  if (bytes.length > SOURCE_MAP_BYTES_MAX) throw invalid(file, ['it is longer than a mapping is'])
  return parseSourceMap(bytes.toString('utf8'), file)
}

/** The mapping of a product that Telltale knows. Throws PRESET_UNKNOWN. */
export function presetMap(preset: string): Mapping {
  const mapping = Object.hasOwn(PRESETS, preset) ? PRESETS[preset] : undefined
  if (mapping) return mapping
  throw new TelltaleError('PRESET_UNKNOWN', { preset, presets: Object.keys(PRESETS).join(', ') })
}

/** Throws SOURCE_MAP_INVALID with every problem at once. */
export function parseSourceMap(text: string, file: string): Mapping {
  let document: unknown
  try {
    document = parse(text, { maxAliasCount: 0, uniqueKeys: true })
  } catch (error) {
    throw invalid(file, [`it is not YAML (${(error as Error).message.split('\n')[0]})`])
  }
  const problems: string[] = []
  const mapping = mappingOf(reader(document, '', problems))
  if (problems.length > 0 || mapping === undefined) throw invalid(file, problems)
  return mapping
}

function invalid(file: string, problems: readonly string[]): TelltaleError {
  return new TelltaleError('SOURCE_MAP_INVALID', { file, problems: problems.join('; ') })
}

function mappingOf(map: Reader): Mapping | undefined {
  map.knows(
    'format',
    'preset',
    'region',
    'agents',
    'customers',
    'tickets',
    'messages',
    'members',
    'elsewhere',
    'author-columns',
    'trust',
  )
  if (map.raw('format') !== SOURCE_MAP_FORMAT) map.refuse('format', `is not ${SOURCE_MAP_FORMAT}`)
  const base = baseOf(map)
  const agents = agentsOf(map) ?? base?.agents
  if (agents === undefined && !map.has('agents')) map.refuse('agents', 'is missing')
  const customers = customersOf(map, base?.customers)
  const tickets = ticketsOf(map, base?.tickets)
  const messages = messagesOf(map, base?.messages ?? null)
  const members = membersOf(map) ?? base?.members ?? null
  const elsewhere = { ...base?.elsewhere, ...elsewhereOf(map) }
  const authorColumns = [...(base?.authorColumns ?? []), ...(map.texts('author-columns') ?? [])]
  const region = map.has('region') ? regionOf(map) : (base?.region ?? null)
  if (agents === undefined || customers === undefined || tickets === undefined) return undefined
  return {
    product: base?.product ?? 'your own',
    region,
    agents,
    customers,
    tickets,
    messages,
    members,
    elsewhere,
    authorColumns,
    trust: map.texts('trust') ?? base?.trust ?? [],
  }
}

function baseOf(map: Reader): Mapping | undefined {
  const name = map.text('preset')
  if (name === undefined) return undefined
  if (Object.hasOwn(PRESETS, name)) return PRESETS[name]
  const near = nearest(name, Object.keys(PRESETS))
  const hint = near === undefined ? Object.keys(PRESETS).join(', ') : near
  return map.refuse('preset', `is not known (did you mean ${hint}?)`)
}

function regionOf(map: Reader): CountryCode | null {
  const region = map.text('region')
  if (region === undefined) return null
  if (isSupportedCountry(region)) return region
  return map.refuse('region', 'is no country code of two letters, such as JP') ?? null
}

function agentsOf(parent: Reader): AgentNames | undefined {
  const map = parent.section('agents')
  if (map === undefined) return undefined
  map.knows('by', 'lookup')
  const by = map.one('by', ['id', 'mail', 'external'])
  if (by === undefined) return map.has('by') ? undefined : map.refuse('by', 'is missing')
  return { by, lookup: lookupOf(map) ?? null }
}

function membersOf(parent: Reader): MemberMap | undefined {
  const map = parent.section('members')
  if (map === undefined) return undefined
  map.knows('table', 'agent', 'queue')
  const table = tableOf(required(map, 'table'))
  const agent = required(map, 'agent')
  const queue = map.has('queue') ? expressionOf(map, 'queue') : map.refuse('queue', 'is missing')
  return table && agent !== undefined && queue ? { table, agent, queue } : undefined
}

function elsewhereOf(parent: Reader): Record<string, Decision> {
  const map = parent.section('elsewhere')
  if (map === undefined) return {}
  const found: Record<string, Decision> = {}
  for (const key of map.keys()) {
    const decision = map.one(key, ['never', 'not-personal', 'undecided'])
    const table = tableOf(key)
    if (decision !== undefined && table !== undefined) found[tableText(table)] = decision
  }
  return found
}
