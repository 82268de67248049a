/** Promise 3: nothing in the log is changed, dropped or reordered unseen, and anybody can check. */
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { randomFrom } from '../sequencer/support.ts'
import { desk } from '../system/cli.ts'
import { type DeskLog, lines, makeLog } from '../system/logs.ts'
import { decision } from '../tlog/decisions.ts'
import { strangerVerifies } from './stranger.ts'

const here = desk()
let log: DeskLog
let files: string[]
beforeAll(async () => {
  log = await makeLog(here)
  for (const [from, to] of [
    [0, 3],
    [3, 300],
    [300, 600],
  ]) {
    await log.append(lines(from, to))
    await log.decide([decision({ reference: `G-${from}` })])
  }
  files = readdirSync(log.dir, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .map((one) => join(one.parentPath, one.name).slice(log.dir.length + 1))
    // What the stranger reads: published files, but not partial ones that wider ones replaced.
    .filter((path) => /^(checkpoint|tile\/)/.test(path))
})
afterAll(() => here.clear())

async function verdicts(dir: string) {
  const { code } = await here.run('log', 'verify', dir, '--key', log.vkey)
  let stranger = 0
  try {
    strangerVerifies(dir, log.vkey)
  } catch {
    stranger = 1
  }
  return { code, stranger }
}

describe('promise 3: append-only, and anyone can check', () => {
  it('a stranger who has only the page on formats reads every entry', () => {
    expect(strangerVerifies(log.dir, log.vkey)).toHaveLength(603)
  })

  it('the stranger and the command find the same changes', async () => {
    const random = randomFrom(3)
    const copy = join(here.folder, 'copy')
    for (let i = 0; i < 60; i++) {
      cpSync(log.dir, copy, { recursive: true })
      const path = join(copy, files[Math.floor(random() * files.length)])
      const bytes = readFileSync(path)
      const at = Math.floor(random() * bytes.length)
      if (i % 3 === 0) writeFileSync(path, bytes.subarray(0, at))
      else writeFileSync(path, bytes.fill(bytes[at] ^ (1 << (i % 8)), at, at + 1))
      const { code, stranger } = await verdicts(copy)
      // The command reads also what no checkpoint needs any more.
      expect([path.slice(copy.length), code]).toEqual([path.slice(copy.length), 1])
      if (stranger === 0) expect(path).toMatch(/\.p\//)
      rmSync(copy, { recursive: true })
    }
    expect(await verdicts(log.dir)).toEqual({ code: 0, stranger: 0 })
  })
})
