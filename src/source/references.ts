/** Which other tables point to customers, tickets or messages. */
import type { Table } from './catalog.ts'
import { lookupsOf, partsOf } from './fit.ts'
import { isSql, type Mapping, tableText } from './model.ts'

export interface Reference {
  readonly table: Table
  /** Such as `contact_id, which points to public.contacts`. */
  readonly how: string
}

/** By foreign key; by a column named after the table, since many products keep no foreign keys; or by
 * a column for the type and one for the id, which may point anywhere. */
export function referencesTo(
  mapping: Mapping,
  tables: ReadonlyMap<string, Table>,
): readonly Reference[] {
  const parts = partsOf(mapping)
  const mapped = parts.map(({ map }) => tableText(map.table))
  const own = new Set([...mapped, ...lookupsOf(mapping).map(({ table }) => tableText(table))])
  if (mapping.members && !isSql(mapping.members)) own.add(tableText(mapping.members.table))
  const words = new Map(
    parts.flatMap(({ part, map }) =>
      wordsOf(part, map.table.name).map((word) => [word, tableText(map.table)] as const),
    ),
  )
  const found: Reference[] = []
  for (const [name, table] of tables) {
    if (own.has(name)) continue
    const how = pointerOf(table, mapped, words, new Set(mapping.authorColumns))
    if (how !== null) found.push({ table, how })
  }
  return found
}

/** `contacts` is pointed to by `contact_id`, and customers by whatever word people have for them. */
function wordsOf(part: string, table: string): string[] {
  const singular = table.replace(/ies$/, 'y').replace(/s$/, '')
  const last = singular.split('_').at(-1) ?? singular
  const usual =
    part === 'customers' ? ['customer', 'client', 'contact'] : part === 'tickets' ? ['ticket'] : []
  return [...new Set([...usual, singular, last])]
}

function pointerOf(
  table: Table,
  mapped: readonly string[],
  words: ReadonlyMap<string, string>,
  authors: ReadonlySet<string>,
): string | null {
  for (const { column, table: target } of table.references)
    if (mapped.includes(target) && !authors.has(column))
      return `${column}, which points to ${target}`
  for (const [column, { type }] of table.columns) {
    if (authors.has(column)) continue
    const word = /^(.+?)_?(id|key|number|uuid)$/i.exec(column)?.[1]?.toLowerCase()
    const target = word === undefined ? undefined : words.get(word)
    if (target !== undefined) return `${column}, which by its name points to ${target}`
    const kind = /^(.+)_id$/.exec(column)?.[1]
    if (
      kind !== undefined &&
      table.columns.has(`${kind}_type`) &&
      /^(integer|bigint|uuid)/.test(type)
    )
      return `${kind}_type and ${column}, which may point to any table`
  }
  return null
}
