import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { lockFolder } from '../../src/disk/lock.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'telltale-lock-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const locked = { code: 'FOLDER_LOCKED' }

/** Another process that holds the folder until it is killed. */
async function holder() {
  const module = JSON.stringify(join(import.meta.dirname, '../../src/disk/lock.ts'))
  const code = `import { lockFolder } from ${module}
    await lockFolder(process.argv[1])
    console.log('held')
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', code, dir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  return child
}

describe('lockFolder', () => {
  it('gives a folder to one at a time within a process', async () => {
    const first = await lockFolder(dir)
    await expect(lockFolder(dir)).rejects.toMatchObject(locked)
    await first.release()
    await first.release()
    const second = await lockFolder(dir)
    await second.check()
    await second.release()
  })

  it('is refused while another process holds it, and free once that one is killed', async () => {
    const child = await holder()
    await expect(lockFolder(dir)).rejects.toMatchObject(locked)
    child.kill('SIGKILL')
    await once(child, 'exit')
    const lock = await lockFolder(dir)
    await lock.check()
    await lock.release()
  })

  it('is free again after a refusal', async () => {
    const first = await lockFolder(dir)
    await expect(lockFolder(dir)).rejects.toMatchObject(locked)
    await first.check()
    await first.release()
    await (await lockFolder(dir)).release()
  })

  it.each([
    ['removed', () => rmSync(join(dir, 'lock'))],
    ['moved away', () => renameSync(join(dir, 'lock'), join(dir, 'gone'))],
    [
      'replaced',
      () => {
        rmSync(join(dir, 'lock'))
        writeFileSync(join(dir, 'other'), '')
        renameSync(join(dir, 'other'), join(dir, 'lock'))
      },
    ],
  ])('notices that its file was %s', async (_, change) => {
    const lock = await lockFolder(dir)
    await lock.check()
    change()
    await expect(lock.check()).rejects.toMatchObject(locked)
    await lock.release()
  })

  it('says why a folder cannot be locked', async () => {
    await expect(lockFolder(join(dir, 'absent'))).rejects.toMatchObject({
      code: 'FOLDER_UNLOCKABLE',
    })
  })
})
