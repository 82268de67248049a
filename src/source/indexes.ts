/** Whether keys are keys, and whether a search has an index that serves it. */
import type { Index, Table } from './catalog.ts'
import { isSql, type Literal, type Mapping, tableText } from './model.ts'
import type { Finding } from './report.ts'

export function indexFindings(mapping: Mapping, tables: ReadonlyMap<string, Table>): Finding[] {
  const { customers, tickets, messages } = mapping
  const found: Finding[] = []
  const unique = (map: typeof customers | typeof tickets, column: string) => {
    const table = tables.get(tableText(map.table))
    if (!table?.isStored || isKey(table.indexes, column, map.only)) return
    const others = othersOf(table.indexes, column)
    found.push({
      level: 'problem',
      where: `${tableText(map.table)}.${column}`,
      says: 'several rows may have the same one; of those, none is read',
      write:
        others.length > 0 ? `only: { ${others.map((name) => `${name}: ...`).join(', ')} }` : null,
    })
  }
  unique(customers, customers.key)
  unique(tickets, tickets.number)
  const fast = (
    map: typeof customers | typeof tickets | NonNullable<typeof messages>,
    part: string,
    what: string,
  ) => {
    const table = tables.get(tableText(map.table))
    if (!table?.isStored || serves(table.indexes, part, map.only)) return
    const columns = [...Object.keys(map.only), part].join(', ')
    found.push({
      level: 'advice',
      where: tableText(map.table),
      says: `${what} reads the whole table: no index serves it`,
      write: `create index concurrently on ${tableText(map.table)} (${columns})`,
    })
  }
  for (const [name, { value, search, stored }] of Object.entries(customers.fields)) {
    if (search === null || isSql(value) || value.path || value.lookup) continue
    fast(customers, searchPart(search, value.column, stored), `searching by ${name}`)
  }
  fast(tickets, tickets.customer, 'finding the tickets of a customer')
  fast(tickets, tickets.assignee.column, "listing an agent's tickets")
  if (messages) fast(messages, messages.ticket, 'reading a conversation')
  return found
}

function searchPart(search: string, column: string, stored: string): string {
  if (search === 'mail' && stored !== 'lower') return `lower(${column})`
  if (search === 'phone' && stored !== 'e164') return `regexp_replace(${column}, '[^0-9]', '', 'g')`
  return column
}

/** `lower((email)::text)` and `lower(email)` are one. */
function plainPart(part: string): string {
  return part.replace(/::[a-z ]+(\(\d+\))?/g, '').replace(/[()"\s]/g, '')
}

function serves(
  indexes: readonly Index[],
  part: string,
  only: Readonly<Record<string, Literal>>,
): boolean {
  const wanted = plainPart(part)
  return indexes.some(({ parts, isPartial }) => {
    const plain = parts.map(plainPart)
    const at = plain.indexOf(wanted)
    return !isPartial && at !== -1 && plain.slice(0, at).every((name) => Object.hasOwn(only, name))
  })
}

function isKey(
  indexes: readonly Index[],
  column: string,
  only: Readonly<Record<string, Literal>>,
): boolean {
  return indexes.some(
    ({ parts, isUnique, isPartial }) =>
      isUnique &&
      !isPartial &&
      parts.some((part) => plainPart(part) === column) &&
      parts.every((part) => plainPart(part) === column || Object.hasOwn(only, plainPart(part))),
  )
}

/** The columns that make it unique together with the number. */
function othersOf(indexes: readonly Index[], column: string): readonly string[] {
  const near = indexes.find(
    ({ parts, isUnique }) => isUnique && parts.some((part) => plainPart(part) === column),
  )
  return (near?.parts ?? []).map(plainPart).filter((part) => part !== column)
}
