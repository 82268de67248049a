import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { folderDisk } from '../../src/disk/folder.ts'
import {
  createWitnessFolder,
  openWitnessFolder,
  witnessStoreOn,
} from '../../src/disk/witness-store.ts'
import type { Disk } from '../../src/sequencer/disk.ts'
import { sha256 } from '../../src/tlog/hash.ts'

let dir: string
beforeEach(async () => {
  dir = join(mkdtempSync(join(tmpdir(), 'telltale-witness-')), 'state')
  await createWitnessFolder(dir)
})
afterEach(() => rmSync(join(dir, '..'), { recursive: true, force: true }))

const hash = (origin: string) => sha256(origin).toString('hex')
const fileOf = (origin: string) => join(dir, 'logs', hash(origin))

describe('the folder of a witness', () => {
  it('is not made twice', async () => {
    await expect(createWitnessFolder(dir)).rejects.toMatchObject({ code: 'WITNESS_EXISTS' })
  })

  it('is not opened where there is none', async () => {
    await expect(openWitnessFolder(join(dir, 'no'))).rejects.toMatchObject({
      code: 'WITNESS_STATE_MISSING',
    })
    expect(existsSync(join(dir, 'no'))).toBe(false)
    rmSync(join(dir, 'origins'))
    await expect(openWitnessFolder(dir)).rejects.toMatchObject({ code: 'WITNESS_STATE_MISSING' })
  })

  it('is open once at a time', async () => {
    const store = await openWitnessFolder(dir)
    await expect(openWitnessFolder(dir)).rejects.toMatchObject({ code: 'FOLDER_LOCKED' })
    await store.close()
    await (await openWitnessFolder(dir)).close()
  })

  it('keeps the newest note of each log', async () => {
    const store = await openWitnessFolder(dir)
    expect(await store.read('a')).toBe(null)
    await store.replace('a', 'first')
    await store.replace('b', 'other')
    await store.replace('a', 'second — ü')
    expect(await store.read('a')).toBe('second — ü')
    await store.close()
    const again = await openWitnessFolder(dir)
    expect(await again.read('a')).toBe('second — ü')
    expect(await again.read('b')).toBe('other')
    expect(await again.read('c')).toBe(null)
    await again.close()
    expect(readFileSync(join(dir, 'origins'), 'utf8')).toBe(
      [hash('a'), hash('b')]
        .sort()
        .map((one) => `${one}\n`)
        .join(''),
    )
  })

  it('keeps them where many logs come at once', async () => {
    const store = await openWitnessFolder(dir)
    const origins = Array.from({ length: 50 }, (_, i) => `log ${i}`)
    await Promise.all(origins.map((origin) => store.replace(origin, `note of ${origin}`)))
    await store.close()
    for (const origin of origins) rmSync(fileOf(origin))
    const again = await openWitnessFolder(dir)
    for (const origin of origins) {
      await expect(again.read(origin)).rejects.toMatchObject({ code: 'WITNESS_STATE_BROKEN' })
    }
    await again.close()
  })

  it('misses a log whose file is gone, while it runs and after', async () => {
    const store = await openWitnessFolder(dir)
    await store.replace('a', 'note')
    rmSync(fileOf('a'))
    const gone = { code: 'WITNESS_STATE_BROKEN', details: { origin: 'a' } }
    await expect(store.read('a')).rejects.toMatchObject(gone)
    await store.close()
    const again = await openWitnessFolder(dir)
    await expect(again.read('a')).rejects.toMatchObject(gone)
    expect(await again.read('b')).toBe(null)
    await again.close()
  })

  it('knows a log that a crash kept out of the list', async () => {
    const store = await openWitnessFolder(dir)
    await store.replace('a', 'note')
    await store.close()
    writeFileSync(join(dir, 'origins'), '')
    const again = await openWitnessFolder(dir)
    expect(await again.read('a')).toBe('note')
    await again.replace('a', 'newer')
    expect(readFileSync(join(dir, 'origins'), 'utf8')).toBe(`${hash('a')}\n`)
    await again.close()
  })

  it('takes what an interrupted replacement left for nothing', async () => {
    const store = await openWitnessFolder(dir)
    await store.replace('a', 'note')
    await store.close()
    writeFileSync(`${fileOf('a')}.new`, 'half a no')
    writeFileSync(`${fileOf('b')}.new`, 'half a no')
    const again = await openWitnessFolder(dir)
    expect(await again.read('a')).toBe('note')
    expect(await again.read('b')).toBe(null)
    await again.close()
  })

  it.each([
    ['cut short', (text: string) => text.slice(0, -10)],
    ['without its last newline', (text: string) => text.slice(0, -1)],
    ['nonsense', () => 'nonsense\n'],
    ['bytes that are no text', () => Buffer.from([0xff, 0x0a])],
  ])('is not opened with a list that is %s', async (_, change) => {
    const store = await openWitnessFolder(dir)
    await store.replace('a', 'note')
    await store.close()
    writeFileSync(join(dir, 'origins'), change(readFileSync(join(dir, 'origins'), 'utf8')))
    await expect(openWitnessFolder(dir)).rejects.toMatchObject({ code: 'WITNESS_STATE_BROKEN' })
  })

  it('writes nothing once its lock was taken away', async () => {
    const store = await openWitnessFolder(dir)
    await store.replace('a', 'note')
    rmSync(join(dir, 'lock'))
    const other = await openWitnessFolder(dir)
    await expect(store.replace('a', 'newer')).rejects.toMatchObject({ code: 'FOLDER_LOCKED' })
    expect(await other.read('a')).toBe('note')
    await store.close()
    await other.close()
  })

  it('gets past a file system that refuses to write', async () => {
    const store = await openWitnessFolder(dir)
    await store.replace('a', 'note')
    mkdirSync(`${fileOf('a')}.new`)
    await expect(store.replace('a', 'newer')).rejects.toThrow()
    expect(await store.read('a')).toBe('note')
    rmSync(`${fileOf('a')}.new`, { recursive: true })
    await store.replace('a', 'newer')
    expect(await store.read('a')).toBe('newer')
    await store.close()
  })

  it('lets nobody else read along', () => {
    expect(statSync(dir).mode & 0o077).toBe(0)
  })
})

describe('the order in which the files of a witness change', () => {
  /** A disk that notes what it is asked, and fails at one of the steps. */
  function watched(failAt: number) {
    const real = folderDisk(dir)
    const steps: string[] = []
    const step = async <T>(name: string, act: () => Promise<T>) => {
      if (steps.length === failAt) throw new Error('EIO')
      steps.push(name)
      return act()
    }
    const disk: Disk = {
      ...real,
      write: (path, bytes) => step(`write ${path}`, () => real.write(path, bytes)),
      rename: (from, to) => step(`rename ${to}`, () => real.rename(from, to)),
      syncFile: (path) => step(`sync ${path}`, () => real.syncFile(path)),
      syncFolder: (path) => step(`sync ${path}/`, () => real.syncFolder(path)),
    }
    return { disk, steps }
  }

  const path = `logs/${hash('a')}`
  const ORDER = [
    `write ${path}.new`,
    `sync ${path}.new`,
    `rename ${path}`,
    'sync logs/',
    'write origins.new',
    'sync origins.new',
    'rename origins',
    'sync /',
  ]

  it('is: content, name, list', async () => {
    const { disk, steps } = watched(Number.POSITIVE_INFINITY)
    const store = await witnessStoreOn(disk, dir, async () => {})
    await store.replace('a', 'note')
    expect(steps).toEqual(ORDER)
    await store.replace('a', 'newer')
    expect(steps.slice(ORDER.length)).toEqual(ORDER.slice(0, 4))
  })

  it.each(ORDER.map((step, i) => [step, i] as const))(
    'leaves the old note or the new where "%s" fails, and says so',
    async (_, failAt) => {
      const store = await witnessStoreOn(watched(failAt).disk, dir, async () => {})
      await expect(store.replace('a', 'note')).rejects.toThrow('EIO')
      const again = await openWitnessFolder(dir)
      expect([null, 'note']).toContain(await again.read('a'))
      await again.replace('a', 'newer')
      expect(await again.read('a')).toBe('newer')
      await again.close()
      const listed = readFileSync(join(dir, 'origins'), 'utf8')
      expect(listed).toBe(`${hash('a')}\n`)
    },
  )
})
