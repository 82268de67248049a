import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WITNESS_BODY_BYTES_MAX } from '../../src/base/limits.ts'
import {
  createWitnessFolder,
  openWitnessFolder,
  type WitnessFolder,
} from '../../src/disk/witness-store.ts'
import type { Running } from '../../src/http/serve.ts'
import { startWitnessServer } from '../../src/http/witness-server.ts'
import { sha256 } from '../../src/tlog/hash.ts'
import { formatNote, parseNote } from '../../src/tlog/note.ts'
import { openCheckpoint, signersOf } from '../../src/tlog/signed.ts'
import {
  bodyOf,
  checkpointOf,
  historyOf,
  LOG,
  OTHER_LOG,
  open as openMemoryWitness,
  STRANGER,
  WITNESS,
} from '../witness/fixture.ts'
import { open, sendRaw, statusOf } from './raw.ts'

const leaves = historyOf(12)
const first = (size: number) => leaves.slice(0, size)
const HASH = sha256(LOG.name).toString('hex')

let dir: string
let store: WitnessFolder
let server: Running
let faults: unknown[]

beforeEach(async () => {
  dir = join(mkdtempSync(join(tmpdir(), 'telltale-witness-')), 'state')
  faults = []
  await createWitnessFolder(dir)
  await start()
})
afterEach(async () => {
  await stop()
  rmSync(join(dir, '..'), { recursive: true, force: true })
})

async function start() {
  store = await openWitnessFolder(dir)
  const witness = await openMemoryWitness(store, { nowMs: Date.now })
  const address = { host: '127.0.0.1', port: 0 }
  server = await startWitnessServer(witness, address, (error) => faults.push(error))
}
async function stop() {
  await server.close()
  await store.close()
}

const add = (body: string | Uint8Array<ArrayBuffer>, path = 'add-checkpoint') =>
  fetch(`${server.url}/${path}`, { method: 'POST', body })

describe('a witness over HTTP', () => {
  it('cosigns, and gives what it cosigned to monitors', async () => {
    const answer = await add(bodyOf(0, first(5)))
    expect(answer.status).toBe(200)
    const lines = await answer.text()
    const note = checkpointOf(first(5))
    const { timeS } = signersOf(parseNote(note + lines), [WITNESS])[0]
    expect(Math.abs(Date.now() / 1000 - (timeS ?? 0))).toBeLessThan(60)

    const latest = await fetch(`${server.url}/${HASH}/checkpoint`)
    expect(latest.status).toBe(200)
    expect(latest.headers.get('content-type')).toBe('text/plain; charset=utf-8')
    const text = await latest.text()
    expect(text).toBe(note + lines)
    expect(openCheckpoint(text, LOG).checkpoint.size).toBe(5)
  })

  it('takes the body whatever type it claims, and none', async () => {
    for (const type of ['application/json', 'text/plain', 'multipart/form-data; boundary=x', 'x']) {
      const init = { method: 'POST', body: bodyOf(0, []), headers: { 'content-type': type } }
      expect((await fetch(`${server.url}/add-checkpoint`, init)).status).toBe(200)
    }
    const body = Buffer.from(bodyOf(0, first(2)))
    const head = `POST /add-checkpoint HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n`
    expect(statusOf(await sendRaw(server.url, Buffer.concat([Buffer.from(head), body])))).toBe(200)
  })

  it('says the size that it knows, in the type that the protocol asks for', async () => {
    await add(bodyOf(0, first(5)))
    const answer = await add(bodyOf(3, first(8)))
    expect(answer.status).toBe(409)
    expect(answer.headers.get('content-type')).toBe('text/x.tlog.size')
    expect(await answer.text()).toBe('5\n')
  })

  it.each([
    [400, 'nonsense', () => 'nonsense'],
    [400, 'nothing', () => ''],
    [400, 'an old size above the new', () => bodyOf(9, first(8))],
    [
      403,
      'the key of a stranger',
      () => bodyOf(5, first(8), { note: checkpointOf(first(8), STRANGER) }),
    ],
    [404, 'an unknown log', () => bodyOf(5, first(8), { note: unknown() })],
    [422, 'a fork', () => bodyOf(5, historyOf(8, 'fork', 4))],
    [422, 'the proof of another log', () => bodyOf(5, first(8), { proof: otherProof() })],
  ])('answers %i to %s, and goes on', async (status, _, body) => {
    await add(bodyOf(0, first(5)))
    const answer = await add(body())
    expect(answer.status).toBe(status)
    expect(await answer.text()).toMatch(/^[^\n]+\n$/)
    expect((await add(bodyOf(5, first(8)))).status).toBe(200)
    expect(faults).toEqual([])
  })

  const unknown = () => checkpointOf(first(8), { ...OTHER_LOG, name: 'log.example/none' })
  const otherProof = () => {
    const [, ...lines] = bodyOf(5, historyOf(8, 'other')).split('\n\n')[0].split('\n')
    return lines.map((line) => Buffer.from(line, 'base64'))
  }

  it('does not reflect what it was sent', async () => {
    const note = formatNote({
      text: '<script>\n1\nx\n',
      signatures: parseNote(checkpointOf([])).signatures,
    })
    const answer = await add(`old 0\n\n${note}`)
    expect(await answer.text()).not.toContain('<script>')
  })

  it('lets one of many at once win', async () => {
    await add(bodyOf(0, first(4)))
    const answers = await Promise.all(
      Array.from({ length: 16 }, (_, i) => add(bodyOf(4, historyOf(6, `fork ${i}`, 4)))),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(15)
  })

  it('refuses a body that is too large, by its length and by its end', async () => {
    const large = new Uint8Array(WITNESS_BODY_BYTES_MAX + 1).fill(0x61)
    const answer = await add(large)
    expect(answer.status).toBe(413)
    expect(await answer.json()).toMatchObject({ code: 'REQUEST_TOO_LARGE' })
    const socket = open(server.url)
    socket.on('error', () => {})
    let text = ''
    socket.on('data', (data) => {
      text += data.toString()
    })
    const closed = new Promise((resolve) => socket.on('close', resolve))
    socket.write('POST /add-checkpoint HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n')
    for (let i = 0; i < 8; i++) socket.write(`10000\r\n${'a'.repeat(0x10000)}\r\n`)
    await closed
    expect([413, Number.NaN]).toContain(statusOf(text))
  })

  it.each([
    ['GET', 'add-checkpoint', 405],
    ['PUT', 'add-checkpoint', 405],
    ['GET', 'sign-subtree', 405],
    ['POST', `${HASH}/checkpoint`, 405],
    ['DELETE', `${HASH}/checkpoint`, 405],
    ['POST', 'add-checkpoint/', 404],
    ['POST', 'Add-Checkpoint', 404],
    ['POST', '', 404],
    ['GET', `${HASH}/checkpoint`, 404],
    ['GET', `${'0'.repeat(64)}/checkpoint`, 404],
    ['GET', `${HASH}/checkpoint/`, 404],
    ['GET', `${HASH.toUpperCase()}/checkpoint`, 404],
    ['GET', `%2e%2e/${HASH}/checkpoint`, 404],
    ['GET', `..%2f${HASH}/checkpoint`, 404],
    ['GET', 'origins', 404],
    ['GET', `logs/${HASH}`, 404],
    ['GET', 'lock', 404],
  ])('answers %s /%s by %i', async (method, path, status) => {
    const answer = await fetch(`${server.url}/${path}`, { method })
    expect(answer.status).toBe(status)
    if (status === 405) expect(answer.headers.get('allow')).toMatch(/^(POST|GET, HEAD)$/)
  })

  it('does not decode the hash of an origin', async () => {
    await add(bodyOf(0, first(5)))
    const encoded = `%${HASH.charCodeAt(0).toString(16)}${HASH.slice(1)}`
    expect((await fetch(`${server.url}/${encoded}/checkpoint`)).status).toBe(404)
    expect((await fetch(`${server.url}/${HASH}/checkpoint?x=1`)).status).toBe(404)
    const head = await fetch(`${server.url}/${HASH}/checkpoint`, { method: 'HEAD' })
    expect(head.status).toBe(200)
    expect(await head.text()).toBe('')
  })

  it('keeps a connection', async () => {
    const socket = open(server.url)
    const request = (body: string) =>
      `POST /add-checkpoint HTTP/1.1\r\nHost: x\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
    let text = ''
    socket.on('data', (data) => {
      text += data.toString()
    })
    socket.write(request(bodyOf(0, first(1))))
    await expect.poll(() => text.match(/HTTP\/1.1 200/g)?.length).toBe(1)
    socket.write(request(bodyOf(1, first(2))))
    await expect.poll(() => text.match(/HTTP\/1.1 200/g)?.length).toBe(2)
    expect(text.toLowerCase()).toContain('connection: keep-alive')
    socket.destroy()
  })

  it('remembers after a restart', async () => {
    await add(bodyOf(0, first(5)))
    await stop()
    await start()
    expect(await (await add(bodyOf(0, first(8)))).text()).toBe('5\n')
    expect((await add(bodyOf(5, historyOf(8, 'fork', 4)))).status).toBe(422)
    expect((await add(bodyOf(5, first(8)))).status).toBe(200)
  })

  it('answers nothing but an error where its memory was changed, and says so to its keeper', async () => {
    await add(bodyOf(0, first(5)))
    writeFileSync(join(dir, 'logs', HASH), '')
    const answer = await add(bodyOf(5, first(8)))
    expect(answer.status).toBe(500)
    expect(await answer.json()).toMatchObject({ code: 'WITNESS_STATE_BROKEN' })
    expect((await fetch(`${server.url}/${HASH}/checkpoint`)).status).toBe(500)
    expect(faults).toHaveLength(2)
    const note = checkpointOf(first(3), OTHER_LOG)
    expect((await add(bodyOf(0, first(3), { note }))).status).toBe(200)
  })
})
