import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { REJECT_REASONS } from '../../src/disclosure/rejects.ts'

const page = readFileSync(join(import.meta.dirname, '../../docs/importing.md'), 'utf8')

it('every reason for not taking a row is documented, and no other', () => {
  const [, section] = page.split('## Rows that are not taken')
  const rows = section.split('\n').filter((line) => line.startsWith('| `'))
  const documented = rows.flatMap((row) => [...row.split('|')[1].matchAll(/`([\w-]+)`/g)])
  expect(documented.map(([, code]) => code).sort()).toEqual(Object.keys(REJECT_REASONS).sort())
})
