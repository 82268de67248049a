import { beforeEach, describe, expect, it } from 'vitest'
import {
  createGatherer,
  type ProofFrom,
  type WitnessClient,
} from '../../src/sequencer/witnesses.ts'
import { parseNote } from '../../src/tlog/note.ts'
import { requireQuorum } from '../../src/tlog/quorum.ts'
import { checkpointOf, LOG } from '../witness/fixture.ts'
import { first, KEYS, policy, policyOf, proofIn, threeWitnesses } from './three-witnesses.ts'

let { asked, clients } = await threeWitnesses()
beforeEach(async () => {
  ;({ asked, clients } = await threeWitnesses())
})

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
    for (const requests of asked) requests.length = 0
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
