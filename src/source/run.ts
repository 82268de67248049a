/** Statements on the guarded database, and what becomes of their failures. */
import type pg from 'pg'
import { isNoSuchValue, sourceError } from './faults.ts'
import type { Statement } from './sql.ts'

/** Runs a prepared statement. Throws SOURCE_UNAVAILABLE. */
export type Run = (
  statement: Statement,
  values: readonly unknown[],
) => Promise<readonly Record<string, unknown>[]>

export function runner(pool: pg.Pool): Run {
  return async ({ name, text }, values) => {
    try {
      const { rows } = await pool.query({ name, text, values: [...values] })
      return rows
    } catch (error) {
      if (isNoSuchValue(error)) return []
      throw sourceError(error)
    }
  }
}
