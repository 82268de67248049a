/** The statements of a mapping: fixed when the source is opened, prepared once by each connection. */
import pg from 'pg'
import { SOURCE_KEY_CHARS_MAX, SOURCE_WORD_CHARS_MAX } from '../base/source-limits.ts'
import type { Identifier } from '../disclosure/ports.ts'
import { type Expression, isSql, type Mapping, type TimeExpression } from './model.ts'
import {
  type Alias,
  columnSql,
  expressionSql,
  inSql,
  kindSql,
  literalSql,
  lookupSql,
  onlySql,
  type Statement,
  statement,
  tableSql,
  textSql,
  timeSql,
} from './sql.ts'

/** Tells the type of a column, as PostgreSQL writes it. */
export type TypeOf = (table: 'customers' | 'tickets' | 'messages', column: string) => string

/** Every statement. What each takes is beside it. */
export interface Statements {
  /** $1 keys, $2 names of fields -> key, f0, f1, ... in the order of the mapping. */
  readonly values: Statement
  /** $1 the normalised value, $2 limit -> key. No statement: nothing is found by this. */
  readonly find: Readonly<Partial<Record<Identifier, Statement>>>
  /** $1 number -> a ticket with all its grounds, at most two rows. */
  readonly ticket: Statement
  /** $1 the agent's names, $2 to $4 where it goes on, or nulls, $5 limit -> rows. */
  readonly mine: Statement
  /** $1 the agent's names, $2 customers -> customer, number. */
  readonly openOf: Statement
  /** $1 queues -> queue, count, oldest. */
  readonly waiting: Statement
  /** $1 the agent's names -> queue. */
  readonly queuesOf: Statement | null
  /** $1 number, $2 limit -> messages, the newest first. */
  readonly conversation: Statement | null
}

export function statementsOf(untrusting: Mapping, typeOf: TypeOf): Statements {
  const mapping = trusting(untrusting)
  const number = (table: 'tickets' | 'messages') => (column: string) =>
    /^(smallint|integer|bigint|numeric|double precision|real)/.test(typeOf(table, column))
  const time = (expression: TimeExpression, alias: 't' | 'm') =>
    timeSql(expression, alias, number(alias === 't' ? 'tickets' : 'messages'))
  return {
    values: valuesStatement(mapping),
    find: findStatements(mapping),
    ticket: statement(`select ${rowSql(mapping, time)}, ${groundsSql(mapping, time)}
      ${ticketsFrom(mapping)} ${mapping.tickets.joins}
      where ${columnSql('t', mapping.tickets.number)} = $1${ticketsOnly(mapping)} limit 2`),
    mine: mineStatement(mapping, time),
    openOf: openOfStatement(mapping, time),
    waiting: waitingStatement(mapping, time),
    queuesOf: queuesStatement(mapping),
    conversation: conversationStatement(mapping, time),
  }
}

/** Writes the trusted channels into the SQL of a preset, wherever it asks for them. */
function trusting(mapping: Mapping): Mapping {
  const list = mapping.trust.length === 0 ? 'null' : mapping.trust.map(literalSql).join(', ')
  const text = JSON.stringify(mapping)
  return JSON.parse(text.replaceAll('{trusted}', JSON.stringify(list).slice(1, -1)))
}

type Time = (expression: TimeExpression, alias: 't' | 'm') => string

function valuesStatement({ customers }: Mapping): Statement {
  const fields = Object.entries(customers.fields).map(([name, field], i) => {
    const value = textSql(expressionSql(field.value, 'c'))
    // What was not asked for does not leave the database.
    return `case when ${pg.escapeLiteral(name)} = any($2::text[]) then ${value} end as f${i}`
  })
  const key = columnSql('c', customers.key)
  return statement(`select ${key}::text as key, ${fields.join(', ')}
    from ${tableSql(customers.table)} c where ${key} = any($1)${onlySql(customers.only, 'c')}`)
}

function findStatements(mapping: Mapping): Statements['find'] {
  const { customers, tickets } = mapping
  const key = columnSql('c', customers.key)
  const find = (from: string, condition: string) =>
    statement(`select distinct key::text as key from (select ${key} as key
      from ${tableSql(customers.table)} c ${from} where ${condition}${onlySql(customers.only, 'c')}
      limit $2) found order by 1`)
  const found: Partial<Record<Identifier, Statement>> = {}
  for (const by of ['mail', 'phone', 'customer'] as const) {
    const conditions = Object.values(customers.fields)
      .filter(({ search }) => search === by)
      .map(({ value, stored }) => matchSql(by, expressionSql(value, 'c'), stored))
    if (conditions.length > 0) found[by] = find('', `(${conditions.join(' or ')})`)
  }
  const joined = `join ${tableSql(tickets.table)} t on ${columnSql('t', tickets.customer)} = ${key}`
  const isTicket = `${columnSql('t', tickets.number)} = $1${ticketsOnly(mapping)}`
  found.ticket = find(joined, isTicket)
  return found
}

/** $1 is text; for a phone an array: E.164 first, then all ways to write its digits. */
function matchSql(by: string, value: string, stored: string): string {
  if (by === 'customer') return `${value} = $1`
  if (by === 'mail') return stored === 'lower' ? `${value} = $1` : `lower(${value}) = $1`
  if (stored === 'e164') return `${value} = ($1::text[])[1]`
  return `regexp_replace(${value}, '[^0-9]', '', 'g') = any(($1::text[])[2:])`
}

function ticketsFrom({ tickets }: Mapping): string {
  return `from ${tableSql(tickets.table)} t`
}

function ticketsOnly({ tickets }: Mapping): string {
  return onlySql(tickets.only, 't')
}

function openSql({ tickets: { state } }: Mapping): string {
  return isSql(state) ? `(${state.sql})` : inSql(columnSql('t', state.column), state.open)
}

function unassignedSql({ tickets: { assignee } }: Mapping): string {
  const base = columnSql('t', assignee.column)
  return assignee.none.length === 0
    ? `${base} is null`
    : `(${base} is null or ${inSql(base, assignee.none)})`
}

/** What the source calls the agent with this id. */
function agentSql({ agents }: Mapping, base: string): string {
  return textSql(agents.lookup ? lookupSql(agents.lookup, base) : base, SOURCE_KEY_CHARS_MAX)
}

/** The condition that a column names the agent; $1 are ways to write the agent's name. */
function isAgentSql({ agents }: Mapping, base: string): string {
  if (!agents.lookup) return `${base} = any($1)`
  const { table, key, value } = agents.lookup
  return `${base} in (select ${columnSql('l', key)} from ${tableSql(table)} l where ${columnSql('l', value)} = any($1))`
}

function rowSql(mapping: Mapping, time: Time): string {
  const { tickets } = mapping
  const word = (expression: Expression | null) =>
    expression ? textSql(expressionSql(expression, 't'), SOURCE_WORD_CHARS_MAX) : 'null::text'
  const priority = tickets.priority
    ? `coalesce((${expressionSql(tickets.priority, 't')})::int, 0)`
    : '0'
  const assignee = columnSql('t', tickets.assignee.column)
  const opened = time(tickets.openedAt, 't')
  const contact = tickets.contactAt ? time(tickets.contactAt, 't') : 'null::bigint'
  return `${columnSql('t', tickets.number)}::text as number, ${word(tickets.queue)} as queue,
    ${word(tickets.topic)} as topic, ${word(tickets.channel)} as channel,
    ${priority} as priority, ${openSql(mapping)} as is_open, ${opened} as opened,
    coalesce(${contact}, ${opened}) as contact,
    case when ${unassignedSql(mapping)} then null else ${assignee}::text end as assignee_key,
    case when ${unassignedSql(mapping)} then null else ${agentSql(mapping, assignee)} end as assignee`
}

function groundsSql(mapping: Mapping, time: Time): string {
  const { tickets } = mapping
  const { origin, assignment } = tickets
  const agent = (expression: Expression | null) =>
    expression ? agentSql(mapping, expressionSql(expression, 't')) : 'null::text'
  const given = assignment === 'routed' ? null : assignment
  return `${columnSql('t', tickets.customer)}::text as customer,
    ${origin ? kindSql(origin.kind, 't') : 'null::text'} as origin_kind,
    ${agent(origin?.agent ?? null)} as origin_agent,
    ${given ? kindSql(given.kind, 't') : 'null::text'} as assigned_kind,
    ${agent(given?.agent ?? null)} as assigned_agent,
    ${tickets.assignedAt ? time(tickets.assignedAt, 't') : 'null::bigint'} as assigned`
}

/** Most urgent first, then longest unheard, as `QueuePlace` goes on. */
function mineStatement(mapping: Mapping, time: Time): Statement {
  return statement(`select * from (select ${rowSql(mapping, time)} ${ticketsFrom(mapping)}
    where ${isMineSql(mapping)} and ${openSql(mapping)}${ticketsOnly(mapping)}) r
    where $2::int is null or (-r.priority, r.contact, r.number) > (-$2::int, $3::bigint, $4::text)
    order by -r.priority, r.contact, r.number limit $5`)
}

function openOfStatement(mapping: Mapping, time: Time): Statement {
  const { number, customer, openedAt } = mapping.tickets
  return statement(`select distinct on (customer) r.customer, r.number
    from (select ${columnSql('t', customer)}::text as customer, ${columnSql('t', number)}::text as number,
    ${time(openedAt, 't')} as opened ${ticketsFrom(mapping)} where ${isMineSql(mapping)}
    and ${columnSql('t', customer)} = any($2) and ${openSql(mapping)}${ticketsOnly(mapping)}) r
    order by r.customer, r.opened desc, r.number desc`)
}

function isMineSql(mapping: Mapping): string {
  const assignee = columnSql('t', mapping.tickets.assignee.column)
  return `${isAgentSql(mapping, assignee)} and not ${unassignedSql(mapping)}`
}

function waitingStatement(mapping: Mapping, time: Time): Statement {
  const { queue, openedAt } = mapping.tickets
  const name = queue ? textSql(expressionSql(queue, 't'), SOURCE_WORD_CHARS_MAX) : 'null::text'
  return statement(`select r.queue, count(*) as count, min(r.opened) as oldest
    from (select ${name} as queue, ${time(openedAt, 't')} as opened ${ticketsFrom(mapping)}
    where ${unassignedSql(mapping)} and ${openSql(mapping)}${ticketsOnly(mapping)}) r
    where r.queue = any($1::text[]) group by 1 order by 1`)
}

function queuesStatement(mapping: Mapping): Statement | null {
  const { members } = mapping
  if (!members) return null
  if (isSql(members)) {
    const sql = members.sql.replace(/(\S+) \{agent\}/g, (_, base) => isAgentSql(mapping, base))
    return statement(`${sql} order by 1 limit $2`)
  }
  const queue = textSql(expressionSql(members.queue, 'q'), SOURCE_WORD_CHARS_MAX)
  return statement(`select distinct ${queue} as queue from ${tableSql(members.table)} q
    where ${isAgentSql(mapping, columnSql('q', members.agent))} order by 1 limit $2`)
}

function conversationStatement(mapping: Mapping, time: Time): Statement | null {
  const { messages, tickets } = mapping
  if (!messages) return null
  const alias: Alias = 'm'
  const direction = kindSql(messages.direction, alias)
  const author = messages.author
    ? textSql(expressionSql(messages.author, alias), SOURCE_WORD_CHARS_MAX)
    : 'null::text'
  const html = messages.html ? `${kindSql(messages.html, alias)} = 'html'` : 'false'
  const delivery = messages.delivery ? kindSql(messages.delivery, alias) : 'null::text'
  return statement(`select ${columnSql(alias, messages.key)}::text as id, ${time(messages.at, alias)} as at,
    ${direction} as direction, ${author} as author, ${textSql(expressionSql(messages.body, alias))} as body,
    coalesce(${html}, false) as is_html, ${delivery} as delivery
    from ${tableSql(messages.table)} m join ${tableSql(tickets.table)} t
    on ${columnSql(alias, messages.ticket)} = ${columnSql('t', messages.ticketKey)}
    where ${columnSql('t', tickets.number)} = $1${ticketsOnly(mapping)}${onlySql(messages.only, alias)}
    and ${direction} in ('in', 'out', 'note') order by 2 desc, ${columnSql(alias, messages.key)} desc limit $2`)
}
