/** One entry of a log: proven, opened, handed to somebody else; and what the operator checks. */
import {
  appendFileSync,
  chmodSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { lockFolder } from '../../src/disk/lock.ts'
import { entriesOf, frameHead, spell } from '../../src/sequencer/frames.ts'
import { desk } from './cli.ts'
import { type DeskLog, line, lines, makeLog, ORIGIN } from './logs.ts'

const here = desk()
afterAll(() => here.clear())

let log: DeskLog
beforeAll(async () => {
  log = await makeLog(here)
  await log.append(lines(0, 300))
})

const at = (name: string) => join(here.folder, name)
const verify = (...argv: string[]) => here.run('verify', ...argv, '--key', log.vkey)

describe('log prove', () => {
  it('writes a receipt that proves this entry and no other', async () => {
    const [receipt, entry, other] = [at('7.tlog-proof'), at('7.entry'), at('8.entry')]
    const proved = await here.run(
      'log',
      'prove',
      log.dir,
      '7',
      '--out',
      receipt,
      '--entry-out',
      entry,
    )
    expect(proved).toEqual({ code: 0, out: '', err: '' })
    await here.run('log', 'prove', log.dir, '8', '--out', at('8'), '--entry-out', other)
    const found = await verify(receipt, '--entry', entry)
    expect(found).toMatchObject({ code: 0, out: expect.stringMatching(/^VALID/) })
    expect(found.out).toContain('number 7 of the log is this one')
    const wrong = await verify(receipt, '--entry', other)
    expect(wrong).toMatchObject({ code: 1, out: expect.stringMatching(/^TAMPERED/) })
    const noKey = await here.run('verify', receipt, '--entry', entry)
    expect(noKey).toMatchObject({ code: 2, out: expect.stringMatching(/^CANNOT TELL/) })
    expect(await verify(receipt)).toMatchObject({ code: 2, err: expect.stringMatching(/--entry/) })
    const shown = await here.run('log', 'prove', log.dir, '7')
    expect(shown.out).toBe(readFileSync(receipt, 'utf8'))
  })

  it('refuses an entry that is not there, or not what the checkpoint says', async () => {
    const none = await here.run('log', 'prove', log.dir, '300')
    expect(none).toMatchObject({ code: 2, err: expect.stringMatching(/^ENTRY_ABSENT/) })
    expect((await here.run('log', 'prove', log.dir, '007')).err).toMatch(/^USAGE/)
    const copy = log.copy('bent')
    const bytes = readFileSync(join(copy, 'tile/entries/000'))
    bytes[40] ^= 1
    writeFileSync(join(copy, 'tile/entries/000'), bytes)
    const bent = await here.run('log', 'prove', copy, '0')
    expect(bent).toMatchObject({ code: 3, err: expect.stringMatching(/^LOG_DAMAGED.*entry 0/) })
  })

  it('keeps a receipt as proof of an earlier state', async () => {
    await here.run('log', 'prove', log.dir, '7', '--out', at('old.tlog-proof'))
    const yesterday = log.copy('short')
    await log.append(lines(300, 310))
    await here.run('log', 'prove', log.dir, '7', '--out', at('new.tlog-proof'))
    expect((await verify(log.dir, '--known', at('old.tlog-proof'))).code).toBe(0)
    expect((await verify(yesterday, '--known', at('new.tlog-proof'))).code).toBe(1)
  })
})

describe('log open', () => {
  it('shows the disclosure as it was appended', async () => {
    const opened = await here.run('log', 'open', log.dir, '9')
    expect(opened).toMatchObject({ code: 0, err: '' })
    const { index, epoch, pseudonym, part, parts, ...disclosure } = JSON.parse(opened.out)
    expect(disclosure).toEqual(JSON.parse(line(9)))
    expect([index, epoch, part, parts]).toEqual([9, 1, 1, 1])
    expect(pseudonym).toMatch(/^A-[0-9A-Z]{8}$/)
    const all = readFileSync(join(log.dir, 'tile/entries/000'), 'latin1')
    expect(all).toContain(pseudonym)
    expect(all).not.toContain('agent-2')
  })

  it('writes an opening that shows this one entry to whoever has no keys', async () => {
    const file = at('9.opening.json')
    const made = await here.run('log', 'open', log.dir, '9', '--for-third-party', file)
    expect(made.code).toBe(0)
    expect(statSync(file).mode & 0o077).toBe(0)
    const found = await verify(file)
    expect(found.code).toBe(0)
    expect(found.out).toContain('agent-2')
    expect(found.out).toContain('C9')
    const opening = readFileSync(file, 'utf8')
    for (const at of [30, 700, opening.length - 60]) {
      const bent = `${opening.slice(0, at)}${opening[at] === 'B' ? 'C' : 'B'}${opening.slice(at + 1)}`
      const refused = await verify(here.file('bent.json', bent))
      expect([1, 2], String(at)).toContain(refused.code)
      expect(refused.out).not.toContain('agent-2')
    }
    const stranger = await makeLog(here, 'stranger')
    const other = await here.run('verify', file, '--key', stranger.vkey)
    expect(other.code).toBe(1)
    expect(other.out).not.toContain('agent-2')
  })

  it('cannot open without the keys of the log', async () => {
    const gone = await here.run('log', 'open', log.dir, '9', '--keys', at('none'))
    expect(gone).toMatchObject({ code: 2, err: expect.stringMatching(/^KEYS_MISSING/) })
  })
})

describe('log fsck', () => {
  const fsck = (dir: string, ...more: string[]) => here.run('log', 'fsck', dir, ...more)

  it('finds nothing in a log that is as it was written', async () => {
    const found = await fsck(log.dir)
    expect(found).toMatchObject({ code: 0, err: '' })
    expect(found.out).toMatch(/^IN ORDER/)
    expect(found.out).toMatch(/Epoch 1: 310 disclosures\./)
  })

  /** A copy whose journal still holds these entries, from number 300 on. */
  function withJournal(name: string, entries: readonly Buffer[]): { dir: string; path: string } {
    const dir = log.copy(name)
    for (const one of readdirSync(join(dir, 'journal'))) rmSync(join(dir, 'journal', one))
    const path = join(dir, 'journal', '0000000000000300')
    const batch = { first: 300, count: entries.length, payload: spell(entries) }
    writeFileSync(path, Buffer.concat([frameHead(ORIGIN, batch), batch.payload]))
    return { dir, path }
  }

  it('finds a bit changed in the journal, another entry in it, and a journal that was cut', async () => {
    const bundle = readFileSync(join(log.dir, 'tile/entries/001.p/54'))
    const last = (entriesOf(bundle) ?? []).slice(44)
    const check = (dir: string) => fsck(dir, '--keys', log.keys)
    const { dir, path } = withJournal('journal', last)
    expect((await check(dir)).code).toBe(0)
    const bytes = readFileSync(path)
    for (const at of [5, 25, 90, bytes.length - 1]) {
      const bent = Buffer.from(bytes)
      bent[at] ^= 1
      writeFileSync(path, bent)
      const found = await check(dir)
      expect(found.code, String(at)).toBe(1)
      expect(found.out, String(at)).toContain('journal: ')
    }
    const other = withJournal('journal-other', [
      ...last.slice(0, 4),
      last[5],
      last[4],
      ...last.slice(6),
    ])
    const exchanged = await check(other.dir)
    expect(exchanged.code).toBe(1)
    expect(exchanged.out.replace(/\s+/g, ' ')).toContain(
      'journal: entry 304 is not the one published',
    )
    const short = await check(withJournal('journal-short', last.slice(0, 5)).dir)
    expect(short.code).toBe(1)
    expect(short.out.replace(/\s+/g, ' ')).toContain('it ends at entry 305, before the checkpoint')
    rmSync(path)
    expect((await check(dir)).code).toBe(1)
  })

  it('finds that what was signed is gone, older, or of another history', async () => {
    const path = join(log.keys, 'signed')
    const newest = readFileSync(path)
    try {
      writeFileSync(path, readFileSync(join(here.folder, 'short', 'checkpoint')))
      expect((await fsck(log.dir)).out.replace(/\s+/g, ' ')).toContain(
        'it is older than what is published',
      )
      rmSync(path)
      expect((await fsck(log.dir)).out.replace(/\s+/g, ' ')).toContain(
        'nothing remembers what was signed',
      )
      writeFileSync(path, 'garbage', { mode: 0o600 })
      expect((await fsck(log.dir)).code).toBe(1)
    } finally {
      writeFileSync(path, newest, { mode: 0o600 })
    }
    expect((await fsck(log.dir)).code).toBe(0)
    const rolledBack = await fsck(join(here.folder, 'short'), '--keys', log.keys)
    expect(rolledBack.code).toBe(1)
    expect(rolledBack.out.replace(/\s+/g, ' ')).toContain('310 entries were signed')
  })

  it('refuses keys that others can read', async () => {
    for (const name of ['epochs.json', 'signer']) {
      chmodSync(join(log.keys, name), 0o644)
      expect(await fsck(log.dir)).toMatchObject({
        code: 2,
        err: expect.stringMatching(/^KEYS_EXPOSED/),
      })
      chmodSync(join(log.keys, name), 0o600)
    }
  })

  it('says where an epoch is missing', async () => {
    const path = join(log.keys, 'epochs.json')
    const epochs = readFileSync(path, 'utf8')
    const other = await makeLog(here, 'epochs')
    writeFileSync(path, readFileSync(join(other.keys, 'epochs.json')))
    // Another key of the same number: entries are there but do not open.
    expect((await here.run('log', 'open', log.dir, '1')).err).toMatch(/^ENTRY_UNOPENED/)
    writeFileSync(path, epochs)
  })

  it('leaves the journal to whoever writes', async () => {
    const lock = await lockFolder(log.dir)
    const found = await fsck(log.dir)
    await lock.release()
    expect(found.code).toBe(0)
    expect(found.out).toContain('its journal was not checked')
  })

  it('tells of a write that was never finished, which is no fault', async () => {
    const copy = log.copy('torn')
    const journal = readdirSync(join(copy, 'journal')).sort()
    appendFileSync(join(copy, 'journal', journal[journal.length - 1]), 'TTJ1abc')
    const found = await fsck(copy, '--keys', log.keys)
    expect(found.code).toBe(0)
    expect(found.out).toContain('7 bytes of a write that was never acknowledged')
  })
})
