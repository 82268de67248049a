import { createServer, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WITNESS_ANSWER_BYTES_MAX } from '../../src/base/limits.ts'
import type { Running } from '../../src/http/serve.ts'
import { createWitnessClients, type WitnessClients } from '../../src/http/witness-client.ts'
import { startWitnessServer } from '../../src/http/witness-server.ts'
import { createGatherer } from '../../src/sequencer/witnesses.ts'
import { cosign } from '../../src/tlog/cosignature.ts'
import { formatSignatures, parseNote } from '../../src/tlog/note.ts'
import { parsePolicy } from '../../src/tlog/policy.ts'
import { requireQuorum } from '../../src/tlog/quorum.ts'
import { formatVkey, KEY_TYPE, signingKey } from '../../src/tlog/vkey.ts'
import {
  checkpointOf,
  historyOf,
  LOG,
  OTHER_LOG,
  open,
  proofOf,
  seedOf,
  storeInMemory,
  WITNESS,
} from '../witness/fixture.ts'
import { TEST_TLS } from './tls.ts'

const leaves = historyOf(20)
const first = (size: number) => leaves.slice(0, size)
const signal = () => AbortSignal.timeout(20_000)
const vkey = formatVkey(WITNESS)

let opened: { close(): unknown }[]
beforeEach(() => {
  opened = []
})
afterEach(async () => {
  for (const one of opened) await one.close()
})

async function witnessOn(tls?: typeof TEST_TLS, key = WITNESS): Promise<Running> {
  const witness = await open(storeInMemory(), { keys: [key] })
  const address = { host: '127.0.0.1', port: 0, ...(tls && { tls }) }
  const running = await startWitnessServer(witness, address, (error) => expect.fail(String(error)))
  opened.push(running)
  return running
}

function clientsFor(urls: readonly string[], ca?: string, keys = [WITNESS]): WitnessClients {
  const lines = urls.map((url, i) => `witness w${i} ${formatVkey(keys[i])} ${url}\n`)
  const clients = createWitnessClients(parsePolicy(`${lines.join('')}quorum none\n`), ca)
  opened.push(clients)
  return clients
}

const request = (oldSize: number, size: number) => ({
  oldSize,
  proof: proofOf(oldSize, first(size)),
  note: checkpointOf(first(size)),
})

describe('the client of a witness', () => {
  it('gets a checkpoint cosigned, learns a size, and reads what the witness shows', async () => {
    const { url } = await witnessOn()
    const [client] = clientsFor([`${url}/`]).clients
    expect(await client.latest(LOG.name, signal())).toBe(null)
    const reply = await client.add(request(0, 5), signal())
    expect(reply).toEqual({
      kind: 'cosigned',
      signatures: [expect.objectContaining({ id: WITNESS.id })],
    })
    expect(await client.add(request(0, 9), signal())).toEqual({ kind: 'conflict', size: 5 })
    expect((await client.add(request(5, 9), signal())).kind).toBe('cosigned')
    const fork = historyOf(12, 'fork', 8)
    const forked = { oldSize: 9, proof: proofOf(9, fork), note: checkpointOf(fork) }
    expect(await client.add(forked, signal())).toEqual({ kind: 'unproven' })
    expect(await client.latest(LOG.name, signal())).toContain(
      parseNote(checkpointOf(first(9))).text,
    )
  })

  it.each([
    ['an unknown log', { ...OTHER_LOG, name: 'log.example/none' }, 'it does not know this log'],
    ['an unknown key', { ...OTHER_LOG, name: LOG.name }, 'it does not trust the key of this log'],
  ])('says why it was refused: %s', async (_, key, reason) => {
    const { url } = await witnessOn()
    const [client] = clientsFor([url]).clients
    const note = checkpointOf(first(3), key)
    const reply = await client.add({ oldSize: 0, proof: [], note }, signal())
    expect(reply).toEqual({ kind: 'refused', reason })
  })

  it('reaches a witness below a path and over TLS', async () => {
    const { url } = await witnessOn(TEST_TLS)
    expect(
      (await clientsFor([url], TEST_TLS.cert).clients[0].add(request(0, 5), signal())).kind,
    ).toBe('cosigned')
    expect((await clientsFor([url]).clients[0].add(request(0, 5), signal())).kind).toBe(
      'unreachable',
    )
    expect(
      await clientsFor([`${url}/deeper`], TEST_TLS.cert).clients[0].add(request(0, 5), signal()),
    ).toEqual({
      kind: 'refused',
      reason: 'it does not know this log',
    })
  })

  it('is one for each address', () => {
    const policy = parsePolicy(`witness a ${vkey}\nquorum none\n`)
    expect(createWitnessClients(policy).clients).toEqual([])
    const keys = [WITNESS, signingKey('x', KEY_TYPE.cosignature, seedOf('x'))]
    const { clients } = clientsFor(['https://w.example', 'https://w.example/'], undefined, keys)
    expect(clients.map(({ witnesses }) => witnesses.length)).toEqual([2])
  })

  it.each(['nonsense', 'ftp://w.example', 'https://w.example/?x=1', 'file:///etc/passwd'])(
    'refuses the address %s',
    (url) => {
      expect(() => clientsFor([url])).toThrow(expect.objectContaining({ code: 'USAGE' }))
    },
  )
})

describe('a witness that misbehaves', () => {
  async function against(
    answer: (socket: Socket) => void,
  ): Promise<{ server: Server; url: string }> {
    const server = createServer((incoming) => answer(incoming.socket))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    opened.push({
      close: () => {
        server.closeAllConnections()
        server.close()
      },
    })
    return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
  }

  const response = (status: number, body: string, head = '') =>
    `HTTP/1.1 ${status} X\r\n${head}Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`
  const SIZE = 'Content-Type: text/x.tlog.size\r\n'

  it.each([
    ['hangs up', '', 'unreachable'],
    ['is no server', 'nonsense\r\n\r\n', 'unreachable'],
    ['fails', response(500, 'x'), 'unreachable'],
    ['has no time', response(503, 'x'), 'unreachable'],
    ['sends elsewhere', response(302, '', 'Location: http://127.0.0.1:1/\r\n'), 'unreachable'],
    ['breaks off', 'HTTP/1.1 200 X\r\nContent-Length: 900\r\n\r\nhalf', 'unreachable'],
    [
      'talks without end',
      `HTTP/1.1 200 X\r\n\r\n${'x'.repeat(2 * WITNESS_ANSWER_BYTES_MAX)}`,
      'unreachable',
    ],
    ['has no lines', response(200, ''), 'refused'],
    ['has half a line', response(200, '— witness.example AAAA'), 'refused'],
    ['has a page', response(200, '<html>\n'), 'refused'],
    ['names no size', response(409, '', SIZE), 'refused'],
    ['names a negative size', response(409, '-1\n', SIZE), 'refused'],
    ['names a size with zeros', response(409, '005\n', SIZE), 'refused'],
    ['names a size without end', response(409, '5', SIZE), 'refused'],
    ['names a size beyond numbers', response(409, '9007199254740993\n', SIZE), 'refused'],
    [
      'names a size in another type',
      response(409, '5\n', 'Content-Type: text/plain\r\n'),
      'refused',
    ],
    ['names a size', response(409, '5\n', SIZE), 'conflict'],
  ])('%s', async (_, bytes, kind) => {
    const { url } = await against((socket) => socket.end(bytes))
    const [client] = clientsFor([url]).clients
    expect((await client.add(request(0, 5), signal())).kind).toBe(kind)
    const latest = await client.latest(LOG.name, signal())
    if (!bytes.startsWith('HTTP/1.1 200')) expect(latest).toBe(null)
  })

  it('answers a byte at a time: it is left when nobody waits any more', async () => {
    const { url } = await against((socket) => {
      socket.write('HTTP/1.1 200 X\r\nContent-Length: 1000\r\n\r\n')
      const timer = setInterval(() => socket.write('x'), 10)
      socket.on('error', () => {})
      socket.on('close', () => clearInterval(timer))
    })
    const [client] = clientsFor([url]).clients
    const reply = await client.add(request(0, 5), AbortSignal.timeout(100))
    expect(reply.kind).toBe('unreachable')
    expect((await client.add(request(0, 5), AbortSignal.abort())).kind).toBe('unreachable')
  })

  it('is one of three, and the checkpoint is published all the same', async () => {
    const keys = ['one', 'two', 'three'].map((name) =>
      signingKey(`${name}.example`, KEY_TYPE.cosignature, seedOf(name)),
    )
    const bad = await against((socket) =>
      socket.end(
        response(200, formatSignatures([cosign(WITNESS, `x\n1\n${'A'.repeat(43)}=\n`, 9)])),
      ),
    )
    const good = await Promise.all([witnessOn(undefined, keys[1]), witnessOn(undefined, keys[2])])
    const urls = [bad.url, ...good.map(({ url }) => url)]
    const lines = keys.map((key, i) => `witness w${i} ${formatVkey(key)} ${urls[i]}\n`).join('')
    const policy = parsePolicy(`log ${formatVkey(LOG)}\n${lines}group g 2 w0 w1 w2\nquorum g\n`)
    const clients = createWitnessClients(policy)
    opened.push(clients)
    const gatherer = createGatherer(policy, LOG, clients.clients)
    for (const size of [2, 3, 17]) {
      const proofFrom = async (old: number) => proofOf(old, first(size))
      const gathered = await gatherer.gather(checkpointOf(first(size)), proofFrom)
      expect(gathered.outcomes.map(({ kind }) => kind)).toEqual(['refused', 'cosigned', 'cosigned'])
      expect(requireQuorum(policy, parseNote(gathered.note)).checkpoint.size).toBe(size)
    }
  })
})
