/** The tables that hold what the desk knows, read from the database itself. */
import type pg from 'pg'

/** A table, in an order in which none refers to a later one. */
export interface TableInfo {
  /** `schema.name`, unquoted. */
  readonly name: string
  /** Those that can be written. */
  readonly columns: readonly string[]
  /** Columns that take their value from a sequence. */
  readonly counted: readonly string[]
}

/** Where migrations write what they did is not part of what the desk knows. */
const TABLES = `
  select format('%s.%s', n.nspname, c.relname) as name,
    (select array_agg(a.attname::text order by a.attnum) from pg_attribute a
     where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '')
      as columns,
    (select coalesce(array_agg(a.attname::text), '{}') from pg_attribute a
     where a.attrelid = c.oid and a.attidentity <> '') as counted,
    (select coalesce(array_agg(format('%s.%s', rn.nspname, r.relname)), '{}')
     from pg_constraint k join pg_class r on r.oid = k.confrelid
     join pg_namespace rn on rn.oid = r.relnamespace
     where k.conrelid = c.oid and k.contype = 'f' and k.confrelid <> c.oid) as refers
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname in ('telltale', 'support') and c.relkind = 'r'
    and c.relname not in ('migrations', 'migrations_lock')
  order by 1`

/** All tables of ours; none where the database is empty. */
export async function readTables(client: pg.ClientBase): Promise<TableInfo[]> {
  const { rows } = await client.query<TableInfo & { refers: string[] }>(TABLES)
  const ordered: TableInfo[] = []
  const waiting = new Map(rows.map((row) => [row.name, row]))
  while (waiting.size > 0) {
    const free = [...waiting.values()].filter((row) => !row.refers.some((one) => waiting.has(one)))
    // A circle has no order: its tables come as they are, and the constraint says so when restored.
    for (const row of free.length > 0 ? free : [...waiting.values()]) {
      ordered.push({ name: row.name, columns: row.columns, counted: row.counted })
      waiting.delete(row.name)
    }
  }
  return ordered
}

/** `schema.name` as SQL. */
export function quoteTable(name: string): string {
  return name.split('.').map(quote).join('.')
}

/** A name as SQL. */
export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
