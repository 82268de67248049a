/** The customers of a telltale.yaml: the table, its key, and the fields that may be shown. */
import { DISCLOSURE_FIELDS_MAX } from '../base/limits.ts'
import type { FieldClass, MaskKind } from '../guard/facts.ts'
import { DECISION_KEYS, tableMapOf } from './decisions.ts'
import { columnIn } from './expressions.ts'
import { type CustomerMap, type Field, isSql, type Stored } from './model.ts'
import { isText, type Reader } from './reader.ts'

/** What kind of thing a field tells, as docs/desk.md has it. */
const FIELD_CLASSES: readonly FieldClass[] = [
  'identity',
  'contact',
  'reference',
  'sensitive',
  'text',
]
const MASKS: readonly MaskKind[] = ['name', 'mail', 'phone', 'reference', 'text']
const SEARCHES = ['mail', 'phone', 'customer'] as const
const STORED: Readonly<Record<string, readonly Stored[]>> = {
  mail: ['lower', 'as-typed'],
  phone: ['e164', 'as-typed'],
}

/** Reads `customers`. What is not said is as in `base`. */
export function customersOf(
  parent: Reader,
  base: CustomerMap | undefined,
): CustomerMap | undefined {
  if (!parent.has('customers')) return base ?? parent.refuse('customers', 'is missing')
  const map = parent.section('customers')
  if (map === undefined) return undefined
  map.knows('key', 'fields', ...DECISION_KEYS)
  const key = map.text('key') ?? base?.key
  if (key === undefined && !map.has('key')) map.refuse('key', 'is missing')
  const fields = fieldsOf(map, base?.fields ?? {})
  const count = Object.keys(fields).length
  if (count === 0) map.refuse('fields', 'is missing: there is nothing to show')
  if (count > DISCLOSURE_FIELDS_MAX)
    map.refuse('fields', `has more than ${DISCLOSURE_FIELDS_MAX} fields`)
  const shown = new Set(Object.values(fields).flatMap(({ value }) => wholeColumns(value)))
  const tableMap = tableMapOf(map, base, shown)
  return tableMap && key !== undefined ? { ...tableMap, key, fields } : undefined
}

/** A path into a column leaves the rest of it to be decided. */
function wholeColumns(value: Field['value']): string[] {
  return isSql(value) || value.path !== undefined ? [] : [value.column]
}

/** `name: null` takes a field of the preset away. */
function fieldsOf(parent: Reader, base: CustomerMap['fields']): CustomerMap['fields'] {
  const map = parent.section('fields')
  const fields = { ...base }
  for (const name of map?.keys() ?? []) {
    if (map?.raw(name) === null) {
      if (!Object.hasOwn(base, name)) map.refuse(name, 'is no field of the preset')
      delete fields[name]
      continue
    }
    if (!/^[a-z][a-z0-9-]{0,39}$/.test(name))
      map?.refuse(name, 'is no name of a field (small letters, digits, "-")')
    const field = map && fieldOf(map, name)
    if (field) fields[name] = field
  }
  return fields
}

function fieldOf(parent: Reader, name: string): Field | undefined {
  const map = parent.section(name)
  if (map === undefined) return undefined
  map.knows('column', 'path', 'none', 'lookup', 'class', 'mask', 'search', 'stored')
  const value = columnIn(map)
  const fieldClass = map.one('class', FIELD_CLASSES)
  if (!map.has('class')) map.refuse('class', `is missing (${FIELD_CLASSES.join(', ')})`)
  const mask = map.one('mask', MASKS)
  if (!map.has('mask')) map.refuse('mask', `is missing (${MASKS.join(', ')})`)
  const search = map.one('search', SEARCHES) ?? null
  const stored = storedOf(map, search)
  if (value === undefined || fieldClass === undefined || mask === undefined) return undefined
  return { value, class: fieldClass, mask, search, stored }
}

function storedOf(map: Reader, search: string | null): Stored {
  if (!map.has('stored')) return 'as-typed'
  const choices = STORED[search ?? '']
  if (choices !== undefined) return map.one('stored', choices) ?? 'as-typed'
  map.refuse('stored', isText(search) ? `does not go with search: ${search}` : 'needs search')
  return 'as-typed'
}
