/** Opens a file of a known log format. */
import { TelltaleError } from '../../base/errors.ts'
import { REJECT_TEXT_MAX } from '../../base/limits.ts'
import { requireColumn } from '../../disclosure/columns.ts'
import {
  type ColumnMap,
  DISCLOSURE_COLUMNS,
  type DisclosureColumn,
  type Reject,
  type RowBatch,
  type RowSource,
  type TimeRule,
} from '../../disclosure/source.ts'
import type { Recognised } from '../recognise.ts'
import { reportRejects, type Table, tableOf } from '../table.ts'
import { OCSF_6005 } from './ocsf.ts'
import { PGAUDIT_CSV } from './pgaudit.ts'
import type { Preset, Values } from './preset.ts'
import { SALESFORCE_ELF } from './salesforce.ts'
import { ZENDESK_ACCESS } from './zendesk.ts'

/** Known formats by the name that `--preset` takes. */
export const PRESETS: Readonly<Record<string, Preset>> = {
  'ocsf-6005': OCSF_6005,
  'salesforce-elf': SALESFORCE_ELF,
  'zendesk-access': ZENDESK_ACCESS,
  'pgaudit-csv': PGAUDIT_CSV,
}

export interface PresetOptions {
  /** Columns read as they are, in place of what the preset finds. */
  readonly map: Partial<ColumnMap>
  readonly customerPattern: string | undefined
  readonly time: TimeRule
}

/** Throws PRESET_UNKNOWN, PRESET_UNFIT or COLUMN_UNKNOWN. */
export function openPreset(
  name: string,
  recognised: Recognised,
  options: PresetOptions,
): RowSource {
  const preset = PRESETS[name]
  if (preset === undefined) {
    const presets = Object.keys(PRESETS).join(', ')
    throw new TelltaleError('PRESET_UNKNOWN', { preset: name, presets })
  }
  const { file } = recognised
  const unfit = (problem: string) =>
    new TelltaleError('PRESET_UNFIT', { file, preset: name, problem })
  if (recognised.kind === 'parquet') throw unfit('it is Parquet; map its columns with --map')
  const table = tableOf(recognised, preset.headerless)
  const { map, customerPattern } = options
  for (const [column, mapped] of Object.entries(map)) {
    requireColumn({ file, names: table.names, values: table.sample }, column, mapped)
  }
  const missing = preset.needs.filter((column) => !table.names.includes(column))
  if (missing.length > 0) throw unfit(`it has no column ${missing.join(', ')}`)
  if (preset.needsPattern && customerPattern === undefined && map.customer === undefined) {
    throw unfit(
      'the format has no column for the customer; say in a mapping file how to find them, by customerPattern or columns: customer',
    )
  }
  const time = { ...preset.time, ...options.time }
  const problem = preset.problem?.(table.sample, time) ?? null
  if (problem !== null) throw unfit(problem)
  const found = customersBy(customerPattern)
  return {
    kind: 'rows',
    file,
    map: presetMap(
      customerPattern === undefined ? name : `${name} ${customerPattern}`,
      preset,
      map,
    ),
    time,
    assumed: [...table.assumed, `read as ${name}`],
    rows: (onReject) => presetRows(table, preset, { map, found }, onReject),
    dispose: async () => {},
  }
}

/** Names for the summary and for telling two readings apart: a preset's columns have none. */
function presetMap(name: string, preset: Preset, map: Partial<ColumnMap>): ColumnMap {
  const own = `(${name})`
  const given = Object.fromEntries(preset.gives.map((column) => [column, own]))
  return { agent: own, customer: own, time: own, ...given, ...map }
}

/** The first group of every match, or the whole match. Throws MAP_INVALID. */
function customersBy(pattern: string | undefined): (text: string) => string[] | null {
  if (pattern === undefined) return () => null
  let expression: RegExp
  try {
    expression = new RegExp(pattern, 'g')
  } catch (error) {
    const problem = `customerPattern is no regular expression (${(error as Error).message})`
    throw new TelltaleError('MAP_INVALID', { problem }, { cause: error })
  }
  return (text) => [...text.matchAll(expression)].map((match) => match[1] ?? match[0])
}

interface Finding {
  readonly map: Partial<ColumnMap>
  readonly found: (text: string) => string[] | null
}

async function* presetRows(
  table: Table,
  preset: Preset,
  { map, found }: Finding,
  onReject: (reject: Reject) => void,
): AsyncIterable<RowBatch> {
  const mapped = Object.entries(map) as [DisclosureColumn, string][]
  const reads = [...preset.needs, ...preset.reads, ...mapped.map(([, column]) => column)]
  const names = [...new Set(reads)].filter((column) => table.names.includes(column))
  const columns: DisclosureColumn[] = DISCLOSURE_COLUMNS.filter(
    (column) =>
      ['agent', 'customer', 'time', ...preset.gives].includes(column) || map[column] !== undefined,
  )
  for await (const raw of table.rows(names)) {
    reportRejects(table.file, raw, onReject)
    const lines: number[] = []
    const out = new Map(columns.map((column) => [column, [] as (string | null)[]]))
    const add = (line: number, values: Values) => {
      lines.push(line)
      for (const [column, values_] of out) values_.push(values[column] ?? null)
    }
    for (let i = 0; i < raw.count; i++) {
      const get = (column: string) => raw.columns[names.indexOf(column)]?.[i] ?? ''
      const own: Values = Object.fromEntries(mapped.map(([column, name]) => [column, get(name)]))
      const told = preset.tell({ get, customersIn: found, customer: own.customer ?? null })
      if ('rows' in told) {
        for (const values of told.rows) add(raw.lines[i], { ...values, ...own })
        continue
      }
      const text = names.map((name) => `${name}=${get(name)}`).join(' ')
      const excerpt = text.slice(0, REJECT_TEXT_MAX)
      onReject({ file: table.file, line: raw.lines[i], reason: told.reason, text: excerpt })
    }
    if (lines.length === 0) continue
    yield {
      count: lines.length,
      lines: Uint32Array.from(lines),
      columns: Object.fromEntries(out),
    }
  }
}
