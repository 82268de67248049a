/** What a database holds, and of what form it is: to be compared. */
import type pg from 'pg'
import { quoteTable, readTables } from '../../src/store/catalogue.ts'

/** Every row of every table of ours, as PostgreSQL writes it, by table. */
export async function contentsOf(pool: pg.Pool): Promise<Record<string, string[]>> {
  const client = await pool.connect()
  try {
    const found: Record<string, string[]> = {}
    for (const { name } of await readTables(client)) {
      const { rows } = await client.query(
        `select t::text as row from ${quoteTable(name)} t order by 1`,
      )
      found[name] = rows.map(({ row }) => row)
    }
    return found
  } finally {
    client.release()
  }
}

const FORM = `
  select format('column %s.%s.%s %s %s %s %s', table_schema, table_name, column_name, data_type, is_nullable,
    column_default, is_identity) as line
  from information_schema.columns where table_schema in ('telltale', 'support')
  union all
  select format('constraint %s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
  from pg_constraint where connamespace in ('telltale'::regnamespace, 'support'::regnamespace)
  union all
  select indexdef from pg_indexes where schemaname in ('telltale', 'support')
  union all
  select pg_get_functiondef(oid) from pg_proc
  where pronamespace in ('telltale'::regnamespace, 'support'::regnamespace)
  union all
  select pg_get_triggerdef(oid) || tgenabled::text from pg_trigger where not tgisinternal
  order by 1`

/** Everything that migrations make, in lines. */
export async function formOf(pool: pg.Pool): Promise<string[]> {
  const { rows } = await pool.query(FORM)
  return rows.map(({ line }) => line)
}
