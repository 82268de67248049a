/** How values of the database become ours: decided here, for every connection. */
import pg from 'pg'

const { builtins } = pg.types
const INT8_ARRAY = 1016

/**
 * A bigint is a number, and an error beyond 2^53: times are milliseconds since 1970, ids count from 1.
 * A timestamp stays text: no table of ours has one, and a Date would shift it by the machine's zone.
 */
export const VALUE_TYPES: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') => {
    if (format !== 'binary') {
      if (oid === builtins.INT8) return safeInteger
      if (oid === INT8_ARRAY) return (text: string) => integers(text)
      if (oid === builtins.TIMESTAMP || oid === builtins.TIMESTAMPTZ) return (text: string) => text
    }
    return pg.types.getTypeParser(oid, format as 'text')
  }) as pg.CustomTypesConfig['getTypeParser'],
}

function safeInteger(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new RangeError('a bigint of the database is too large')
  return value
}

/** Of one dimension, as `{1,NULL,3}`. */
function integers(text: string): (number | null)[] {
  const inner = text.slice(1, -1)
  if (inner === '') return []
  return inner.split(',').map((one) => (one === 'NULL' ? null : safeInteger(one)))
}
