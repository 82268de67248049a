import {
  chmod,
  link,
  mkdir,
  open,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { lockFolder } from '../../src/disk/lock.ts'
import { createKeyFolder, openKeyFolder } from '../../src/keys/folder.ts'
import { parseSkey } from '../../src/tlog/vkey.ts'
import { AT_MS, codeOf, made, ORIGIN, options, ownFolder } from './folders.ts'

const modeOf = async (path: string) => (await stat(path)).mode & 0o777

describe('a keys folder', () => {
  it('is made so that only its owner can read it, and opens as what it was made', async () => {
    const { dir, keys } = await made()
    await keys.memory.write('note\n')
    await keys.writers.add('desk-1')
    expect(await modeOf(dir)).toBe(0o700)
    const names = await readdir(dir)
    expect(names.sort()).toEqual(['epochs.json', 'signed', 'signer', 'writers.json'])
    for (const name of names) expect(await modeOf(join(dir, name)), name).toBe(0o600)
    const opened = await openKeyFolder(dir, options())
    expect(opened.signer).toEqual(keys.signer)
    expect(opened.signer.name).toBe(ORIGIN)
    expect(opened.ring.current()).toEqual(keys.ring.current())
    expect(await opened.memory.read()).toBe('note\n')
    expect(parseSkey((await readFile(join(dir, 'signer'), 'utf8')).trimEnd())).toEqual(keys.signer)
  })

  it('has keys that no other has', async () => {
    const [one, other] = [(await made()).keys, (await made()).keys]
    expect(one.signer.seed).not.toEqual(other.signer.seed)
    expect(one.ring.current().key).not.toEqual(other.ring.current().key)
  })

  it('is never made over anything', async () => {
    const { dir } = await made()
    const before = await readFile(join(dir, 'epochs.json'))
    expect(await codeOf(createKeyFolder(dir, ORIGIN, AT_MS, options()))).toBe('KEYS_EXIST')
    await rm(join(dir, 'signer'))
    expect(await codeOf(createKeyFolder(dir, ORIGIN, AT_MS, options()))).toBe('KEYS_EXIST')
    expect(await readFile(join(dir, 'epochs.json'))).toEqual(before)
  })

  it('is not made where its name or place will not do', async () => {
    const base = await ownFolder()
    const at = (dir: string, origin: string) => createKeyFolder(dir, origin, AT_MS, options())
    expect(await codeOf(at(join(base, 'a'), 'two words'))).toBe('KEY_INVALID')
    expect(await codeOf(at(join(base, 'missing/a'), ORIGIN))).toBe('FILE_UNWRITABLE')
    expect(await readdir(base)).toEqual([])
  })

  it.each([0o604, 0o640, 0o620, 0o602, 0o644, 0o666, 0o610])(
    'is not opened while others have access to a file of it (mode %o)',
    async (mode) => {
      for (const name of ['signer', 'epochs.json']) {
        const { dir } = await made()
        await chmod(join(dir, name), mode)
        expect(await codeOf(openKeyFolder(dir, options()))).toBe('KEYS_EXPOSED')
        await chmod(join(dir, name), 0o600)
        expect(await codeOf(openKeyFolder(dir, options()))).toBeNull()
      }
    },
  )

  it('gives no writers and no memory from files that others have access to', async () => {
    const { dir, keys } = await made()
    await keys.memory.write('note\n')
    await keys.writers.add('desk-1')
    await chmod(join(dir, 'writers.json'), 0o644)
    await chmod(join(dir, 'signed'), 0o622)
    expect(await codeOf(keys.writers.list())).toBe('KEYS_EXPOSED')
    expect(await codeOf(keys.memory.read())).toBe('KEYS_EXPOSED')
  })

  it.each([0o755, 0o750, 0o701, 0o711])(
    'is not opened while others may enter it (mode %o)',
    async (mode) => {
      const { dir } = await made()
      await chmod(dir, mode)
      expect(await codeOf(openKeyFolder(dir, options()))).toBe('KEYS_EXPOSED')
    },
  )

  it('looks at the file that a link leads to', async () => {
    const { dir } = await made()
    const elsewhere = join(dir, '..', 'elsewhere')
    await writeFile(elsewhere, await readFile(join(dir, 'signer')), { mode: 0o644 })
    await rm(join(dir, 'signer'))
    await symlink(elsewhere, join(dir, 'signer'))
    expect(await codeOf(openKeyFolder(dir, options()))).toBe('KEYS_EXPOSED')
  })

  it('is not opened where something of it is missing or no file', async () => {
    const base = await ownFolder()
    expect(await codeOf(openKeyFolder(join(base, 'none'), options()))).toBe('KEYS_MISSING')
    await writeFile(join(base, 'file'), '')
    expect(await codeOf(openKeyFolder(join(base, 'file'), options()))).toBe('KEYS_MISSING')
    for (const name of ['signer', 'epochs.json']) {
      const { dir } = await made()
      await rm(join(dir, name))
      expect(await codeOf(openKeyFolder(dir, options()))).toBe('KEYS_DAMAGED')
      await mkdir(join(dir, name), { mode: 0o700 })
      expect(await codeOf(openKeyFolder(dir, options()))).toBe('KEYS_DAMAGED')
    }
  })

  it.each([
    ['an empty file', () => '', 'KEYS_DAMAGED'],
    ['no line break', (text: string) => text.trimEnd(), 'KEYS_DAMAGED'],
    ['a byte changed', (text: string) => text.replace('example', 'exbmple'), 'KEY_INVALID'],
    ['a public key', (text: string) => text.replace('PRIVATE+KEY+', ''), 'KEY_INVALID'],
    ['too much', (text: string) => text + ' '.repeat(2 << 20), 'KEYS_DAMAGED'],
  ])('is not opened with a signer of %s', async (_, edit, code) => {
    const { dir } = await made()
    const path = join(dir, 'signer')
    await writeFile(path, edit(await readFile(path, 'utf8')))
    const opening = openKeyFolder(dir, options())
    expect(await codeOf(opening)).toBe(code)
    await opening.catch((error) => expect(error.message).not.toMatch(/[A-Za-z0-9+/]{40}/))
  })
})

describe('a change', () => {
  it('overwrites what it replaces, and removes it', async () => {
    const { dir, keys } = await made()
    const path = join(dir, 'epochs.json')
    const before = await readFile(path)
    const old = await open(path, 'r')
    await keys.ring.rotate(AT_MS + 1)
    const after = await old.readFile()
    await old.close()
    expect(after).toEqual(Buffer.alloc(before.length))
    expect((await readdir(dir)).sort()).toEqual(['epochs.json', 'signer'])
    expect(await readFile(path, 'utf8')).toContain('"epoch":2')
  })

  it('overwrites what one before left when it was interrupted, wherever that was', async () => {
    const { dir, keys } = await made()
    const path = join(dir, 'epochs.json')
    const text = await readFile(path)
    // Before the rename: a half of the new file, and the old one under both its names.
    await writeFile(`${path}.new`, text.subarray(0, 50), { mode: 0o600 })
    await link(path, `${path}.old`)
    const fresh = await open(`${path}.new`, 'r')
    expect((await openKeyFolder(dir, options())).ring.current()).toEqual(keys.ring.current())
    await keys.ring.rotate(AT_MS + 1)
    expect(await fresh.readFile()).toEqual(Buffer.alloc(50))
    await fresh.close()
    // After it: the old content under its second name.
    await writeFile(`${path}.old`, text, { mode: 0o600 })
    const old = await open(`${path}.old`, 'r')
    await keys.ring.rotate(AT_MS + 2)
    expect(await old.readFile()).toEqual(Buffer.alloc(text.length))
    await old.close()
    expect((await readdir(dir)).sort()).toEqual(['epochs.json', 'signer'])
    const opened = await openKeyFolder(dir, options())
    expect(opened.ring.epochs()).toHaveLength(3)
    expect((await opened.ring.key(1)).key).toEqual((await keys.ring.key(1)).key)
  })

  it('never overwrites the content that counts, though a second name is left of it', async () => {
    const { dir } = await made()
    const path = join(dir, 'epochs.json')
    const text = await readFile(path, 'utf8')
    await link(path, `${path}.old`)
    // What would follow the overwriting fails.
    await mkdir(`${path}.new`)
    const keys = await openKeyFolder(dir, options())
    expect(await codeOf(keys.ring.rotate(AT_MS + 1))).toBe('FILE_UNWRITABLE')
    expect(await readFile(path, 'utf8')).toBe(text)
  })

  it('that cannot be written is reported, and the old keys stay', async () => {
    const { dir, keys } = await made()
    await mkdir(join(dir, 'epochs.json.new'))
    expect(await codeOf(keys.ring.rotate(AT_MS + 1))).toBe('FILE_UNWRITABLE')
    expect(keys.ring.current().epoch).toBe(1)
    expect((await openKeyFolder(dir, options())).ring.epochs()).toHaveLength(1)
  })

  it('waits for another of this process, and is refused by the lock of another process', async () => {
    const { dir } = await made()
    const own = options()
    const keys = await openKeyFolder(dir, own)
    await Promise.all([
      keys.ring.rotate(AT_MS + 1),
      keys.ring.rotate(AT_MS + 2),
      keys.writers.add('desk-1'),
      keys.writers.add('desk-2'),
      codeOf(keys.writers.add('desk-1')),
      keys.ring.destroy(1, AT_MS + 3),
    ])
    expect(own.held()).toBe(0)
    expect(keys.ring.epochs().map(({ destroyedMs }) => destroyedMs !== null)).toEqual([
      true,
      false,
      false,
    ])
    expect(await keys.writers.list()).toHaveLength(2)
    const held = await own.lock(dir)
    expect(await codeOf(keys.ring.rotate(AT_MS))).toBe('FOLDER_LOCKED')
    await held.release()
    expect(await codeOf(keys.ring.rotate(AT_MS))).toBeNull()
  })

  it('works with the lock of the file system', async () => {
    const { dir } = await made()
    const [one, other] = [
      await openKeyFolder(dir, { service: null, lock: lockFolder }),
      await openKeyFolder(dir, { service: null, lock: lockFolder }),
    ]
    await one.ring.rotate(AT_MS + 1)
    const held = await lockFolder(dir)
    expect(await codeOf(one.ring.rotate(AT_MS + 2))).toBe('FOLDER_LOCKED')
    await held.release()
    await other.ring.rotate(AT_MS + 2)
    expect(other.ring.epochs()).toHaveLength(3)
    expect((await other.ring.key(2)).key).toEqual(one.ring.current().key)
  })
})
