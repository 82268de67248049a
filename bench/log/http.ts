// What the network costs: appends through the HTTP endpoint into a log that takes them at once, and
// checkpoints cosigned by a witness with its fsyncs. Usage: bench/log/http.ts
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createWitnessFolder, openWitnessFolder } from '../../src/disk/witness-store.ts'
import { createAppendClient } from '../../src/http/append-client.ts'
import { startLogServer } from '../../src/http/log-server.ts'
import { createWitnessClients } from '../../src/http/witness-client.ts'
import { startWitnessServer } from '../../src/http/witness-server.ts'
import { writersOf } from '../../src/http/writers.ts'
import { createGatherer } from '../../src/sequencer/witnesses.ts'
import { EMPTY_EDGE, growFrom, rootOf } from '../../src/tlog/edge.ts'
import { sha256 } from '../../src/tlog/hash.ts'
import { parsePolicy } from '../../src/tlog/policy.ts'
import { signCheckpoint } from '../../src/tlog/signed.ts'
import { formatVkey, KEY_TYPE, signingKey } from '../../src/tlog/vkey.ts'
import { openWitness } from '../../src/witness/witness.ts'

const SECONDS = 3
const LOCAL = { host: '127.0.0.1', port: 0 }
const onFault = (error: unknown) => {
  throw error
}

/** Runs `act` by so many callers at once; returns how often a second, and percentiles in ms. */
async function rate(callers: number, act: () => Promise<void>): Promise<[number, number, number]> {
  const times: number[] = []
  const start = performance.now()
  const call = async () => {
    while (performance.now() - start < SECONDS * 1000) {
      const before = performance.now()
      await act()
      times.push(performance.now() - before)
    }
  }
  await Promise.all(Array.from({ length: callers }, call))
  times.sort((a, b) => a - b)
  const at = (share: number) => times[Math.floor(share * (times.length - 1))]
  return [times.length / SECONDS, at(0.5), at(0.99)]
}

function print(name: string, each: number, [perSecond, median, p99]: [number, number, number]) {
  const figures = `${Math.round(perSecond * each)}/s, median ${median.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms`
  console.log(`${name}: ${figures}`)
}

async function benchAppend(): Promise<void> {
  const token = 'token'
  const sha = createHash('sha256').update(token).digest('hex')
  let size = 0
  const append = async (lines: readonly string[]) => {
    size += lines.length
    return { first: size - lines.length, count: lines.length }
  }
  const server = await startLogServer({
    dir: '.',
    address: LOCAL,
    append: { writers: writersOf([{ name: 'desk', sha256: sha }]), port: { append } },
    onFault,
  })
  const client = createAppendClient({ url: server.url, token })
  const line = JSON.stringify({ agent: 'agent-17', customer: 'C-100234', at: 1_700_000_000_000 })
  for (const [callers, lines] of [
    [1, 1],
    [8, 1],
    [8, 64],
    [8, 512],
  ]) {
    const batch = Array.from({ length: lines }, () => line)
    const figures = await rate(callers, async () => void (await client.append(batch)))
    print(`appends over HTTP, ${callers} callers, ${lines} a request`, lines, figures)
  }
  client.close()
  await server.close()
}

async function benchWitnesses(count: number): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'telltale-bench-'))
  const log = signingKey('log.example', KEY_TYPE.ed25519, sha256('log'))
  const keys = Array.from({ length: count }, (_, i) =>
    signingKey(`w${i}.example`, KEY_TYPE.cosignature, sha256(`witness ${i}`)),
  )
  const running = await Promise.all(
    keys.map(async (key, i) => {
      const dir = join(root, String(i))
      await createWitnessFolder(dir)
      const store = await openWitnessFolder(dir)
      const logs = new Map([[log.name, [log]]])
      const witness = await openWitness({ keys: [key], logs, store, nowMs: Date.now })
      return startWitnessServer(witness, LOCAL, onFault)
    }),
  )
  const lines = keys
    .map((key, i) => `witness w${i} ${formatVkey(key)} ${running[i].url}\n`)
    .join('')
  const members = keys.map((_, i) => `w${i}`).join(' ')
  const policy = parsePolicy(`${lines}group g all ${members}\nquorum g\n`)
  const { clients, close } = createWitnessClients(policy)
  const gatherer = createGatherer(policy, log, clients)
  const growing = growFrom(EMPTY_EDGE)
  growing.grow(sha256('entry'), () => {})
  const head = rootOf(growing.edge())
  let round = 0
  const figures = await rate(1, async () => {
    // Another text each time, so that no witness answers from what it kept.
    const text = signCheckpoint(
      { origin: log.name, size: 1, root: head, extensions: [String(round++)] },
      log,
    )
    const { isQuorum } = await gatherer.gather(text, async () => [])
    if (!isQuorum) throw new Error('no quorum')
  })
  print(`checkpoints cosigned by ${count} witnesses`, 1, figures)
  close()
  for (const one of running) await one.close()
  rmSync(root, { recursive: true, force: true })
}

await benchAppend()
for (const count of [1, 3]) await benchWitnesses(count)
