/** The commands on a log, from making it to reading it back. */
import { cpSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { lockFolder } from '../../src/disk/lock.ts'
import { desk } from './cli.ts'
import { type DeskLog, line, lines, makeLog } from './logs.ts'

const here = desk()
afterAll(() => here.clear())

describe('log init', () => {
  it('makes a log, keys that only their owner reads, and prints the verifier key', async () => {
    const dir = join(here.folder, 'made')
    const made = await here.run('log', 'init', dir, '--origin', 'log.example/made')
    expect(made).toMatchObject({ code: 0, err: '' })
    const vkey = readFileSync(join(dir, 'vkey'), 'utf8')
    expect(vkey).toMatch(/^log\.example\/made\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}\n$/)
    expect(made.out).toContain(vkey.trim())
    expect(statSync(`${dir}.keys`).mode & 0o777).toBe(0o700)
    for (const name of readdirSync(`${dir}.keys`)) {
      expect(statSync(join(`${dir}.keys`, name)).mode & 0o077, name).toBe(0)
    }
  })

  it('never writes over anything', async () => {
    const log = await makeLog(here, 'once')
    const again = await here.run('log', 'init', log.dir, '--origin', 'x', '--keys', `${log.dir}.k`)
    expect(again).toMatchObject({ code: 2, err: expect.stringMatching(/^LOG_EXISTS/) })
    const keys = await here.run('log', 'init', `${log.dir}2`, '--origin', 'x', '--keys', log.keys)
    expect(keys).toMatchObject({ code: 2, err: expect.stringMatching(/^KEYS_EXIST/) })
    const full = await here.run('log', 'init', here.folder, '--origin', 'x')
    expect(full).toMatchObject({ code: 2, err: expect.stringMatching(/^FOLDER_NOT_EMPTY/) })
    const name = await here.run('log', 'init', join(here.folder, 'n'), '--origin', 'two words')
    expect(name).toMatchObject({ code: 2, err: expect.stringMatching(/^KEY_INVALID/) })
    const policy = here.file('bad.policy', 'quorum nobody\n')
    const bad = await here.run(
      'log',
      'init',
      join(here.folder, 'p'),
      '--origin',
      'p',
      '--policy',
      policy,
    )
    expect(bad).toMatchObject({ code: 2, err: expect.stringMatching(/^POLICY_INVALID/) })
  })
})

describe('log append', () => {
  it('appends lines, says where, and they come back as they were', async () => {
    const log = await makeLog(here, 'append')
    const first = await here.feed(`${lines(0, 3).join('\n')}\n`, 'log', 'append', log.dir)
    expect(first).toMatchObject({ code: 0, err: '' })
    expect(first.out).toBe(
      'Appended 3 disclosures as entries 0 to 2.\n' +
        'The log has 3 entries; its published checkpoint has 3.\n',
    )
    const more = await here.feed(`\n${line(3)}\n\n${line(4)}`, 'log', 'append', log.dir, '--json')
    expect(JSON.parse(more.out)).toEqual({
      disclosures: 2,
      entries: 2,
      first: 3,
      last: 4,
      notes: [],
      size: 5,
      published: 5,
      unwitnessed: null,
    })
    const all = await here.run('log', 'export', log.dir)
    expect(all.out).toBe(`${lines(0, 5).join('\n')}\n`)
    const none = await here.feed('', 'log', 'append', log.dir)
    expect(none.out).toContain('Nothing to append')
  })

  it('takes what stands before a bad line, nothing after it, and says which', async () => {
    const log = await makeLog(here, 'bad')
    const input = [line(0), line(1), '{"agent":"a"}', line(3)].join('\n')
    const done = await here.feed(input, 'log', 'append', log.dir)
    expect(done.code).toBe(2)
    expect(done.err).toMatch(/^INPUT_LINE: Line 3 .* 2 disclosures, entries 0 to 1\./)
    const none = await here.feed('nope\n', 'log', 'append', log.dir)
    expect(none.err).toMatch(/^INPUT_LINE: Line 1 .* Nothing was appended\./)
    const bytes = [Buffer.from(`${line(2)}\n`), Buffer.of(0xff, 0x0a), Buffer.from(line(3))]
    const notText = await here.feed(bytes, 'log', 'append', log.dir)
    expect(notText.err).toMatch(
      /^INPUT_LINE: Line 2 of the input is not understood: it is not UTF-8/,
    )
    expect((await here.run('log', 'export', log.dir)).out).toBe(`${lines(0, 3).join('\n')}\n`)
  })

  it('takes lines however they are cut into pieces', async () => {
    const log = await makeLog(here, 'pieces')
    const text = Buffer.from(
      `${JSON.stringify({ ...JSON.parse(line(0)), agent: 'Zoë' })}\n${line(1)}`,
    )
    const pieces = Array.from(text, (byte) => Buffer.of(byte))
    expect((await here.feed(pieces, 'log', 'append', log.dir)).code).toBe(0)
    const [first, second] = (await here.run('log', 'export', log.dir)).out.split('\n')
    expect(JSON.parse(first)).toMatchObject({ agent: 'Zoë' })
    expect(second).toBe(line(1))
  })

  it('joins a disclosure that took several entries, when it is exported', async () => {
    const log = await makeLog(here, 'parts')
    const customers = Array.from(
      { length: 9000 },
      (_, i) => `customer-${String(i).padStart(6, '0')}`,
    )
    const text = JSON.stringify({
      ...JSON.parse(line(0)),
      customer: undefined,
      customers,
      queue: 'billing',
    })
    const done = await here.feed(`${text}\n${line(1)}\n`, 'log', 'append', log.dir, '--json')
    const { entries } = JSON.parse(done.out)
    expect(entries).toBeGreaterThan(3)
    const [joined, next] = (await here.run('log', 'export', log.dir)).out.trim().split('\n')
    expect(JSON.parse(joined)).toMatchObject({ customers, queue: 'billing' })
    expect(next).toBe(line(1))
    const part = await here.run('log', 'export', log.dir, '--from', '1', '--to', '2')
    expect(customers).toEqual(expect.arrayContaining(JSON.parse(part.out).customers))
  })

  it('lets only one write at a time', async () => {
    const log = await makeLog(here, 'locked')
    const lock = await lockFolder(log.dir)
    const second = await here.feed(line(0), 'log', 'append', log.dir)
    expect(second).toMatchObject({ code: 3, err: expect.stringMatching(/^FOLDER_LOCKED/) })
    await lock.release()
    expect((await here.feed(line(0), 'log', 'append', log.dir)).code).toBe(0)
  })

  it('does not write to a log whose keys are others, or that is none', async () => {
    const [one, other] = [await makeLog(here, 'k1'), await makeLog(here, 'k2')]
    const mixed = await here.feed(line(0), 'log', 'append', one.dir, '--keys', other.keys)
    expect(mixed).toMatchObject({ code: 3, err: expect.stringMatching(/^LOG_OTHER_KEY/) })
    const gone = await here.feed(line(0), 'log', 'append', join(here.folder, 'gone'))
    expect(gone).toMatchObject({ code: 2, err: expect.stringMatching(/^LOG_MISSING/) })
  })
})

describe('log verify', () => {
  let log: DeskLog
  beforeAll(async () => {
    log = await makeLog(here, 'verify')
    await log.append(lines(0, 300))
  })

  it('says valid to whoever has the key, as text or in a file', async () => {
    const key = here.file('given.vkey', `${log.vkey}\n`)
    for (const given of [log.vkey, key]) {
      const found = await here.run('log', 'verify', log.dir, '--key', given)
      expect(found.out).toMatch(/^VALID {2}log\.example\/desk\n/)
      expect(found).toMatchObject({ code: 0, err: '' })
    }
    const json = await here.run('verify', log.dir, '--key', log.vkey, '--json')
    expect(JSON.parse(json.out)).toMatchObject({
      verdict: 'valid',
      entries: 300,
      checkpoint: { origin: 'log.example/desk', size: 300, signedBy: { name: 'log.example/desk' } },
      findings: [],
    })
  })

  it('cannot tell without a key, nor with the key that lies in the log', async () => {
    const copy = log.copy('without-keys')
    for (const key of [[], ['--key', join(copy, 'vkey')]]) {
      const found = await here.run('log', 'verify', copy, ...key)
      expect(found.code).toBe(2)
      expect(found.out).toMatch(/^CANNOT TELL/)
    }
  })

  it('takes the key beside the log on the machine of whoever runs it, and what it signed last', async () => {
    const mine = await makeLog(here, 'mine')
    await mine.append(lines(0, 5))
    const valid = await here.run('log', 'verify', mine.dir)
    expect(valid).toMatchObject({ code: 0, out: expect.stringContaining('mine.keys signed last') })
    const yesterday = mine.copy('yesterday')
    await mine.append(lines(5, 9))
    cpSync(yesterday, mine.dir, { recursive: true })
    const back = await here.run('log', 'verify', mine.dir)
    expect(back).toMatchObject({ code: 1, out: expect.stringContaining('it is rolled back') })
  })

  it('cannot tell where there is no log, or nothing to read', async () => {
    const gone = await here.run('log', 'verify', join(here.folder, 'gone'), '--key', log.vkey)
    expect(gone).toMatchObject({ code: 2, err: expect.stringMatching(/^FILE_UNREADABLE/) })
    const empty = await here.run('log', 'verify', here.folder, '--key', log.vkey)
    expect(empty).toMatchObject({ code: 2, err: expect.stringMatching(/^LOG_MISSING/) })
    const bad = await here.run('log', 'verify', log.dir, '--key', 'log.example/desk+00000000+AA==')
    expect(bad).toMatchObject({ code: 2, err: expect.stringMatching(/^KEY_INVALID/) })
  })

  it('needs neither the journal nor the vkey file nor the keys', async () => {
    const copy = log.copy('bare')
    for (const name of ['journal', 'vkey', 'lock']) {
      const { rmSync } = await import('node:fs')
      rmSync(join(copy, name), { recursive: true })
    }
    expect((await here.run('log', 'verify', copy, '--key', log.vkey)).code).toBe(0)
  })

  it('remembers what it saw, and demands it the next time', async () => {
    const growing = await makeLog(here, 'growing')
    const memory = join(here.folder, 'memory')
    const verify = () =>
      here.run('log', 'verify', growing.dir, '--key', growing.vkey, '--remember', memory)
    await growing.append(lines(0, 10))
    expect((await verify()).code).toBe(0)
    await growing.append(lines(10, 20))
    const second = await verify()
    expect(second.code).toBe(0)
    expect(second.out.replace(/\s+/g, ' ')).toContain('of 10 entries: only added to since')
    expect(readFileSync(memory, 'utf8')).toBe(readFileSync(join(growing.dir, 'checkpoint'), 'utf8'))
    writeFileSync(memory, 'garbage')
    expect(await verify()).toMatchObject({ code: 2, err: expect.stringMatching(/^KNOWN_INVALID/) })
    expect(readFileSync(memory, 'utf8')).toBe('garbage')
  })
})
