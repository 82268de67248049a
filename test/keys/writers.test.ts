import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { writersOf } from '../../src/http/writers.ts'
import { createKeyFolder } from '../../src/keys/folder.ts'
import { AT_MS, codeOf, ORIGIN, options, ownFolder } from './folders.ts'

async function made() {
  const dir = join(await ownFolder(), 'keys')
  const { writers } = await createKeyFolder(dir, ORIGIN, AT_MS, options())
  return { path: join(dir, 'writers.json'), writers }
}

describe('writers', () => {
  it('are none at first, then those that were added and not removed', async () => {
    const { path, writers } = await made()
    expect(await writers.list()).toEqual([])
    const tokens = [await writers.add('desk-1'), await writers.add('gateway@north')]
    const known = writersOf(await writers.list())
    expect(tokens.map((token) => known.nameOf(token))).toEqual(['desk-1', 'gateway@north'])
    expect(tokens[0]).not.toBe(tokens[1])
    const text = await readFile(path, 'utf8')
    for (const token of tokens) {
      expect(Buffer.from(token.replace('telltale_', ''), 'base64url')).toHaveLength(32)
      expect(text).not.toContain(token.slice(-20))
      expect(text).toContain(createHash('sha256').update(token).digest('hex'))
    }
    await writers.remove('desk-1')
    const left = writersOf(await writers.list())
    expect(tokens.map((token) => left.nameOf(token))).toEqual([null, 'gateway@north'])
  })

  it("get a new token when they are added again, and the old one stays nobody's", async () => {
    const { writers } = await made()
    const old = await writers.add('desk-1')
    await writers.remove('desk-1')
    const fresh = await writers.add('desk-1')
    const known = writersOf(await writers.list())
    expect([old, fresh].map((token) => known.nameOf(token))).toEqual([null, 'desk-1'])
  })

  it.each(['', ' ', 'a b', 'a"b', '-a', '.a', 'ä', 'a\n', 'x'.repeat(65), '__proto__'])(
    'are not called %j',
    async (name) => {
      const { writers } = await made()
      expect(await codeOf(writers.add(name))).toBe('WRITER_NAME')
      expect(await codeOf(writers.remove(name))).toBe('WRITER_NAME')
      expect(await writers.list()).toEqual([])
    },
  )

  it('are not two of one name', async () => {
    const { writers } = await made()
    const token = await writers.add('desk-1')
    expect(await codeOf(writers.add('desk-1'))).toBe('WRITER_NAME')
    expect(writersOf(await writers.list()).nameOf(token)).toBe('desk-1')
  })

  const one = { name: 'a', sha256: '0'.repeat(64) }
  const two = { name: 'b', sha256: '1'.repeat(64) }
  const file = (...list: unknown[]) => `${JSON.stringify({ writers: list })}\n`

  it.each([
    ['no JSON', '{'],
    ['null', 'null\n'],
    ['a list', '[]\n'],
    ['no line break', file(one).trimEnd()],
    ['a key more', file({ ...one, token: 'x' })],
    ['another order', file({ sha256: one.sha256, name: 'a' })],
    ['a name twice', file(one, { ...two, name: 'a' })],
    ['a hash twice', file(one, { ...two, sha256: one.sha256 })],
    ['a hash in capitals', file({ ...one, sha256: 'A'.repeat(64) })],
    ['a shorter hash', file({ ...one, sha256: '0'.repeat(62) })],
    ['a number for a name', file({ ...one, name: 1 })],
    ['an object for a name', file({ ...one, name: { toString: 1 } })],
    ['null for a writer', file(null)],
  ])('are not read from a file with %s', async (_, text) => {
    const { path, writers } = await made()
    await writeFile(path, file(one, two), { mode: 0o600 })
    expect(await writers.list()).toEqual([one, two])
    await writeFile(path, text)
    expect(await codeOf(writers.list())).toBe('KEYS_DAMAGED')
    expect(await codeOf(writers.add('c'))).toBe('KEYS_DAMAGED')
    expect(await readFile(path, 'utf8')).toBe(text)
  })
})
