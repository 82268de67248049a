/**
 * How fast entries are sealed and opened on one thread: `--entries N`. Two shapes: a disclosure as a
 * desk makes it, and one with a query of 300 characters.
 */
import { randomBytes, randomFillSync } from 'node:crypto'
import { parseArgs } from 'node:util'
import { createIds } from '../../src/sealing/seal.ts'
import { type Sealer, sealerFor } from '../../src/tlog/entry.ts'
import type { Disclosure } from '../../src/tlog/sealed.ts'

const { values } = parseArgs({ options: { entries: { type: 'string', default: '200000' } } })
const entries = Number(values.entries)

const desk = (i: number): Disclosure => ({
  agent: `agent-${1000 + (i % 2000)}`,
  atMs: 1_767_312_000_000 + i,
  customers: [`C-${10_000_000 + ((i * 7919) % 12_000_000)}`],
  fields: ['email', 'name', 'phone'],
  masked: ['passport'],
  grade: 'routed',
  path: 'desk',
  purpose: 'ticket',
  query: null,
  queue: null,
  reference: `T-${2_000_000 + i}`,
  session: `s-${i % 5000}`,
  writer: null,
})
const query = 'select id, name, email from customers where id = $1 '.repeat(6).slice(0, 300)

function rate(run: (i: number) => void): number {
  const start = performance.now()
  for (let i = 0; i < entries; i++) run(i)
  return Math.round((entries / (performance.now() - start)) * 1000)
}

function measure(name: string, sealer: Sealer, make: (i: number) => Disclosure): void {
  const nextId = createIds(randomFillSync)
  const sealed = Array.from({ length: 1000 }, (_, i) => sealer.seal(make(i), nextId)[0])
  const bytes = Math.round(sealed.reduce((sum, { length }) => sum + length, 0) / sealed.length)
  const sealing = [0, 1, 2].map(() => rate((i) => sealer.seal(make(i), nextId)))
  const opening = [0, 1, 2].map(() => rate((i) => sealer.open(sealed[i % sealed.length])))
  const best = (rates: number[]) => Math.max(...rates).toLocaleString('en')
  console.log(
    `${name}: ${bytes} bytes an entry; best of 3 runs of ${entries.toLocaleString('en')}:`,
  )
  console.log(`  sealed ${best(sealing)}/s, opened ${best(opening)}/s`)
}

const sealer = sealerFor({ epoch: 1, key: randomBytes(32) })
measure('desk', sealer, desk)
measure('query', sealer, (i) => ({ ...desk(i), path: 'sql', query }))
