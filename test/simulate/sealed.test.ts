import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { sealAndTamper } from '../../simulate/sealed.ts'
import { createTools } from '../../src/app.ts'
import { desk } from '../system/cli.ts'

const here = desk()
afterAll(() => here.clear())

it('seals, verifies, changes one byte, finds it, and puts it back', async () => {
  const rows = Array.from({ length: 1100 }, (_, i) => `a-${i % 9},C${i},${1_767_322_000 + i}`)
  const accesses = here.file('accesses.csv', `agent,customer,time\n${rows.join('\n')}\n`)
  let out = ''
  const terminal = {
    out: (text: string) => {
      out += text
    },
    err: () => {},
    input: async function* () {},
    drained: async () => {},
    columns: 80,
    colour: false,
    live: false,
  }
  const ended = await sealAndTamper(createTools(), terminal, accesses, join(here.folder))
  expect(ended, out).toBe(true)
  expect(out.match(/VALID {2}demo/g)).toHaveLength(2)
  expect(out).toContain('TAMPERED  demo.example/desk')
  expect(out).toContain('tile/entries/003: entry 868 is not the one that was logged')
})
