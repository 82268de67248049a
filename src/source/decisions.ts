/** What a telltale.yaml decides about the columns of a table. */
import { tableOf } from './expressions.ts'
import type { Decisions, Literal, TableMap } from './model.ts'
import type { Reader } from './reader.ts'

export const DECISION_KEYS = ['table', 'only', 'not-personal', 'never', 'undecided'] as const

/** `shown` are the columns whose value the rest of the map reads whole. */
export function tableMapOf(
  map: Reader,
  base: TableMap | undefined,
  shown: ReadonlySet<string>,
): TableMap | undefined {
  const table = tableOf(map.text('table')) ?? base?.table
  if (table === undefined && !map.has('table')) map.refuse('table', 'is missing')
  const only = { ...base?.only, ...onlyOf(map) }
  const decisions = decisionsOf(map, base, shown)
  return table && { table, only, ...decisions }
}

function onlyOf(parent: Reader): Record<string, Literal> {
  const map = parent.section('only')
  const found: Record<string, Literal> = {}
  for (const column of map?.keys() ?? []) {
    const value = map?.raw(column)
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      found[column] = value
    else map?.refuse(column, 'is no single value')
  }
  return found
}

/** What is said of a column here replaces what the preset says of it. */
function decisionsOf(
  map: Reader,
  base: Decisions | undefined,
  shown: ReadonlySet<string>,
): Decisions {
  const own = {
    notPersonal: map.texts('not-personal') ?? [],
    never: map.texts('never') ?? [],
    undecided: map.texts('undecided') ?? [],
  }
  const said = [...own.notPersonal, ...own.never, ...own.undecided]
  const twice = said.filter((column, i) => said.indexOf(column) !== i)
  for (const column of new Set(twice)) map.refuse(null, `decides twice about the column ${column}`)
  for (const column of new Set(said)) {
    if (shown.has(column))
      map.refuse(null, `decides about the column ${column}, which is read for a field`)
  }
  const left = (columns: readonly string[] | undefined) =>
    (columns ?? []).filter((column) => !said.includes(column) && !shown.has(column))
  return {
    notPersonal: [...left(base?.notPersonal), ...own.notPersonal],
    never: [...left(base?.never), ...own.never],
    undecided: [...left(base?.undecided), ...own.undecided],
  }
}
