/** What a mapping says of a help desk's database. docs/source.md tells it to people. */
import type { CountryCode } from 'libphonenumber-js'
import type { Identifier } from '../disclosure/ports.ts'
import type { FieldClass, MaskKind } from '../guard/facts.ts'

export type Literal = string | number | boolean

export interface TableName {
  readonly schema: string
  readonly name: string
}

/** Another table that says what an id means: its `value` where `key` is the id. */
export interface Lookup {
  readonly table: TableName
  readonly key: string
  readonly value: string
}

/** A column, or a path into its JSON. */
export interface ColumnExpression {
  readonly column: string
  readonly path?: readonly string[]
  /** Values that mean nothing, such as the user 1 who stands for nobody. */
  readonly none?: readonly Literal[]
  readonly lookup?: Lookup
}

/** SQL of a preset; a telltale.yaml cannot hold any. `c`, `t` and `m` are the rows of customers, tickets
 * and messages, `q` those that say who serves a queue; `reads` their columns that it uses, for the check. */
export interface SqlExpression {
  readonly sql: string
  readonly reads: readonly string[]
}

export type Expression = ColumnExpression | SqlExpression

/** A time: a column of a time type, or a number of this unit since 1970. SQL gives milliseconds. */
export type TimeExpression = (ColumnExpression & { readonly unit?: 'ms' | 's' }) | SqlExpression

/** Which kind a row is, by the values of a column. SQL gives the kind; anything else is unknown. */
export type KindExpression<Kind extends string> =
  | {
      readonly column: string
      readonly values: Readonly<Partial<Record<Kind, readonly Literal[]>>>
    }
  | SqlExpression

/** What was decided about columns that no field shows. */
export interface Decisions {
  readonly notPersonal: readonly string[]
  /** Personal, and shown to nobody. */
  readonly never: readonly string[]
  /** Nobody decided yet: shown to nobody, and the check fails. */
  readonly undecided: readonly string[]
}

export interface TableMap extends Decisions {
  readonly table: TableName
  /** Rows with exactly these values; others do not exist for us. */
  readonly only: Readonly<Record<string, Literal>>
}

/** How an identifier is stored: in lower case already, as E.164 already, or as people type it. */
export type Stored = 'lower' | 'e164' | 'as-typed'

/** A field of a customer: where it is read, what kind of thing it is, and by what it is searched. */
export interface Field {
  readonly value: Expression
  readonly class: FieldClass
  readonly mask: MaskKind
  readonly search: Exclude<Identifier, 'ticket'> | null
  readonly stored: Stored
}

export interface CustomerMap extends TableMap {
  readonly key: string
  readonly fields: Readonly<Record<string, Field>>
}

export interface TicketMap extends TableMap {
  readonly number: string
  readonly customer: string
  readonly queue: Expression | null
  readonly topic: Expression | null
  readonly channel: Expression | null
  readonly priority: Expression | null
  readonly openedAt: TimeExpression
  readonly contactAt: TimeExpression | null
  /** Which rows are open. SQL says it as a condition. */
  readonly state: { readonly column: string; readonly open: readonly Literal[] } | SqlExpression
  readonly assignee: { readonly column: string; readonly none: readonly Literal[] }
  readonly origin: {
    readonly kind: KindExpression<'customer' | 'system' | 'agent'>
    readonly agent: Expression | null
  } | null
  /** `routed`: only the router can assign. null: the source cannot tell. */
  readonly assignment:
    | 'routed'
    | {
        readonly kind: KindExpression<'router' | 'agent'>
        readonly agent: Expression | null
      }
    | null
  readonly assignedAt: TimeExpression | null
  /** Of a preset: joined where one ticket is read, for `origin`, `assignment` and `assignedAt`. */
  readonly joins: string
}

export interface MessageMap extends TableMap {
  readonly key: string
  /** The column that names the ticket, by this column of the tickets table. */
  readonly ticket: string
  readonly ticketKey: string
  readonly at: TimeExpression
  /** Messages of another kind are not shown. */
  readonly direction: KindExpression<'in' | 'out' | 'note'>
  /** Name of the agent who wrote it. */
  readonly author: Expression | null
  readonly body: Expression
  /** Whether the body is HTML; null: never. */
  readonly html: KindExpression<'html'> | null
  /** Of a preset: where the mail with a message is; null: the source cannot tell. */
  readonly delivery: KindExpression<'queued' | 'sent' | 'failed'> | null
}

/** Which agents serve which queue. SQL of a preset selects the queues, with `{agent}` where a column is
 * compared with the agent's ids. */
export type MemberMap =
  | { readonly table: TableName; readonly agent: string; readonly queue: Expression }
  | SqlExpression

/** What was decided about a table that is never read. */
export type Decision = 'never' | 'not-personal' | 'undecided'

/** How the source names agents: by Telltale's own id, by mail address, or by the id that the directory
 * gave them (`externalId`). `lookup` is where the ids of its rows become that name. */
export interface AgentNames {
  readonly by: 'id' | 'mail' | 'external'
  readonly lookup: Lookup | null
}

/** All that is said of a help desk. */
export interface Mapping {
  readonly product: string
  /** Whose numbers are written without a country code; null: nobody's. */
  readonly region: CountryCode | null
  readonly agents: AgentNames
  readonly customers: CustomerMap
  readonly tickets: TicketMap
  readonly messages: MessageMap | null
  readonly members: MemberMap | null
  /** Of a preset: channels whose inbound contacts are believed though the product proves no sender;
   * `{trusted}` in its SQL. */
  readonly trust: readonly string[]
  /** Other tables that reference customers, tickets or messages, `schema.table`: never read by us. */
  readonly elsewhere: Readonly<Record<string, Decision>>
  /** Columns that say which agent made or changed a row: no reference to a customer. */
  readonly authorColumns: readonly string[]
}

export function isSql(expression: object): expression is SqlExpression {
  return 'sql' in expression
}

/** As people write it. */
export function tableText(table: TableName): string {
  return `${table.schema}.${table.name}`
}
