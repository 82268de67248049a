/** The policies that come with the package, or an organisation's own. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { TelltaleError } from './base/errors.ts'
import { createPolicies, type Policies } from './guard/policy.ts'

/** Beside `src/` and `dist/` alike. */
const SHIPPED = join(import.meta.dirname, '..', 'policies')
const SCHEMA = 'telltale.cedarschema'

/**
 * Reads the policies of a folder: every `*.cedar` in it. They always speak the language of our own
 * schema, which is what they are asked in. Throws GUARD_POLICY_INVALID.
 */
export async function readPolicies(dir: string = SHIPPED): Promise<Policies> {
  try {
    const names = (await readdir(dir)).filter((name) => name.endsWith('.cedar')).sort()
    const files = names.map(async (file) => ({
      file,
      text: await readFile(join(dir, file), 'utf8'),
    }))
    const schema = { file: SCHEMA, text: await readFile(join(SHIPPED, SCHEMA), 'utf8') }
    return createPolicies(schema, await Promise.all(files))
  } catch (error) {
    if (error instanceof TelltaleError) throw error
    const { code, message } = error as NodeJS.ErrnoException
    throw new TelltaleError('GUARD_POLICY_INVALID', { file: dir, problem: code ?? message })
  }
}
