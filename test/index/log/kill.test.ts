/** Whoever follows a log is killed, at each step and at random moments, and goes on. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { randomFrom } from '../../sequencer/support.ts'
import { builderOf, disclosuresOf, rowsOf } from '../imports.ts'
import { disclosures, type MadeLog, makeLog, ownFolder } from './made.ts'

const KILLS = 5
const ROUNDS_MAX = 40
/** At least: begin, six tables, commit, and what comes after. */
const STEPS = 9
const ENTRIES = 500

interface Kill {
  readonly step?: number
  readonly afterMs?: number
}

/** Follows in a process of its own, which is killed before a step of its writing, or so long after it
 * has begun. Returns how long it took, null where it was killed. */
async function followed(
  log: MadeLog,
  dir: string,
  { step, afterMs }: Kill,
): Promise<number | null> {
  const script = fileURLToPath(new URL('./process.ts', import.meta.url))
  const child = spawn(process.execPath, [script, log.dir, dir, String(step)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit')
  await once(child.stdout, 'data')
  const begunMs = performance.now()
  const timer = afterMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), afterMs)
  const [code, signal] = await ended
  clearTimeout(timer)
  if (signal === 'SIGKILL') return null
  expect(code).toBe(0)
  return performance.now() - begunMs
}

async function contentOf(log: MadeLog, dir?: string) {
  const builder = await builderOf(dir === undefined ? {} : { dir })
  try {
    const summary = await builder.addLog(await log.open(), () => {})
    const { agents, overview } = await builder.finish()
    const sizes = await rowsOf(builder, 'SELECT size::INT AS size FROM followed ORDER BY size')
    const { rowsRead, rejects, assumed } = summary
    return {
      content: { rowsRead, rejects, assumed, agents, overview, rows: await disclosuresOf(builder) },
      sizes: sizes.map(({ size }) => Number(size)),
    }
  } finally {
    builder.close()
  }
}

it('comes to the same as an index that was never killed', async () => {
  const random = randomFrom(20_240_601)
  const log = await makeLog()
  const dir = join(ownFolder(), 'index')
  let entries = 0
  const grow = async () => {
    await log.append(disclosures(ENTRIES, entries))
    entries += ENTRIES
  }
  let step = 0
  let usualMs: number | null = null
  while (usualMs === null) {
    await grow()
    usualMs = await followed(log, dir, { step: ++step })
  }
  expect(step).toBeGreaterThan(STEPS)
  let killed = 0
  for (let round = 0; killed < KILLS && round < ROUNDS_MAX; round++) {
    await grow()
    const tookMs = await followed(log, dir, { afterMs: random() * usualMs })
    if (tookMs === null) killed++
    else usualMs = tookMs
  }
  expect(killed).toBe(KILLS)
  const [kept, fresh] = [await contentOf(log, dir), await contentOf(log)]
  expect(kept.content).toEqual(fresh.content)
  expect(kept.content.rowsRead).toBe(entries)
  expect(kept.content.rows).toHaveLength(entries)
  expect(kept.sizes).toEqual([...new Set(kept.sizes)])
  expect(kept.sizes.at(-1)).toBe(entries)
}, 300_000)
