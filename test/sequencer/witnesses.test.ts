import { beforeEach, describe, expect, it } from 'vitest'
import {
  createGatherer,
  type ProofFrom,
  type WitnessClient,
  type WitnessReply,
  type WitnessRequest,
} from '../../src/sequencer/witnesses.ts'
import { parseNote, parseSignatures } from '../../src/tlog/note.ts'
import { type Policy, parsePolicy } from '../../src/tlog/policy.ts'
import { requireQuorum } from '../../src/tlog/quorum.ts'
import { formatVkey, KEY_TYPE, signingKey } from '../../src/tlog/vkey.ts'
import type { Witness } from '../../src/witness/witness.ts'
import {
  bodyOf,
  checkpointOf,
  historyOf,
  LOG,
  open,
  proofOf,
  seedOf,
  storeInMemory,
} from '../witness/fixture.ts'

const leaves = historyOf(40)
const first = (size: number) => leaves.slice(0, size)
const KEYS = ['one', 'two', 'three'].map((name) =>
  signingKey(`${name}.example`, KEY_TYPE.cosignature, seedOf(name)),
)

function policyOf(quorum: string): Policy {
  const witnesses = KEYS.map((key, i) => `witness w${i} ${formatVkey(key)}\n`).join('')
  const group = quorum === 'none' ? 'none' : 'g'
  const line = quorum === 'none' ? '' : `group g ${quorum} w0 w1 w2\n`
  return parsePolicy(`log ${formatVkey(LOG)}\n${witnesses}${line}quorum ${group}\n`)
}
const policy = policyOf('2')

/** Real witnesses without a network between. */
let witnesses: Witness[]
let stores: ReturnType<typeof storeInMemory>[]
let asked: WitnessRequest[][]
let clients: WitnessClient[]

beforeEach(async () => {
  stores = KEYS.map(() => storeInMemory())
  witnesses = await Promise.all(KEYS.map((key, i) => open(stores[i], { keys: [key] })))
  asked = KEYS.map(() => [])
  clients = KEYS.map((_, i) => ({
    witnesses: [policy.witnesses[i]],
    add: async (request) => {
      asked[i].push(request)
      return replyOf(witnesses[i], request)
    },
    latest: async (origin) => stores[i].notes.get(origin) ?? null,
  }))
})

async function replyOf(witness: Witness, { oldSize, proof, note }: WitnessRequest) {
  const body = bodyOf(oldSize, [], { proof, note })
  const { status, body: text } = await witness.addCheckpoint(Buffer.from(body))
  const replies: Record<number, WitnessReply> = {
    409: { kind: 'conflict', size: Number(text) },
    422: { kind: 'unproven' },
  }
  if (status === 200) return { kind: 'cosigned' as const, signatures: parseSignatures(text) }
  return replies[status] ?? { kind: 'refused' as const, reason: text }
}

/** A proof out of the history that the log has. */
const proofIn = (history: readonly Buffer[]) => async (oldSize: number) => proofOf(oldSize, history)

const send = (history: readonly Buffer[], gatherer = createGatherer(policy, LOG, clients)) =>
  gatherer.gather(checkpointOf(history), proofIn(history))

const never = () => new Promise<never>(() => {})
const kinds = ({ outcomes }: { outcomes: readonly { kind: string }[] }) =>
  outcomes.map(({ kind }) => kind)

describe('asking the witnesses', () => {
  it('gathers a cosignature of each', async () => {
    const gathered = await send(first(5))
    expect(kinds(gathered)).toEqual(['cosigned', 'cosigned', 'cosigned'])
    expect(gathered.isQuorum).toBe(true)
    expect(gathered.note.startsWith(checkpointOf(first(5)))).toBe(true)
    expect(requireQuorum(policy, parseNote(gathered.note)).cosigned).toHaveLength(3)
  })

  it('remembers where each is, so that the next takes one request', async () => {
    const gatherer = createGatherer(policy, LOG, clients)
    for (const size of [3, 4, 9, 9]) await send(first(size), gatherer)
    expect(asked[0].map(({ oldSize }) => oldSize)).toEqual([0, 3, 4, 9])
  })

  it('learns where each is', async () => {
    await send(first(7))
    asked = KEYS.map(() => [])
    const gathered = await send(first(20))
    expect(kinds(gathered)).toEqual(['cosigned', 'cosigned', 'cosigned'])
    expect(asked.map((requests) => requests.map(({ oldSize }) => oldSize))).toEqual(
      KEYS.map(() => [0, 7]),
    )
  })

  it('has a quorum without those who are gone', async () => {
    clients[1] = { ...clients[1], add: async () => ({ kind: 'unreachable', reason: 'gone' }) }
    const gathered = await send(first(5))
    expect(kinds(gathered)).toEqual(['cosigned', 'unreachable', 'cosigned'])
    expect(gathered.isQuorum).toBe(true)
  })

  it('does not wait for who never answers once there are enough', async () => {
    clients[2] = { ...clients[2], add: never }
    const gathered = await send(first(5))
    expect(kinds(gathered)).toEqual(['cosigned', 'cosigned', 'unreachable'])
    expect(gathered.isQuorum).toBe(true)
  })

  it('waits a little for one more', async () => {
    const { add } = clients[2]
    clients[2] = {
      ...clients[2],
      add: async (request, signal) => {
        await new Promise((resolve) => setTimeout(resolve, 20))
        return add(request, signal)
      },
    }
    expect(kinds(await send(first(5)))).toEqual(['cosigned', 'cosigned', 'cosigned'])
  })

  it('gives up on those who never answer, and tells them', async () => {
    const told: boolean[] = []
    for (const i of [1, 2]) {
      const add: WitnessClient['add'] = (_, signal) => {
        signal.addEventListener('abort', () => told.push(true))
        return never()
      }
      clients[i] = { ...clients[i], add }
    }
    const gathered = await send(first(5))
    expect(kinds(gathered)).toEqual(['cosigned', 'unreachable', 'unreachable'])
    expect(gathered.isQuorum).toBe(false)
    expect(told).toEqual([true, true])
  })

  it('keeps what came too late out of what it returned, and goes on', async () => {
    let letGo = () => {}
    const gate = new Promise<void>((resolve) => {
      letGo = resolve
    })
    const { add } = clients[2]
    clients[2] = {
      ...clients[2],
      add: async (request, signal) => {
        await gate
        return add(request, signal)
      },
    }
    const gatherer = createGatherer(policy, LOG, clients)
    const gathered = await send(first(5), gatherer)
    const { note } = gathered
    letGo()
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(gathered.note).toBe(note)
    expect(kinds(gathered)).toEqual(['cosigned', 'cosigned', 'unreachable'])
    expect(kinds(await send(first(6), gatherer))).toEqual(['cosigned', 'cosigned', 'cosigned'])
  })

  it.each([
    ['none', [true, true, true, true]],
    ['any', [false, true, true, true]],
    ['2', [false, false, true, true]],
    ['all', [false, false, false, true]],
  ])('counts by the policy: %s', async (quorum, expected) => {
    const other = policyOf(quorum)
    for (const [count, isQuorum] of expected.entries()) {
      const some = clients.map((client, i): WitnessClient => {
        const own = { ...client, witnesses: [other.witnesses[i]] }
        return i < count ? own : { ...own, add: async () => ({ kind: 'refused', reason: 'x' }) }
      })
      const gathered = await send(first(5), createGatherer(other, LOG, some))
      expect(gathered.outcomes.filter(({ kind }) => kind === 'cosigned')).toHaveLength(count)
      expect(gathered.isQuorum).toBe(isQuorum)
    }
  })

  it('passes on that the log cannot prove', async () => {
    await send(first(5))
    const gatherer = createGatherer(policy, LOG, clients)
    const fails: ProofFrom = async () => {
      throw new Error('a tile is gone')
    }
    await expect(gatherer.gather(checkpointOf(first(9)), fails)).rejects.toThrow('a tile is gone')
  })
})
