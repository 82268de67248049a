import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { createWitnessFolder } from '../../src/disk/witness-store.ts'
import { parseNote, parseSignatures } from '../../src/tlog/note.ts'
import { signersOf } from '../../src/tlog/signed.ts'
import { bodyOf, checkpointOf, historyOf, WITNESS } from './fixture.ts'

/** As many as a short test has time for; more with TELLTALE_KILLS=1000. */
const KILLS = Number(process.env.TELLTALE_KILLS ?? 6)
const SEED = 3

/** Two histories that part after some entries: the same key signs both, as a cheating log would. */
const SHARED = 12
const HISTORIES = [historyOf(300, 'main'), historyOf(300, 'fork', SHARED)]

interface Cosigned {
  readonly history: number
  readonly size: number
}

/** mulberry32: a stream of numbers in [0, 1) that is the same each time. */
function randomFrom(seed: number) {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

async function start(dir: string): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL('./process.ts', import.meta.url)), dir],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  const [line] = await Promise.race([once(child.stdout!, 'data'), once(child, 'exit')])
  if (child.exitCode !== null) throw new Error('the witness did not start')
  return { child, url: String(line).trim() }
}

/** Sends one checkpoint; null where the witness died before it answered. */
async function send(url: string, oldSize: number, { history, size }: Cosigned) {
  const leaves = HISTORIES[history].slice(0, size)
  try {
    const body = bodyOf(oldSize, leaves)
    const answer = await fetch(`${url}/add-checkpoint`, { method: 'POST', body })
    return { status: answer.status, text: await answer.text(), leaves }
  } catch {
    return null
  }
}

it(`never cosigns a fork or a smaller tree, killed ${KILLS} times`, async () => {
  const dir = join(mkdtempSync(join(tmpdir(), 'telltale-kill-')), 'state')
  await createWitnessFolder(dir)
  const random = randomFrom(SEED)
  const cosigned: Cosigned[] = []
  let lost = 0

  for (let kill = 0; kill < KILLS; kill++) {
    const { child, url } = await start(dir)
    const lastRound = 2 + Math.floor(random() * 8)
    let known = 0
    for (let round = 0; ; round++) {
      // While a request is under way, at a moment of its own.
      if (round === lastRound) void sleep(random() * 8).then(() => child.kill('SIGKILL'))
      const grown = Math.min(known + Math.floor(random() * 4), HISTORIES[0].length)
      const tries = [0, 1].map((history) => ({ history, size: grown }))
      if (random() < 0.5) tries.reverse()
      const answers = await Promise.all(tries.map((one) => send(url, known, one)))
      for (const [i, answer] of answers.entries()) {
        if (answer === null) lost++
        else if (answer.status === 409) known = Math.max(known, Number(answer.text))
        else if (answer.status === 200) {
          // An answer counts as soon as it is there: whoever has it may show it to anybody.
          const { text } = parseNote(checkpointOf(answer.leaves))
          expect(
            signersOf({ text, signatures: parseSignatures(answer.text) }, [WITNESS]),
          ).toHaveLength(1)
          cosigned.push(tries[i])
          known = Math.max(known, tries[i].size)
        } else expect(answer.status).toBe(422)
      }
      if (answers.includes(null)) break
    }
    child.kill('SIGKILL')
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  }

  expect(cosigned.length).toBeGreaterThan(KILLS)
  expect(lost).toBeGreaterThanOrEqual(KILLS)
  const largest = Math.max(...cosigned.map(({ size }) => size))
  expect(largest).toBeGreaterThan(SHARED)
  // In the order of the answers, of which two may be under way at once: sizes only grow.
  for (const [i, { size }] of cosigned.entries()) {
    if (i > 0) expect(size).toBeGreaterThanOrEqual(cosigned[i - 1].size)
  }
  // Beyond what they share, one history only.
  expect(
    new Set(cosigned.filter(({ size }) => size > SHARED).map(({ history }) => history)).size,
  ).toBe(1)
  // And after all of it the witness remembers the last.
  const { child, url } = await start(dir)
  const answer = await send(url, 0, { history: 0, size: 1 })
  expect(Number(answer?.text)).toBeGreaterThanOrEqual(largest)
  child.kill('SIGKILL')
  await once(child, 'exit')
  rmSync(join(dir, '..'), { recursive: true, force: true })
})
