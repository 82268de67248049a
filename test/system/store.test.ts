import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type DeskProcess, startDeskProcess } from '../../simulate/guarded/child.ts'
import { signIn } from '../../simulate/guarded/client.ts'
import { desk } from './cli.ts'

const SIZE = { customers: 40, openTickets: 6, closedTickets: 4, canaries: 5 }
const here = desk()
const served = join(here.folder, 'desk')
const file = join(here.folder, 'desk.backup')
let process: DeskProcess

beforeAll(async () => {
  chmodSync(here.folder, 0o711)
  process = await startDeskProcess({ dir: served, size: SIZE })
}, 120_000)

afterAll(async () => {
  await process.stop()
  here.clear()
})

describe('a backup', () => {
  it('is taken while the desk works, and brings a desk back with its people and tickets', async () => {
    const backup = await here.run('store', 'backup', file, '--dir', join(served, 'postgres'))
    expect(backup).toMatchObject({ code: 0 })
    const again = join(here.folder, 'again')
    const restore = await here.run('store', 'restore', file, '--dir', join(again, 'postgres'))
    expect(restore, restore.err).toMatchObject({ code: 0 })
    expect(restore.err).toContain(/Backed up ([\d,]+ rows)/.exec(backup.err)?.[1])
    const second = await startDeskProcess({ dir: again, size: { customers: 1 } })
    try {
      const mika = await signIn(second.url, 'mika')
      const { body } = await mika.call('GET', '/queue')
      const waiting = body.waiting.reduce(
        (sum: number, one: { count: number }) => sum + one.count,
        0,
      )
      expect(waiting).toBeGreaterThan(0)
    } finally {
      await second.stop()
    }
  }, 120_000)

  it('is not restored over what is there, nor written over another file', async () => {
    const over = await here.run('store', 'backup', file, '--dir', join(served, 'postgres'))
    expect(over).toMatchObject({ code: 3 })
    expect(over.err).toContain('FILE_UNWRITABLE')
    const taken = await here.run(
      'store',
      'restore',
      file,
      '--dir',
      join(here.folder, 'again/postgres'),
    )
    expect(taken.err).toContain('STORE_NOT_EMPTY')
  }, 60_000)

  it('is not restored under a desk that works', async () => {
    const restore = await here.run('store', 'restore', file, '--dir', join(served, 'postgres'))
    expect(restore.err).toContain('FOLDER_LOCKED')
  })
})
