/** Epochs through the commands: rotated, destroyed for good, and what stays provable. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { lockFolder } from '../../src/disk/lock.ts'
import { desk } from './cli.ts'
import { type DeskLog, lines, makeLog } from './logs.ts'

const here = desk()
afterAll(() => here.clear())

let log: DeskLog
beforeAll(async () => {
  log = await makeLog(here)
  await log.append(lines(0, 5))
})

const keys = (command: string, ...more: string[]) =>
  here.run('log', 'keys', command, log.dir, ...more)

describe('log keys', () => {
  it('begins a new epoch, under which new entries are sealed', async () => {
    expect((await keys('list')).out).toMatch(/^Epoch 1 {2}from 20\S+Z {2}current\n$/)
    expect(await keys('rotate')).toMatchObject({ code: 0, err: '' })
    await log.append(lines(5, 8))
    const { epochs } = JSON.parse((await keys('list', '--json')).out)
    expect(epochs).toMatchObject([
      { epoch: 1, destroyed: null, current: false },
      { epoch: 2, destroyed: null, current: true },
    ])
    const opened = await here.run('log', 'open', log.dir, '5')
    expect(JSON.parse(opened.out)).toMatchObject({ epoch: 2, agent: 'agent-5' })
    const [before, after] = await Promise.all(
      ['2', '7'].map(async (index) =>
        JSON.parse((await here.run('log', 'open', log.dir, index)).out),
      ),
    )
    expect(before.pseudonym).not.toBe(after.pseudonym)
  })

  it('destroys nothing unasked, nothing in use, and nothing that it could not record', async () => {
    expect(await keys('destroy', '--epoch', '1')).toMatchObject({
      code: 2,
      err: expect.stringMatching(/^USAGE: .*cannot be undone/),
    })
    expect((await keys('destroy', '--epoch', '2', '--yes')).err).toMatch(/^EPOCH_IN_USE/)
    expect((await keys('destroy', '--epoch', '3', '--yes')).err).toMatch(/^EPOCH_UNKNOWN/)
    const lock = await lockFolder(log.dir)
    expect((await keys('destroy', '--epoch', '1', '--yes')).err).toMatch(/^FOLDER_LOCKED/)
    await lock.release()
    expect((await here.run('log', 'open', log.dir, '2')).code).toBe(0)
  })

  it('destroys an epoch for good, says so in the log, and every proof still holds', async () => {
    await here.run('log', 'open', log.dir, '2', '--for-third-party', join(here.folder, '2.json'))
    const epochs = readFileSync(join(log.keys, 'epochs.json'), 'utf8')
    const done = await keys('destroy', '--epoch', '1', '--yes')
    expect(done).toMatchObject({
      code: 0,
      out: expect.stringMatching(/entry 8 of the log says so/),
    })
    expect(readFileSync(join(log.keys, 'epochs.json'), 'utf8')).not.toContain(
      JSON.parse(epochs).epochs[0].key,
    )
    expect((await here.run('log', 'open', log.dir, '2')).err).toMatch(/^EPOCH_DESTROYED/)
    expect(JSON.parse((await here.run('log', 'open', log.dir, '8')).out)).toMatchObject({
      kind: 'destruction',
      epoch: 1,
    })
    const left = await here.run('log', 'export', log.dir)
    expect(left.out).toBe(`${lines(5, 8).join('\n')}\n`)
    expect(left.err).toMatch(/5 could not be opened.* 1 entry record/)
    expect((await here.run('log', 'verify', log.dir, '--key', log.vkey)).code).toBe(0)
    const receipt = join(here.folder, '2.tlog-proof')
    const proved = await here.run('log', 'prove', log.dir, '2', '--out', receipt)
    expect(proved.code).toBe(0)
    const checked = await here.run('log', 'fsck', log.dir)
    expect(checked.code).toBe(0)
    expect(checked.out).toMatch(/Epoch 1: 5 disclosures, destroyed at/)
    // Whoever was given one entry before keeps it: that is what an opening is.
    const opening = await here.run('verify', join(here.folder, '2.json'), '--key', log.vkey)
    expect(opening.code).toBe(0)
  })

  it('repeats an interrupted destruction without a second record', async () => {
    const again = await keys('destroy', '--epoch', '1', '--yes')
    expect(again).toMatchObject({ code: 0, out: expect.stringMatching(/entry 8 of the log/) })
    const unrecorded = await makeLog(here, 'interrupted')
    await here.run('log', 'keys', 'rotate', unrecorded.dir)
    const path = join(unrecorded.keys, 'epochs.json')
    // As if the process had ended right after the key was gone.
    const { epochs } = JSON.parse(readFileSync(path, 'utf8'))
    const { epoch, from } = epochs[0]
    const text = `${JSON.stringify({ epochs: [{ epoch, from, destroyed: from + 1 }, epochs[1]] })}\n`
    writeFileSync(path, text)
    const found = await here.run('log', 'fsck', unrecorded.dir)
    expect(found.code).toBe(1)
    expect(found.out.replace(/\s+/g, ' ')).toContain('the log does not say so: repeat the command')
    const done = await here.run('log', 'keys', 'destroy', unrecorded.dir, '--epoch', '1', '--yes')
    expect(done.out).toMatch(/entry 0 of the log says so/)
    expect((await here.run('log', 'fsck', unrecorded.dir)).code).toBe(0)
  })

  it('tells of a key that came back from a backup', async () => {
    const path = join(log.keys, 'epochs.json')
    const now = readFileSync(path, 'utf8')
    const { epochs } = JSON.parse(now)
    const revived = { epoch: 1, from: epochs[0].from, key: Buffer.alloc(32, 1).toString('base64') }
    writeFileSync(path, `${JSON.stringify({ epochs: [revived, epochs[1]] })}\n`)
    const found = await here.run('log', 'fsck', log.dir)
    writeFileSync(path, now)
    expect(found.code).toBe(1)
    expect(found.out.replace(/\s+/g, ' ')).toContain('which the log says was destroyed')
  })
})
