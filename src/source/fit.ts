/** Whether a database has what a mapping names, in types that can be read. */
import type { Table } from './catalog.ts'
import {
  type Expression,
  isSql,
  type KindExpression,
  type Lookup,
  type Mapping,
  type TableMap,
  type TableName,
  type TimeExpression,
  tableText,
} from './model.ts'
import { isKeyType } from './normalise.ts'
import type { TypeOf } from './statements.ts'

export type Part = 'customers' | 'tickets' | 'messages'
type Tables = ReadonlyMap<string, Table>

export function tablesOf(mapping: Mapping): readonly TableName[] {
  const parts = partsOf(mapping).map(({ map }) => map.table)
  const lookups = lookupsOf(mapping).map(({ table }) => table)
  const members = mapping.members && !isSql(mapping.members) ? [mapping.members.table] : []
  return [...parts, ...lookups, ...members]
}

/** The mapped tables with the columns that are read whole, or into. */
export function partsOf(
  mapping: Mapping,
): readonly { part: Part; map: TableMap; whole: ReadonlySet<string>; into: ReadonlySet<string> }[] {
  const { customers, tickets, messages } = mapping
  const read = (
    part: Part,
    map: TableMap,
    columns: readonly string[],
    values: readonly Readable[],
  ) => {
    const whole = new Set([...columns, ...Object.keys(map.only)])
    const into = new Set<string>()
    for (const value of values) {
      if (isSql(value)) for (const column of value.reads) whole.add(column)
      else if ('path' in value && value.path !== undefined) into.add(value.column)
      else whole.add(value.column)
    }
    return { part, map, whole, into }
  }
  const parts = [
    read(
      'customers',
      customers,
      [customers.key],
      Object.values(customers.fields).map(({ value }) => value),
    ),
    read(
      'tickets',
      tickets,
      [tickets.number, tickets.customer, tickets.assignee.column],
      ticketValues(tickets),
    ),
  ]
  if (messages) {
    const { author, html, delivery } = messages
    const optional = [author, html, delivery].filter((value) => value !== null)
    parts.push(
      read(
        'messages',
        messages,
        [messages.key, messages.ticket],
        [messages.at, messages.direction, messages.body, ...optional],
      ),
    )
  }
  return parts
}

type Readable = Expression | TimeExpression | KindExpression<string>

function ticketValues(tickets: Mapping['tickets']): Readable[] {
  const { origin, assignment } = tickets
  const given = assignment === 'routed' ? null : assignment
  const all = [
    tickets.state,
    tickets.openedAt,
    ...[tickets.contactAt, tickets.assignedAt, tickets.queue, tickets.topic, tickets.channel],
    ...[tickets.priority, origin?.kind, origin?.agent, given?.kind, given?.agent],
  ]
  return all.filter((value) => value !== null && value !== undefined)
}

export function lookupsOf(mapping: Mapping): Lookup[] {
  const { customers, tickets, messages, agents, members } = mapping
  const values: (Expression | TimeExpression | null | undefined)[] = [
    ...Object.values(customers.fields).map(({ value }) => value),
    ...[tickets.queue, tickets.topic, tickets.channel, messages?.author, messages?.body],
    members && !isSql(members) ? members.queue : null,
  ]
  const found = values.flatMap((value) =>
    value && !isSql(value) && value.lookup ? [value.lookup] : [],
  )
  return agents.lookup ? [...found, agents.lookup] : found
}

/** The type of a column, '' where there is none. */
export function typesOf(mapping: Mapping, tables: Tables): TypeOf {
  return (part, column) => {
    const map = mapping[part]
    return (map && tables.get(tableText(map.table))?.columns.get(column)?.type) ?? ''
  }
}

/** What cannot work, in words. */
export function mismatches(mapping: Mapping, tables: Tables): string[] {
  const problems: string[] = []
  const needs = (table: TableName, columns: Iterable<string>) => {
    const found = tables.get(tableText(table))
    if (!found) return problems.push(`there is no table ${tableText(table)}`)
    for (const column of columns)
      if (!found.columns.has(column)) problems.push(`${tableText(table)} has no column ${column}`)
  }
  for (const { map, whole, into } of partsOf(mapping))
    needs(map.table, new Set([...whole, ...into]))
  for (const { table, key, value } of lookupsOf(mapping)) needs(table, [key, value])
  const { members, messages, tickets } = mapping
  if (members && !isSql(members)) {
    const { queue } = members
    needs(members.table, [members.agent, ...(isSql(queue) ? [] : [queue.column])])
  }
  if (messages) needs(tickets.table, [messages.ticketKey])
  if (problems.length > 0) return [...new Set(problems)]
  return [...typeProblems(mapping, typesOf(mapping, tables))]
}

function* typeProblems(mapping: Mapping, typeOf: TypeOf): Generator<string> {
  const { customers, tickets, messages } = mapping
  for (const [part, column] of [
    ['customers', customers.key],
    ['tickets', tickets.number],
    ['tickets', tickets.customer],
  ] as const) {
    const type = typeOf(part, column)
    if (!isKeyType(type))
      yield `the column ${column} of ${part} is ${type}, which is no type of a key`
  }
  for (const { part, map, into } of partsOf(mapping)) {
    for (const column of into) {
      const type = typeOf(part, column)
      if (!/^jsonb?$/.test(type))
        yield `the column ${column} of ${tableText(map.table)} is ${type}, which has no path`
    }
  }
  const times = [
    ['tickets', tickets.openedAt],
    ['tickets', tickets.contactAt],
    ['tickets', tickets.assignedAt],
    ['messages', messages?.at ?? null],
  ] as const
  for (const [part, time] of times) {
    if (time === null || isSql(time)) continue
    const type = typeOf(part, time.column)
    if (/^(timestamp|date)/.test(type)) continue
    if (!/^(bigint|integer|numeric)/.test(type))
      yield `the column ${time.column} of ${part} is ${type}, which is no time`
    else if (time.unit === undefined)
      yield `the column ${time.column} of ${part} is a number: say unit: ms or unit: s`
  }
  const { priority } = tickets
  if (
    priority &&
    !isSql(priority) &&
    !/^(smallint|integer|bigint)$/.test(typeOf('tickets', priority.column))
  )
    yield `the column ${priority.column} of tickets is no whole number, as a priority is`
}
