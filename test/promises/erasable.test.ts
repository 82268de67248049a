/** Promise 8: what is sealed can be erased by destroying a key, and every proof still holds. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { lockFolder } from '../../src/disk/lock.ts'
import { openKeyFolder } from '../../src/keys/folder.ts'
import { desk } from '../system/cli.ts'
import { type DeskLog, line, lines, makeLog } from '../system/logs.ts'
import { decision } from '../tlog/decisions.ts'
import { strangerVerifies } from './stranger.ts'

const here = desk()
let log: DeskLog
let before: Buffer[]
let erased: Buffer
beforeAll(async () => {
  log = await makeLog(here)
  await log.append(lines(0, 10))
  await log.decide([decision({ reason: 'a secret of epoch 1' })])
  const { ring } = await openKeyFolder(log.keys, { service: null, lock: lockFolder })
  erased = Buffer.from(ring.current().key)
  await ring.rotate(Date.now())
  await log.append(lines(10, 20))
  before = strangerVerifies(log.dir, log.vkey)
  await ring.destroy(1, Date.now())
})
afterAll(() => here.clear())

describe('promise 8: erasable', () => {
  it('what was sealed under a destroyed key cannot be read; the rest can', async () => {
    const exported = await here.run('log', 'export', log.dir)
    expect(exported.code, exported.err).toBe(0)
    expect(exported.out.trim().split('\n')).toEqual(lines(10, 20))
    expect(exported.err).toContain('10')
    expect(exported.out).not.toContain(line(3))
  })

  it('what was decided under it cannot be read, either', async () => {
    const exported = await here.run('log', 'export', log.dir, '--kind', 'all')
    expect(exported.code, exported.err).toBe(0)
    expect(exported.out.trim().split('\n')).toEqual(lines(10, 20))
    expect(exported.err).toContain('11 could not be opened')
    const opened = await here.run('log', 'open', log.dir, '10')
    expect(opened).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringMatching(/^EPOCH_DESTROYED/),
    })
  })

  it('the key is in no file of the keys folder any more, in no spelling', () => {
    const spellings = ['base64', 'base64url', 'hex', 'latin1'] as const
    for (const name of readdirSync(log.keys)) {
      const content = readFileSync(join(log.keys, name)).toString('latin1')
      for (const spelling of spellings) expect(content).not.toContain(erased.toString(spelling))
    }
  })

  it('the tree is untouched: the command and a stranger verify it as before', async () => {
    expect((await here.run('log', 'verify', log.dir, '--key', log.vkey)).code).toBe(0)
    expect(strangerVerifies(log.dir, log.vkey)).toEqual(before)
  })

  it('no entry ever held a name, customer or ticket in the clear', () => {
    for (const [i, entry] of before.entries()) {
      const text = entry.toString('latin1')
      for (const secret of [`agent-${i % 7}`, `C${i}"`, `T-${i}"`, 'lea', 'a secret', 'G-7'])
        expect(text).not.toContain(secret)
    }
  })
})
