/** What goes wrong in the database, in our words: what it says itself may hold a customer's values. */
import pg from 'pg'
import { TelltaleError } from '../base/errors.ts'

/** SQLSTATE classes of a database that is gone, full, busy or being stopped; with their words.
 * https://www.postgresql.org/docs/current/errcodes-appendix.html */
const UNAVAILABLE: Readonly<Record<string, string>> = {
  '08': 'the connection was lost',
  '28': 'it does not accept our sign-in',
  '3D': 'there is no database of that name',
  '40': 'others changed the same records at the same time',
  '53': 'it has no room or connections left',
  '55': 'something holds what is needed',
  '57': 'it took too long, or is being stopped',
  '58': 'its disk or system fails',
  XX: 'it is damaged',
}
const READ_ONLY = '25006'
const INTEGRITY = '23'

/**
 * What callers of the store are thrown: STORE_UNAVAILABLE, STORE_REFUSED, or, where a constraint does
 * not hold, the database's own error without the values it names (see `brokenConstraint`).
 */
export function storeError(error: unknown): Error {
  if (error instanceof TelltaleError) return error
  if (!(error instanceof pg.DatabaseError)) {
    const reason = networkReason(error as NodeJS.ErrnoException)
    return new TelltaleError('STORE_UNAVAILABLE', { reason })
  }
  const state = error.code ?? '?'
  if (state.startsWith(INTEGRITY)) return withoutValues(error)
  if (state === READ_ONLY)
    return new TelltaleError('STORE_UNAVAILABLE', { reason: 'it takes no changes now' })
  const reason = UNAVAILABLE[state.slice(0, 2)]
  if (reason) return new TelltaleError('STORE_UNAVAILABLE', { reason })
  return new TelltaleError('STORE_REFUSED', { state })
}

/** Name of the constraint that a statement would have broken; null where it failed otherwise. */
export function brokenConstraint(error: unknown): string | null {
  if (!(error instanceof pg.DatabaseError) || !error.code?.startsWith(INTEGRITY)) return null
  return error.constraint ?? error.column ?? ''
}

function withoutValues(error: pg.DatabaseError): pg.DatabaseError {
  error.message = `a constraint does not hold: ${error.constraint ?? error.column ?? '?'}`
  for (const field of ['detail', 'where', 'hint', 'internalQuery'] as const) delete error[field]
  return error
}

function networkReason(error: NodeJS.ErrnoException): string {
  if (error.code) return `the connection fails (${error.code})`
  if (/time(d )?out/i.test(error.message)) return 'it took too long'
  return 'the connection was lost'
}
