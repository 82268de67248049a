/** What a person says of a file's columns and times: `--map`, or a YAML mapping file. */
import { readFile } from 'node:fs/promises'
import { parse } from 'yaml'
import { TelltaleError } from '../base/errors.ts'
import { nearest } from '../base/nearest.ts'
import { type ColumnMap, DISCLOSURE_COLUMNS, type DisclosureColumn } from '../disclosure/source.ts'
import { unreadable } from './bytes.ts'
import type { AccessLogOptions } from './open.ts'
import { PRESETS } from './presets/index.ts'

/** Parses `agent=COL,customer=COL,time=COL,...`; a column's name may hold a comma, not `,word=`.
 * Throws MAP_INVALID. */
export function parseMap(text: string): Partial<ColumnMap> {
  const map: Partial<ColumnMap> = {}
  const problems: string[] = []
  for (const part of text.split(/,(?=\s*\w+=)/)) {
    const equals = part.indexOf('=')
    const column = part.slice(0, Math.max(0, equals)).trim()
    const name = part.slice(equals + 1).trim()
    if (equals < 1) problems.push(`"${part.trim()}" is not COLUMN=NAME`)
    else if (!isColumn(column)) problems.push(unknownKey(column, DISCLOSURE_COLUMNS))
    else if (name === '') problems.push(`${column} names no column`)
    else if (map[column] !== undefined) problems.push(`${column} is given twice`)
    else map[column] = name
  }
  problems.push(...sharedNames(map))
  if (problems.length > 0) {
    throw new TelltaleError('MAP_INVALID', { problem: problems.join('; ') })
  }
  return map
}

function isColumn(name: string): name is DisclosureColumn {
  return (DISCLOSURE_COLUMNS as readonly string[]).includes(name)
}

function unknownKey(key: string, known: readonly string[]): string {
  const near = nearest(key, known)
  return `"${key}" is not known${near === undefined ? '' : ` (did you mean "${near}"?)`}`
}

/** One column cannot be both the agent and the customer, or the time. */
function sharedNames(map: Partial<ColumnMap>): string[] {
  const { agent, customer, time } = map
  const problems: string[] = []
  if (agent !== undefined && agent === customer) problems.push('agent and customer are one column')
  if (time !== undefined && (time === agent || time === customer)) {
    problems.push('time and another are one column')
  }
  return problems
}

const FILE_KEYS = ['columns', 'timeFormat', 'timeZone', 'preset', 'customerPattern'] as const

/** Reads a YAML mapping file: `columns`, `timeFormat`, `timeZone`, `preset`, `customerPattern`.
 * Throws FILE_UNREADABLE, or MAPPING_FILE_INVALID with every problem at once. */
export async function readMapping(file: string): Promise<AccessLogOptions> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    throw unreadable(file, error)
  }
  return parseMapping(text, file)
}

function parseMapping(text: string, file: string): AccessLogOptions {
  const refuse = (problems: string[]) =>
    new TelltaleError('MAPPING_FILE_INVALID', { file, problems: problems.join('; ') })
  let document: unknown
  try {
    document = parse(text)
  } catch (error) {
    throw refuse([`it is not YAML (${(error as Error).message.split('\n')[0]})`])
  }
  if (typeof document !== 'object' || document === null || Array.isArray(document)) {
    throw refuse(['it holds no keys'])
  }
  const problems: string[] = []
  const values = document as Record<string, unknown>
  for (const key of Object.keys(values)) {
    if (!(FILE_KEYS as readonly string[]).includes(key)) problems.push(unknownKey(key, FILE_KEYS))
  }
  const textOf = (key: string) => textValue(values, key, problems)
  const format = textOf('timeFormat')
  const zone = textOf('timeZone')
  const preset = textOf('preset')
  const customerPattern = textOf('customerPattern')
  const map = columnsOf(values.columns, problems)
  if (preset !== undefined && !(preset in PRESETS)) {
    problems.push(`preset: ${unknownKey(preset, Object.keys(PRESETS))}`)
  }
  if (problems.length > 0) throw refuse(problems)
  return {
    ...(map === undefined ? {} : { map }),
    ...(preset === undefined ? {} : { preset }),
    ...(customerPattern === undefined ? {} : { customerPattern }),
    time: {
      ...(format === undefined ? {} : { format }),
      ...(zone === undefined ? {} : { zone }),
    },
  }
}

function textValue(
  values: Record<string, unknown>,
  key: string,
  problems: string[],
): string | undefined {
  const value = values[key]
  if (value === undefined) return undefined
  if (typeof value === 'string' && value.trim() !== '') return value
  problems.push(`${key} is no text`)
  return undefined
}

function columnsOf(value: unknown, problems: string[]): Partial<ColumnMap> | undefined {
  if (value === undefined) return undefined
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    problems.push('columns holds no keys')
    return undefined
  }
  const map: Partial<ColumnMap> = {}
  for (const [column, name] of Object.entries(value)) {
    if (!isColumn(column)) problems.push(`columns: ${unknownKey(column, DISCLOSURE_COLUMNS)}`)
    else if (typeof name !== 'string' || name.trim() === '') {
      problems.push(`columns: ${column} names no column`)
    } else map[column] = name
  }
  problems.push(...sharedNames(map))
  return map
}
