/** A corrupt administrator at the log's files and keys, and strangers at its port. */
import { execFileSync } from 'node:child_process'
import { chmodSync, cpSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createLogTools } from '../../src/log-tools.ts'
import { desk } from './cli.ts'
import { type DeskLog, line, lines, makeLog } from './logs.ts'

const here = desk()
afterAll(() => here.clear())

let log: DeskLog
/** The log with its keys as they were when it had five entries, and as they are with nine. */
let yesterday: string
let today: string
beforeAll(async () => {
  log = await makeLog(here)
  await log.append(lines(0, 5))
  yesterday = keep('yesterday')
  await log.append(lines(5, 9))
  today = keep('today')
})

function keep(name: string): string {
  const kept = log.copy(name)
  cpSync(log.keys, `${kept}.keys`, { recursive: true })
  return kept
}

/** Puts the log and its keys back to how they were. */
function restore(folder = today): void {
  for (const [to, from] of [
    [log.dir, folder],
    [log.keys, `${today}.keys`],
  ]) {
    rmSync(to, { recursive: true, force: true })
    cpSync(from, to, { recursive: true })
  }
  chmodSync(log.keys, 0o700)
}

const append = (dir = log.dir) =>
  here.feed(`${line(20)}\n`, 'log', 'append', dir, '--keys', log.keys)

const place = { keyService: null }
/** The bytes of an entry, to be appended once more. */
function oneEntry(): Buffer {
  const bundle = readFileSync(join(log.dir, 'tile/entries/000.p/9'))
  return bundle.subarray(2, 2 + bundle.readUInt16BE(0))
}

const openLog = () => createLogTools().open({ ...place, dir: log.dir, keys: log.keys })

describe('what was signed last', () => {
  const signed = () => join(log.keys, 'signed')

  it.each([
    ['gone', () => rmSync(signed())],
    ['emptied', () => writeFileSync(signed(), '')],
    ['older than what is published', () => cpSync(`${yesterday}.keys/signed`, signed())],
  ])('stops the writer where it is %s', async (_, change) => {
    restore()
    change()
    const refused = await append()
    expect(refused).toMatchObject({ code: 3, err: expect.stringMatching(/^SIGNED_LOST/) })
    expect((await here.run('log', 'fsck', log.dir)).code).toBe(1)
  })

  it('is missed by the writer, and by who verifies without options, for whom a log put back would be valid', async () => {
    restore(yesterday)
    rmSync(signed())
    expect((await here.run('log', 'verify', log.dir)).code).toBe(2)
    expect((await append()).err).toMatch(/^SIGNED_LOST/)
  })

  it('is mended with the newest checkpoint that anybody has', async () => {
    restore()
    rmSync(signed())
    cpSync(join(log.dir, 'checkpoint'), signed())
    chmodSync(signed(), 0o600)
    expect(await append()).toMatchObject({ code: 0 })
  })

  it('ends a writer under whose hands it is changed', async () => {
    restore()
    const open = await openLog()
    cpSync(`${yesterday}.keys/signed`, signed())
    await open.sequencer.append([oneEntry()])
    await expect(open.close()).rejects.toMatchObject({ code: 'LOG_STOPPED' })
  })
})

describe('two writers', () => {
  it('do not fork a log by a copy of its folder, whatever locks are removed', async () => {
    restore()
    const copy = log.copy('copy')
    const open = await openLog()
    expect(await append(copy)).toMatchObject({
      code: 3,
      err: expect.stringMatching(/^FOLDER_LOCKED/),
    })
    rmSync(join(log.keys, 'signing'))
    expect(await append(copy)).toMatchObject({ code: 0 })
    const late = open.sequencer.append([oneEntry()])
    await expect(late).rejects.toMatchObject({ code: 'LOG_STOPPED' })
    await open.close()
    expect(await append()).toMatchObject({
      code: 3,
      err: expect.stringMatching(/^LOG_DAMAGED/),
    })
  })

  it('leave the keys to be changed beside them', async () => {
    restore()
    const open = await openLog()
    expect((await here.run('log', 'keys', 'rotate', log.dir)).code).toBe(0)
    await open.close()
  })
})

describe('something else in the place of a file', () => {
  it.each(['checkpoint', 'policy', 'vkey', 'journal/0000000000000009', 'tile/0/000.p/9'])(
    'is not waited for by the writer: a pipe as %s',
    async (path) => {
      restore()
      rmSync(join(log.dir, path), { force: true })
      execFileSync('mkfifo', [join(log.dir, path)])
      const refused = await append()
      expect(refused.code).toBeGreaterThan(1)
      expect(refused.err).toMatch(/^(FILE_UNREADABLE|JOURNAL_DAMAGED)/)
    },
  )

  it('is no failure of ours: a folder, or a file without end', async () => {
    for (const spoil of [
      () => cpSync(join(log.dir, 'journal'), join(log.dir, 'policy'), { recursive: true }),
      () => truncateSync(join(log.dir, 'checkpoint'), 3 * 2 ** 30),
    ]) {
      restore()
      spoil()
      expect((await append()).err).toMatch(/^FILE_UNREADABLE/)
    }
    rmSync(join(log.dir, 'checkpoint'))
  })
})

describe('a policy', () => {
  it('is not lost or exchanged in silence', async () => {
    restore()
    const path = join(log.dir, 'policy')
    writeFileSync(path, 'quorum none\n')
    expect((await append()).code).toBe(0)
    writeFileSync(path, '# none\nquorum none\n')
    expect(await append()).toMatchObject({ code: 3, err: expect.stringMatching(/^POLICY_CHANGED/) })
    rmSync(path)
    expect((await append()).err).toMatch(/^POLICY_CHANGED/)
    rmSync(join(log.keys, 'policy'))
    expect((await append()).code).toBe(0)
  })
})

describe('a stranger at the port', () => {
  it('is refused in the form of all refusals, whatever it sends', async () => {
    restore()
    const at = { ...place, dir: log.dir, keys: log.keys }
    const address = { host: '127.0.0.1', port: 0 }
    const served = await createLogTools().serve(at, address, true, () => {})
    try {
      const port = Number(new URL(served.url).port)
      for (const [sent, status, code] of [
        ['GET /% HTTP/1.1\r\nHost: x\r\n', 404, 'NOT_SERVED'],
        ['GET /tile/%2 HTTP/1.1\r\nHost: x\r\n', 404, 'NOT_SERVED'],
        ['BREW /checkpoint HTTP/1.1\r\nHost: x\r\n', 400, 'REQUEST_INVALID'],
        ['POST /append HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n', 400, 'REQUEST_INVALID'],
        [`GET / HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(99_999)}\r\n`, 431, 'REQUEST_INVALID'],
      ] as const) {
        const answer = await exchange(port, `${sent}Connection: close\r\n\r\n`)
        expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
        expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))).toMatchObject({ code })
      }
    } finally {
      await served.close()
    }
  })
})

function exchange(port: number, sent: string): Promise<string> {
  return new Promise((resolve) => {
    let answer = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(sent))
    socket.on('data', (bytes) => (answer += bytes))
    socket.on('error', () => {})
    socket.on('close', () => resolve(answer))
  })
}
