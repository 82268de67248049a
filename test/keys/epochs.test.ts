import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openKeyFolder } from '../../src/keys/folder.ts'
import { sealersOf } from '../../src/sequencer/keyring.ts'
import { disclosure, idsFrom } from '../tlog/disclosures.ts'
import { AT_MS, codeOf, made, options } from './folders.ts'

describe('a destroyed epoch', () => {
  it('cannot be opened any more, by this process or any after; the others can', async () => {
    const { dir, keys } = await made()
    const sealers = sealersOf(keys.ring)
    const entries: Buffer[] = []
    for (let epoch = 1; epoch <= 3; epoch++) {
      if (epoch > 1) await keys.ring.rotate(AT_MS + epoch)
      entries.push(sealers.current().seal(disclosure({ agent: `a${epoch}` }), idsFrom(epoch))[0])
      expect(sealers.current().epoch).toBe(epoch)
    }
    const { key } = await keys.ring.key(2)
    const secret = Buffer.from(key).toString('base64')
    expect(await readFile(join(dir, 'epochs.json'), 'utf8')).toContain(secret)
    expect(await keys.ring.destroy(2, AT_MS + 9)).toBe(AT_MS + 9)
    for (const name of await readdir(dir)) {
      expect(await readFile(join(dir, name), 'utf8'), name).not.toContain(secret)
    }
    const after = sealersOf((await openKeyFolder(dir, options())).ring)
    for (const one of [sealers, after]) {
      expect(await codeOf(one.of(2))).toBe('EPOCH_DESTROYED')
      for (const epoch of [1, 3]) {
        const opened = (await one.of(epoch)).open(entries[epoch - 1])
        expect(opened.disclosure?.agent).toBe(`a${epoch}`)
      }
      expect(await codeOf(one.of(4))).toBe('EPOCH_UNKNOWN')
      const last = await one.of(3)
      expect(() => last.open(entries[1])).toThrow('epoch 2')
    }
  })

  it('is destroyed once: a second time tells when, and changes nothing', async () => {
    const { keys } = await made()
    await keys.ring.rotate(AT_MS + 1)
    await keys.ring.destroy(1, AT_MS + 2)
    expect(await keys.ring.destroy(1, AT_MS + 3)).toBe(AT_MS + 2)
    expect(await codeOf(keys.ring.destroy(2, AT_MS))).toBe('EPOCH_IN_USE')
    for (const epoch of [0, 3, 1.5]) {
      expect(await codeOf(keys.ring.destroy(epoch, AT_MS))).toBe('EPOCH_UNKNOWN')
    }
  })

  it('is noticed by another process that refreshes', async () => {
    const { dir, keys } = await made()
    const other = await openKeyFolder(dir, options())
    await keys.ring.rotate(AT_MS + 1)
    await keys.ring.destroy(1, AT_MS + 2)
    expect(other.ring.current().epoch).toBe(1)
    await other.ring.refresh()
    expect(other.ring.current()).toEqual(keys.ring.current())
    expect(await codeOf(other.ring.key(1))).toBe('EPOCH_DESTROYED')
  })
})

describe('epochs.json', () => {
  it.each<[string, (text: string) => string]>([
    ['nothing', () => ''],
    ['no JSON', () => '{'],
    ['null', () => 'null\n'],
    ['no epochs', () => '{"epochs":[]}\n'],
    ['epochs that are none', () => '{"epochs":[null,1,"a",[]]}\n'],
    ['a space', (text) => text.replace(':', ': ')],
    ['no line break', (text) => text.trimEnd()],
    ['a key more', (text) => text.replace('"from"', '"to":1,"from"')],
    ['another first number', (text) => text.replace('"epoch":1', '"epoch":2')],
    ['a time before the first', (text) => text.replace(/"from":\d+/, '"from":-1')],
    ['a time that is no number', (text) => text.replace(/"from":\d+/, '"from":"x"')],
    ['a shorter key', (text) => text.replace(/"key":"[^"]+"/, '"key":"AAAA"')],
    ['a key of another spelling', (text) => text.replace('=', '')],
    ['a key and its destruction', (text) => text.replace(/("key":"[^"]+")/, '$1,"destroyed":1')],
    ['neither key nor destruction', (text) => text.replace(/,"key":"[^"]+"/, '')],
    ['a last epoch destroyed', (text) => text.replace(/"key":"[^"]+"/, '"destroyed":1')],
    ['nothing wrapped', (text) => text.replace(/"key":"[^"]+"/, '"wrapped":""')],
    [
      'a destruction that no calendar has',
      (text) =>
        text.replace('{"epoch":1', '{"epoch":1,"from":0,"destroyed":9007199254740991},{"epoch":2'),
    ],
  ])('is refused with %s, and no key is said', async (_, edit) => {
    const { dir } = await made()
    const path = join(dir, 'epochs.json')
    const text = await readFile(path, 'utf8')
    expect(edit(text)).not.toBe(text)
    await writeFile(path, edit(text))
    const opening = openKeyFolder(dir, options())
    expect(await codeOf(opening)).toBe('KEYS_DAMAGED')
    await opening.catch((error) => expect(error.message).not.toMatch(/[A-Za-z0-9+/]{40}/))
  })
})
