import { appendRows, emptyRows, type Rows } from '../../simulate/accesses.ts'
import type { Options } from '../../simulate/scales.ts'
import { makeWorld, type World } from '../../simulate/world.ts'

export const DEFAULTS: Options = { seed: 7, scale: 'small', leak: 'agent', noise: 0.1, missing: 0 }

/** A world that has run to its end, and all rows of its log. */
export function run(options: Partial<Options> = {}): { world: World; rows: Rows } {
  const world = makeWorld({ ...DEFAULTS, ...options })
  const rows = emptyRows(1024)
  for (const day of world.days()) appendRows(rows, day)
  return { world, rows }
}

/** One text for each row, of the columns given. */
export function texts(rows: Rows, columns: Exclude<keyof Rows, 'count'>[]): string[] {
  return Array.from({ length: rows.count }, (_, i) => columns.map((c) => rows[c][i]).join(' '))
}
