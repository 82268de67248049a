/** What a guarded database says may hold a customer's values; only the kind of it goes on. */
import pg from 'pg'
import { TelltaleError } from '../base/errors.ts'

/** https://www.postgresql.org/docs/current/errcodes-appendix.html */
const STATES: Readonly<Record<string, string>> = {
  '42501': 'its user may not read what the mapping names',
  '42P01': 'a table of the mapping is gone',
  '42703': 'a column of the mapping is gone',
  '57014': 'it took too long',
  '25006': 'it refused a write',
}
const CLASSES: Readonly<Record<string, string>> = {
  '08': 'the connection was lost',
  '28': 'it does not accept the sign-in',
  '3D': 'there is no database of that name',
  '42': 'its tables are not as the mapping says',
  '53': 'it has no room or connections left',
  '55': 'something holds what is needed',
  '57': 'it is being stopped',
}

/** SOURCE_UNAVAILABLE with a kind of reason: never the database's own words, nor as a cause. */
export function sourceError(error: unknown): TelltaleError {
  if (error instanceof TelltaleError) return error
  return new TelltaleError('SOURCE_UNAVAILABLE', { reason: reasonFor(error) })
}

function reasonFor(error: unknown): string {
  if (error instanceof pg.DatabaseError) {
    const state = error.code ?? ''
    return (
      STATES[state] ?? CLASSES[state.slice(0, 2)] ?? `it refused a statement (SQLSTATE ${state})`
    )
  }
  const { code, message } = error as NodeJS.ErrnoException
  if (/time(d )?out/i.test(message ?? '')) return 'it took too long'
  return code === undefined ? 'the connection was lost' : `the connection fails (${code})`
}

/** A value that cannot be of the column's type is a value that no row has. */
export function isNoSuchValue(error: unknown): boolean {
  return error instanceof pg.DatabaseError && /^22(P02|003|007|008|021|P05)$/.test(error.code ?? '')
}
