/** SQL from a mapping: every name quoted, every constant escaped, nothing else from outside. */
import { createHash } from 'node:crypto'
import pg from 'pg'
import { SOURCE_TEXT_CHARS_MAX } from '../base/source-limits.ts'
import {
  type ColumnExpression,
  type Expression,
  isSql,
  type KindExpression,
  type Literal,
  type Lookup,
  type TableName,
  type TimeExpression,
} from './model.ts'

/** The row of customers, tickets or messages. */
export type Alias = 'c' | 't' | 'm' | 'q'

const { escapeIdentifier, escapeLiteral } = pg

export function tableSql(table: TableName): string {
  return `${escapeIdentifier(table.schema)}.${escapeIdentifier(table.name)}`
}

export function columnSql(alias: Alias | 'l', column: string): string {
  return `${alias}.${escapeIdentifier(column)}`
}

/** Without a type of its own: the database gives it that of what it is compared with. */
export function literalSql(value: Literal): string {
  return escapeLiteral(String(value))
}

export function inSql(base: string, values: readonly Literal[]): string {
  return values.length === 0 ? 'false' : `${base} in (${values.map(literalSql).join(', ')})`
}

export function expressionSql(expression: Expression, alias: Alias): string {
  if (isSql(expression)) return `(${expression.sql})`
  const base = valueSql(expression, alias)
  return expression.lookup ? lookupSql(expression.lookup, base) : base
}

function valueSql({ column, path, none }: ColumnExpression, alias: Alias): string {
  let base = columnSql(alias, column)
  if (path && path.length > 0) base = `(${base} #>> array[${path.map(literalSql).join(', ')}])`
  return none && none.length > 0
    ? `(case when ${inSql(base, none)} then null else ${base} end)`
    : base
}

export function lookupSql({ table, key, value }: Lookup, base: string): string {
  const [found, by] = [columnSql('l', value), columnSql('l', key)]
  return `(select ${found} from ${tableSql(table)} l where ${by} = ${base} limit 1)`
}

/** As text of bounded length; what is empty is nothing. */
export function textSql(base: string, charsMax = SOURCE_TEXT_CHARS_MAX): string {
  return `nullif(left((${base})::text, ${charsMax}), '')`
}

/** Milliseconds since 1970. A time without a zone is taken as UTC, as Rails and most others write it. */
export function timeSql(
  expression: TimeExpression,
  alias: Alias,
  isNumber: (column: string) => boolean,
): string {
  if (isSql(expression)) return `(${expression.sql})`
  const base = expressionSql(expression, alias)
  if (!isNumber(expression.column)) return `floor(extract(epoch from ${base}) * 1000)::bigint`
  return expression.unit === 's' ? `(${base} * 1000)::bigint` : `(${base})::bigint`
}

export function kindSql(expression: KindExpression<string>, alias: Alias): string {
  if (isSql(expression)) return `(${expression.sql})`
  const base = columnSql(alias, expression.column)
  const cases = Object.entries(expression.values).map(
    ([kind, values]) => `when ${inSql(base, values ?? [])} then ${escapeLiteral(kind)}`,
  )
  return `(case ${cases.join(' ')} end)`
}

/** The rows of a table that exist for us. */
export function onlySql(only: Readonly<Record<string, Literal>>, alias: Alias): string {
  return Object.entries(only)
    .map(([column, value]) => ` and ${columnSql(alias, column)} = ${literalSql(value)}`)
    .join('')
}

/** A statement that each connection prepares once. */
export interface Statement {
  readonly name: string
  readonly text: string
}

export function statement(text: string): Statement {
  const flat = text.replace(/\s*\n\s*/g, ' ').trim()
  return { name: `tt_${createHash('sha256').update(flat).digest('hex').slice(0, 24)}`, text: flat }
}
