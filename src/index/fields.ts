/** Sets of field names become masks; the names are few, so each distinct set is split once. */
import type { DuckDBConnection } from '@duckdb/node-api'
import { TelltaleError } from '../base/errors.ts'
import { FIELD_NAMES_MAX } from '../base/limits.ts'
import { FOUND } from './found.ts'
import { queryRows, sqlText } from './sql.ts'

const INSERT_ROWS = 1000

/** Fills `scratch.field_set` (names, mask) for the sets in `scratch.found`, and returns the names
 * by bit: those of the index, then new ones. Throws FIELDS_TOO_MANY. */
export async function encodeFields(db: DuckDBConnection, file: string): Promise<string[]> {
  await db.run('CREATE OR REPLACE TABLE scratch.main.field_set (names VARCHAR, mask UINTEGER)')
  const known = await queryRows(db, 'SELECT name FROM main.field ORDER BY bit')
  const names = known.map(({ name }) => String(name))
  const sets = await queryRows(
    db,
    `SELECT fields AS set FROM scratch.main.found
     WHERE kind = ${FOUND.fields} AND fields IS NOT NULL ORDER BY fields`,
  )
  const rows = sets.map(({ set }) => {
    const mask = maskOf(splitFields(String(set)), names)
    if (names.length > FIELD_NAMES_MAX) {
      const example = names[FIELD_NAMES_MAX]
      throw new TelltaleError('FIELDS_TOO_MANY', { file, limit: FIELD_NAMES_MAX, example })
    }
    return `(${sqlText(String(set))}, ${mask})`
  })
  for (let i = 0; i < rows.length; i += INSERT_ROWS) {
    const values = rows.slice(i, i + INSERT_ROWS).join(', ')
    await db.run(`INSERT INTO scratch.main.field_set VALUES ${values}`)
  }
  return names
}

/** The mask of a set; its new names are added to `names`. */
function maskOf(set: readonly string[], names: string[]): number {
  let mask = 0
  for (const name of set) {
    const at = names.indexOf(name)
    mask |= 1 << (at < 0 ? names.push(name) - 1 : at)
  }
  return mask >>> 0
}

/** `name;phone`, `name|phone`, `name,phone` and `["name", "phone"]` are the same set. */
export function splitFields(text: string): string[] {
  const names = text.split(/[;|,]/).map((name) => name.replace(/^[\s["']+|[\s\]"']+$/g, ''))
  return [...new Set(names.filter((name) => name !== ''))]
}
