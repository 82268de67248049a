/** What a database says of its own tables. */
import type { TableName } from './model.ts'
import { tableText } from './model.ts'

export interface Column {
  readonly name: string
  /** As PostgreSQL writes it: `integer`, `character varying(250)`, `jsonb`. */
  readonly type: string
  readonly comment: string | null
}

export interface Index {
  readonly isUnique: boolean
  readonly isPartial: boolean
  /** Columns or expressions, in order, as PostgreSQL writes them. */
  readonly parts: readonly string[]
}

export interface Table {
  readonly name: TableName
  readonly columns: ReadonlyMap<string, Column>
  readonly indexes: readonly Index[]
  /** Estimate; 0 where nobody counted yet. */
  readonly rows: number
  /** Whether it can be sampled: no view. */
  readonly isStored: boolean
  /** Tables it references by a foreign key of one column. */
  readonly references: readonly { readonly column: string; readonly table: string }[]
}

/** Whatever runs a query; a pool or a connection. */
export interface Queryable {
  query(text: string, values?: unknown[]): Promise<{ rows: Record<string, unknown>[] }>
}

/** Tables, views and foreign tables, by `schema.table`; all where none is named. */
export async function readTables(
  db: Queryable,
  names: readonly TableName[] | null,
): Promise<ReadonlyMap<string, Table>> {
  const { rows } = await db.query(TABLES, [names ? names.map(tableText) : null])
  const tables = rows.map((row): [string, Table] => {
    const name = { schema: row.schema as string, name: row.name as string }
    const columns = (row.columns ?? []) as Column[]
    return [
      tableText(name),
      {
        name,
        columns: new Map(columns.map((column) => [column.name, column])),
        indexes: (row.indexes ?? []) as Index[],
        rows: Math.max(0, Number(row.rows)),
        isStored: row.is_stored as boolean,
        references: (row.refs ?? []) as Table['references'],
      },
    ]
  })
  return new Map(tables)
}

const TABLES = `
select n.nspname as schema, r.relname as name, r.reltuples::float8 as rows,
  r.relkind in ('r', 'p', 'm') as is_stored,
  (select jsonb_agg(jsonb_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod),
      'comment', col_description(a.attrelid, a.attnum)) order by a.attnum)
    from pg_catalog.pg_attribute a
    where a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped) as columns,
  (select jsonb_agg(jsonb_build_object('isUnique', i.indisunique, 'isPartial', i.indpred is not null,
      'parts', (select jsonb_agg(pg_get_indexdef(i.indexrelid, k, true) order by k)
        from generate_series(1, i.indnkeyatts) k)))
    from pg_catalog.pg_index i where i.indrelid = r.oid and i.indisvalid) as indexes,
  (select jsonb_agg(jsonb_build_object('column', a.attname, 'table', fn.nspname || '.' || f.relname))
    from pg_catalog.pg_constraint k
    join pg_catalog.pg_class f on f.oid = k.confrelid
    join pg_catalog.pg_namespace fn on fn.oid = f.relnamespace
    join pg_catalog.pg_attribute a on a.attrelid = k.conrelid and a.attnum = k.conkey[1]
    where k.conrelid = r.oid and k.contype = 'f' and cardinality(k.conkey) = 1) as refs
from pg_catalog.pg_class r join pg_catalog.pg_namespace n on n.oid = r.relnamespace
where r.relkind in ('r', 'p', 'v', 'm', 'f') and not r.relispartition
  and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  and ($1::text[] is null or n.nspname || '.' || r.relname = any($1))
order by 1, 2`
