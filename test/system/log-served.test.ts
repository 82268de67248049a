/** A log that is served, verified over the network. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startLogServer } from '../../src/http/log-server.ts'
import type { Running } from '../../src/http/serve.ts'
import { desk } from './cli.ts'
import { type DeskLog, lines, makeLog } from './logs.ts'

const here = desk()
let log: DeskLog
let server: Running
let copy: string

const serve = (dir: string) =>
  startLogServer({
    dir,
    address: { host: '127.0.0.1', port: 0 },
    onFault: (error) => {
      throw error
    },
  })

beforeAll(async () => {
  log = await makeLog(here)
  await log.append(lines(0, 4000))
  copy = log.copy('served')
  server = await serve(copy)
})
afterAll(async () => {
  await server.close()
  here.clear()
})

async function verify(url: string, ...more: string[]) {
  const found = await here.run('verify', url, '--key', log.vkey, '--json', ...more)
  return { code: found.code, err: found.err, report: JSON.parse(found.out || 'null') }
}

it('is valid as its folder is, also below a path and with the last checkpoint kept', async () => {
  for (const url of [server.url, `${server.url}/`]) {
    const { code, report } = await verify(url, '--remember', join(here.folder, 'memory'))
    expect(code).toBe(0)
    expect(report).toMatchObject({ entries: 4000, verdict: 'valid', target: url })
  }
  expect((await here.run('verify', server.url)).code).toBe(2)
})

it('is found to be changed, and where', async () => {
  const path = join(copy, 'tile/entries/011')
  const whole = readFileSync(path)
  const bytes = Buffer.from(whole)
  bytes[60] ^= 1
  writeFileSync(path, bytes)
  const bent = await verify(server.url)
  expect(bent.code).toBe(1)
  expect(bent.report.findings).toEqual([
    { path: 'tile/entries/011', problem: 'entry 2816 is not the one that was logged' },
  ])
  rmSync(path)
  const gone = await verify(server.url)
  expect(gone.code).toBe(1)
  expect(gone.report.findings).toEqual([{ path: 'tile/entries/011', problem: 'it is missing' }])
  writeFileSync(path, whole)
  expect((await verify(server.url)).code).toBe(0)
})

it('cannot be told where nobody answers, or nothing is served', async () => {
  const empty = await serve(here.folder)
  expect(await verify(empty.url)).toMatchObject({
    code: 2,
    err: expect.stringMatching(/^LOG_MISSING/),
  })
  await empty.close()
  expect(await verify(empty.url)).toMatchObject({
    code: 2,
    err: expect.stringMatching(/^LOG_UNREADABLE/),
  })
  expect(await verify('http://127.0.0.1:1/?x=1')).toMatchObject({
    code: 2,
    err: expect.stringMatching(/^USAGE/),
  })
})
