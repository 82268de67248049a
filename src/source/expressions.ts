/** The parts of a telltale.yaml that say where a value is read from. */
import type {
  ColumnExpression,
  Expression,
  KindExpression,
  Lookup,
  TableName,
  TimeExpression,
} from './model.ts'
import { isText, type Reader } from './reader.ts'

/** `schema.table`; what has no schema is in `public`. */
export function tableOf(text: string | undefined): TableName | undefined {
  if (text === undefined) return undefined
  const dot = text.indexOf('.')
  return dot === -1
    ? { schema: 'public', name: text }
    : { schema: text.slice(0, dot), name: text.slice(dot + 1) }
}

/** `COLUMN`, or `column` with `path`, `none` and `lookup`. */
export function expressionOf(parent: Reader, key: string): Expression | undefined {
  return columnOf(parent, key, [])
}

function columnOf(
  parent: Reader,
  key: string,
  more: readonly string[],
): ColumnExpression | undefined {
  const raw = parent.raw(key)
  if (raw === undefined) return undefined
  if (isText(raw)) return { column: raw }
  const map = parent.section(key)
  if (map === undefined) return undefined
  map.knows('column', 'path', 'none', 'lookup', ...more)
  return columnIn(map)
}

/** The same where the keys stand beside others. */
export function columnIn(map: Reader): ColumnExpression | undefined {
  const column = map.text('column')
  if (column === undefined)
    return map.has('column') ? undefined : map.refuse('column', 'is missing')
  const path = map.texts('path')
  const none = map.literals('none')
  const lookup = lookupOf(map)
  return {
    column,
    ...(path === undefined ? {} : { path }),
    ...(none === undefined ? {} : { none }),
    ...(lookup === undefined ? {} : { lookup }),
  }
}

/** Another table's value for an id. */
export function lookupOf(parent: Reader): Lookup | undefined {
  const map = parent.section('lookup')
  if (map === undefined) return undefined
  map.knows('table', 'key', 'value')
  const table = tableOf(required(map, 'table'))
  const key = required(map, 'key')
  const value = required(map, 'value')
  return table && key !== undefined && value !== undefined ? { table, key, value } : undefined
}

/** `COLUMN`, or `column` with `unit: ms` or `s` where it is a number. */
export function timeOf(parent: Reader, key: string): TimeExpression | undefined {
  const column = columnOf(parent, key, ['unit'])
  if (column === undefined || isText(parent.raw(key))) return column
  const unit = parent.section(key)?.one('unit', ['ms', 's'])
  return unit === undefined ? column : { ...column, unit }
}

/** `column` and under `values`, per kind, the values that mean it. */
export function kindOf<const Kind extends string>(
  parent: Reader,
  key: string,
  kinds: readonly Kind[],
): KindExpression<Kind> | undefined {
  const map = parent.section(key)
  if (map === undefined) return undefined
  map.knows('column', 'values')
  const column = required(map, 'column')
  const values = map.section('values') ?? map.refuse('values', 'is missing')
  if (column === undefined || values === undefined) return undefined
  values.knows(...kinds)
  const found = kinds.flatMap((kind) => {
    const meant = values.literals(kind)
    return meant === undefined ? [] : [[kind, meant] as const]
  })
  const all = found.flatMap(([, meant]) => meant.map(String))
  if (new Set(all).size < all.length) values.refuse(null, 'gives one value two meanings')
  if (found.length === 0) return values.refuse(null, `says none of ${kinds.join(', ')}`)
  return { column, values: Object.fromEntries(found) as Partial<Record<Kind, readonly string[]>> }
}

export function required(map: Reader, key: string): string | undefined {
  return map.has(key) ? map.text(key) : map.refuse(key, 'is missing')
}
