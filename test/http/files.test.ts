import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startLogServer } from '../../src/http/log-server.ts'
import type { Running } from '../../src/http/serve.ts'
import { parseTilePath, tilePath } from '../../src/tlog/tile.ts'
import { sendRaw, statusOf } from './raw.ts'

const CHECKPOINT = 'log.example\n300\nhash\n\n— log.example signature\n'
const files = {
  checkpoint: Buffer.from(CHECKPOINT),
  'tile/0/000': randomBytes(8192),
  'tile/0/001.p/44': randomBytes(44 * 32),
  'tile/1/000.p/1': randomBytes(32),
  'tile/0/x001/234': randomBytes(8192),
  'tile/entries/000': Buffer.from('{"header":"repeated"}'.repeat(1000)),
  'tile/entries/001.p/44': randomBytes(5000),
  'tile/entries/002': Buffer.alloc(0),
}
const hidden = ['vkey', 'policy', 'lock', 'journal/0000000000000000', 'tile/note', 'tile/0/00']

let root: string
let server: Running

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'telltale-files-'))
  const dir = join(root, 'log')
  const put = (path: string, bytes: Uint8Array | string) => {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, bytes)
  }
  for (const [path, bytes] of Object.entries(files)) put(join(dir, path), bytes)
  for (const path of hidden) put(join(dir, path), 'SECRET')
  put(join(root, 'log.keys/signer'), 'SECRET')
  put(join(root, 'checkpoint'), 'SECRET')
  mkdirSync(join(dir, 'tile/2/000'), { recursive: true })
  execFileSync('mkfifo', [join(dir, 'tile/0/003')])
  const address = { host: '127.0.0.1', port: 0 }
  server = await startLogServer({ dir, address, onFault: (error) => expect.fail(String(error)) })
})

afterAll(async () => {
  await server.close()
  rmSync(root, { recursive: true, force: true })
})

const get = (path: string, init?: RequestInit) => fetch(`${server.url}/${path}`, init)

describe('the files of a log over HTTP', () => {
  it.each(Object.keys(files))('serves %s', async (path) => {
    const answer = await get(path)
    const bytes = Buffer.from(await answer.arrayBuffer())
    expect(answer.status).toBe(200)
    expect(bytes.equals(files[path as keyof typeof files])).toBe(true)
    const isCheckpoint = path === 'checkpoint'
    expect(answer.headers.get('content-type')).toBe(
      isCheckpoint ? 'text/plain; charset=utf-8' : 'application/octet-stream',
    )
    expect(answer.headers.get('cache-control')).toMatch(isCheckpoint ? /^no-cache$/ : /immutable/)
  })

  it.each(Object.keys(files))('answers HEAD for %s with its length', async (path) => {
    const answer = await get(path, { method: 'HEAD', headers: { 'accept-encoding': 'identity' } })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-length')).toBe(
      String(files[path as keyof typeof files].length),
    )
    expect(await answer.text()).toBe('')
  })

  it.each([
    ['gzip', true],
    ['br, gzip;q=0.5', true],
    ['GZIP', true],
    ['identity', false],
    ['gzip;q=0', false],
    ['gzip; q=0.00', false],
    ['br', false],
    ['xgzip', false],
  ])('packs a bundle for a client that accepts %s: %s', async (accepted, packs) => {
    const path = 'tile/entries/000'
    const answer = await get(path, { headers: { 'accept-encoding': accepted } })
    expect(answer.headers.get('content-encoding')).toBe(packs ? 'gzip' : null)
    expect(answer.headers.get('vary')).toBe('accept-encoding')
    expect(Buffer.from(await answer.arrayBuffer()).equals(files[path])).toBe(true)
    const tile = await get('tile/0/000', { headers: { 'accept-encoding': accepted } })
    expect(tile.headers.get('content-encoding')).toBe(null)
    expect((await tile.arrayBuffer()).byteLength).toBe(8192)
  })

  it.each([
    ...hidden,
    '',
    'tile',
    'tile/',
    'tile/0',
    'tile/0/',
    'tile/0/002',
    'tile/0/000/',
    'tile/0/000.p/256',
    'tile/0/000.p/0',
    'tile/0/001.p/044',
    'tile/0/001.p/-1',
    'tile/0/-01',
    'tile/0/0',
    'tile/0/0000',
    'tile/00/000',
    'tile/-1/000',
    'tile/64/000',
    'tile/0/x000/000',
    'tile/0/x001/x234',
    'tile/2/000',
    'tile/0/003',
    'tile/0/000?',
    'tile/0/000?x=1',
    'tile/0/000#',
    'tile/0/%30%30%30',
    'tile/0/000%00',
    'tile/0/000%2f',
    'tile//0/000',
    '/tile/0/000',
    'TILE/0/000',
    'checkpoint/',
    'checkpoint?x',
    'checkpoin%74',
    'tile/../vkey',
    'tile/0/../../vkey',
    'tile/0/%2e%2e/%2e%2e/vkey',
    'tile/..%2fvkey',
    'tile/0/..%5c..%5cvkey',
    '../checkpoint',
    '%2e%2e/checkpoint',
    'tile/../../checkpoint',
    'tile/../../log.keys/signer',
    'tile/%252e%252e/vkey',
    '.%00./vkey',
    '%ff',
    '%',
    'tile/0/%',
  ])('serves nothing at /%s', async (path) => {
    const request = `GET /${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`
    const answer = await sendRaw(server.url, request)
    // A `#` never gets onto the wire from a browser; whatever it is, it is no path of a tile.
    expect([400, 404]).toContain(statusOf(answer))
    expect(answer).not.toContain('SECRET')
    expect(answer).not.toMatch(/\.[jt]s:\d/)
  })

  it('serves nothing at whatever is no path of a tile', async () => {
    const piece = fc.constantFrom('tile', '0', '000', '.', '/', '%2e', 'x001', 'p', '..', '\\', '1')
    const paths = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''))
    await fc.assert(
      fc.asyncProperty(paths, async (path) => {
        const request = `GET /${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`
        const status = statusOf(await sendRaw(server.url, request))
        const tile = parseTilePath(path)
        if (status === 200) expect(tile && tilePath(tile)).toBe(path)
        else expect([400, 404]).toContain(status)
      }),
      { numRuns: 200, seed: 1 },
    )
  })

  it.each([
    ['POST', 'checkpoint', 'GET, HEAD'],
    ['PUT', 'tile/0/000', 'GET, HEAD'],
    ['DELETE', 'tile/0/000', 'GET, HEAD'],
    ['OPTIONS', 'checkpoint', 'GET, HEAD'],
  ])('refuses %s /%s and says what it takes', async (method, path, allowed) => {
    const answer = await get(path, { method })
    expect(answer.status).toBe(405)
    expect(answer.headers.get('allow')).toBe(allowed)
    expect(await answer.json()).toMatchObject({ code: 'METHOD_NOT_ALLOWED' })
  })

  it('has no append endpoint where it was given none', async () => {
    const answer = await get('append', { method: 'POST', body: '{}' })
    expect(answer.status).toBe(404)
  })

  it('follows a checkpoint that is replaced', async () => {
    const path = join(root, 'log', 'checkpoint')
    writeFileSync(path, 'newer')
    expect(await (await get('checkpoint')).text()).toBe('newer')
    writeFileSync(path, CHECKPOINT)
  })

  it.each([
    ['no HTTP', 'nonsense\r\n\r\n'],
    [
      'two lengths',
      'POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
    ],
    [
      'a length and chunks',
      'POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['headers without end', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`],
  ])('ends a connection that sends %s', async (_, bytes) => {
    const answer = await sendRaw(server.url, bytes)
    expect(statusOf(answer)).toBeGreaterThanOrEqual(400)
    expect(statusOf(answer)).toBeLessThan(500)
  })
})
