/** What an unknown help desk's tables might be. Every guess is a proposal that a person decides about. */
import type { Table } from './catalog.ts'
import { tableText } from './model.ts'

export interface Guess {
  readonly customers: Table | null
  readonly tickets: Table | null
  readonly messages: Table | null
}

/** The best names first. */
const TABLES = {
  customers: [
    'customers',
    'customer',
    'contacts',
    'contact',
    'clients',
    'client',
    'members',
    'users',
    'people',
  ],
  tickets: [
    'tickets',
    'ticket',
    'conversations',
    'cases',
    'issues',
    'requests',
    'support_requests',
  ],
  messages: ['messages', 'ticket_messages', 'articles', 'replies', 'comments', 'posts', 'threads'],
} as const

export function guessTables(tables: ReadonlyMap<string, Table>): Guess {
  const find = (names: readonly string[]) => {
    for (const name of names)
      for (const table of tables.values()) if (table.name.name.toLowerCase() === name) return table
    return null
  }
  return {
    customers: find(TABLES.customers),
    tickets: find(TABLES.tickets),
    messages: find(TABLES.messages),
  }
}

/** Which product's tables these are; null where we know none. */
export function detectProduct(tables: ReadonlyMap<string, Table>): string | null {
  const has = (...names: readonly string[]) => names.every((name) => tables.has(name))
  const column = (table: string, name: string) => tables.get(table)?.columns.has(name) === true
  if (
    has('public.contact_inboxes', 'public.messages') &&
    column('public.conversations', 'display_id')
  )
    return 'chatwoot'
  if (has('public.ticket_articles', 'public.histories') && column('public.tickets', 'owner_id'))
    return 'zammad'
  if (has('support.customers', 'support.tickets', 'support.messages')) return 'telltale'
  return null
}

/** The first column with one of these names, or `?`: no column has that name, and the check says so. */
export function guessColumn(table: Table | null, names: readonly string[]): string {
  const found = names.find((name) => table?.columns.has(name))
  return found ?? '?'
}

export function guessKey(table: Table | null): string {
  const key = table?.indexes.find(({ isUnique, parts }) => isUnique && parts.length === 1)?.parts[0]
  return key !== undefined && table?.columns.has(key) ? key : guessColumn(table, ['id', 'key'])
}

export function nameOf(table: Table | null): string {
  return table === null ? '?' : tableText(table.name)
}
