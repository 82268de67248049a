/** What the user of a guarded database may do beyond reading what the mapping names. */
import type { Queryable } from './catalog.ts'
import type { TableName } from './model.ts'

/** In words, the worst first; none: it may only read. */
export async function excessRights(db: Queryable, tables: readonly TableName[]): Promise<string[]> {
  const { rows } = await db.query(RIGHTS, [
    tables.map(({ schema }) => schema),
    tables.map(({ name }) => name),
  ])
  const [row] = rows
  const found: string[] = []
  if (row.is_super) return ['is a superuser, whom nothing is hidden from']
  if (row.is_powerful)
    found.push('may make roles or databases, replicate, or go round row security')
  if (row.is_server) found.push("may read or write the server's files, or run programs there")
  if (row.may_change !== null) found.push(`may change ${row.may_change}`)
  if (row.may_create) found.push('may make tables in this database')
  return found
}

const RIGHTS = `
select u.rolsuper as is_super,
  (u.rolcreaterole or u.rolcreatedb or u.rolreplication or u.rolbypassrls) as is_powerful,
  exists (select from pg_catalog.pg_roles p where p.rolname in ('pg_read_server_files', 'pg_write_server_files',
    'pg_execute_server_program', 'pg_write_all_data') and pg_has_role(u.oid, p.oid, 'usage')) as is_server,
  (select string_agg(t, ', ' order by t)
    from (select format('%I.%I', s, n) as t from unnest($1::text[], $2::text[]) x(s, n)) named
    where has_table_privilege(u.oid, t, 'insert, update, delete, truncate')
      or has_any_column_privilege(u.oid, t, 'insert, update')) as may_change,
  exists (select from pg_catalog.pg_namespace n where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
    and has_schema_privilege(u.oid, n.oid, 'create')) as may_create
from pg_catalog.pg_roles u where u.rolname = current_user`
