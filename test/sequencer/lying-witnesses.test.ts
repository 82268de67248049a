import { beforeEach, describe, expect, it } from 'vitest'
import { cosignWith } from '../../src/sequencer/cosign.ts'
import {
  createGatherer,
  type WitnessClient,
  type WitnessReply,
} from '../../src/sequencer/witnesses.ts'
import { cosign } from '../../src/tlog/cosignature.ts'
import { parseNote } from '../../src/tlog/note.ts'
import { requireQuorum } from '../../src/tlog/quorum.ts'
import { KEY_TYPE, signingKey } from '../../src/tlog/vkey.ts'
import { checkpointOf, historyOf, LOG, STRANGER, seedOf } from '../witness/fixture.ts'
import { first, KEYS, policy, proofIn, threeWitnesses } from './three-witnesses.ts'

let { clients } = await threeWitnesses()
beforeEach(async () => {
  ;({ clients } = await threeWitnesses())
})

const send = (history: readonly Buffer[], gatherer = createGatherer(policy, LOG, clients)) =>
  gatherer.gather(checkpointOf(history), proofIn(history))

const kinds = ({ outcomes }: { outcomes: readonly { kind: string }[] }) =>
  outcomes.map(({ kind }) => kind)

describe('a witness that lies', () => {
  const reply = (answer: WitnessReply) => async () => answer
  const lie = (add: WitnessClient['add'], latest = clients[0].latest) => {
    clients[0] = { ...clients[0], add, latest }
  }
  const text = (size: number) => parseNote(checkpointOf(first(size))).text

  it.each([
    ['with nothing', () => []],
    ['with the key of another', () => [cosign(KEYS[1], text(5), 1_700_000_000)]],
    ['another checkpoint', () => [cosign(KEYS[0], text(4), 1_700_000_000)]],
    ['without a time', () => [cosign(KEYS[0], text(5), 0)]],
    [
      'twice, once badly',
      () => [cosign(KEYS[0], text(5), 1_700_000_000), cosign(KEYS[0], text(4), 1_700_000_000)],
    ],
    ['with a key of its own choice', () => [cosign(strange(), text(5), 1_700_000_000)]],
  ])('does not count: it cosigns %s', async (_, signatures) => {
    lie(reply({ kind: 'cosigned', signatures: signatures() }))
    const gathered = await send(first(5))
    expect(kinds(gathered)).toEqual(['refused', 'cosigned', 'cosigned'])
    expect(requireQuorum(policy, parseNote(gathered.note)).cosigned).toHaveLength(2)
  })

  const strange = () => signingKey(KEYS[0].name, KEY_TYPE.cosignature, seedOf('strange'))

  it('cannot add a line of anybody else', async () => {
    const own = cosign(KEYS[0], text(5), 1_700_000_000)
    const others = [cosign(strange(), text(5), 1), cosign(KEYS[1], text(4), 1)]
    lie(reply({ kind: 'cosigned', signatures: [...others, own] }))
    const gathered = await send(first(5))
    expect(kinds(gathered)).toEqual(['cosigned', 'cosigned', 'cosigned'])
    expect(parseNote(gathered.note).signatures).toHaveLength(4)
    expect(requireQuorum(policy, parseNote(gathered.note)).cosigned).toHaveLength(3)
  })

  it('is asked only so often: it names another size each time', async () => {
    let size = 0
    let calls = 0
    lie(async () => {
      calls++
      size = (size + 1) % 4
      return { kind: 'conflict', size }
    })
    expect(kinds(await send(first(5)))[0]).toBe('refused')
    expect(calls).toBe(3)
  })

  it('proves nothing: it says that it is ahead', async () => {
    lie(reply({ kind: 'conflict', size: 1000 }))
    const gathered = await send(first(5))
    expect(gathered.outcomes[0]).toEqual({ kind: 'ahead', size: 1000, isProven: false })
    expect(gathered.isQuorum).toBe(true)
  })

  it.each([
    ['nothing', async () => null],
    ['nonsense', async () => 'nonsense'],
    ['the checkpoint of a stranger', async () => checkpointOf(first(30), STRANGER)],
    ['a smaller checkpoint', async () => checkpointOf(first(4))],
  ])('proves nothing: it is ahead and shows %s', async (_, latest) => {
    lie(reply({ kind: 'conflict', size: 30 }), latest)
    const cosigner = cosignWith(createGatherer(policy, LOG, clients), () => {})
    expect(await cosigner(checkpointOf(first(5)), proofIn(first(5)))).toContain('two.example')
    expect((await send(first(5))).outcomes[0]).toMatchObject({ kind: 'ahead', isProven: false })
  })

  it('is not believed that a proof does not hold which does', async () => {
    await send(first(5))
    lie(reply({ kind: 'unproven' }))
    expect((await send(first(9))).outcomes[0]).toEqual({
      kind: 'refused',
      reason: 'it rejects a proof that holds',
    })
  })

  it('is asked anew the next time', async () => {
    const { add } = clients[0]
    let isLying = true
    lie(async (request, signal) =>
      isLying ? { kind: 'conflict', size: 1000 } : add(request, signal),
    )
    const gatherer = createGatherer(policy, LOG, clients)
    expect(kinds(await send(first(5), gatherer))).toEqual(['ahead', 'cosigned', 'cosigned'])
    isLying = false
    expect(kinds(await send(first(6), gatherer))).toEqual(['cosigned', 'cosigned', 'cosigned'])
  })
})

describe('a log that was tampered with', () => {
  const cosigner = () => cosignWith(createGatherer(policy, LOG, clients), () => {})

  it('is stopped where it was put back: a witness shows what its key signed', async () => {
    await send(first(20))
    const gathered = await send(first(9))
    expect(gathered.outcomes).toEqual(KEYS.map(() => ({ kind: 'ahead', size: 20, isProven: true })))
    expect(gathered.isQuorum).toBe(false)
    await expect(cosigner()(checkpointOf(first(9)), proofIn(first(9)))).rejects.toMatchObject({
      code: 'LOG_ROLLED_BACK',
      details: { size: 9, signed: 20 },
    })
  })

  it.each([
    ['grew', 25],
    ['has as many entries', 20],
  ])('is stopped where another history of it %s', async (_, size) => {
    await send(first(20))
    const fork = historyOf(size, 'fork', 12)
    const gathered = await send(fork)
    expect(gathered.outcomes).toEqual(
      KEYS.map(() => ({ kind: 'forked', size: 20, isProven: true })),
    )
    await expect(cosigner()(checkpointOf(fork), proofIn(fork))).rejects.toMatchObject({
      code: 'LOG_FORKED',
    })
  })

  it('is stopped by one witness that has proof, although the others would do', async () => {
    const only = createGatherer(policy, LOG, [clients[0]])
    await send(historyOf(10, 'secret'), only)
    const fork = first(12)
    expect(kinds(await send(fork))).toEqual(['forked', 'cosigned', 'cosigned'])
    await expect(cosigner()(checkpointOf(fork), proofIn(fork))).rejects.toMatchObject({
      code: 'LOG_FORKED',
    })
  })

  it('is not published without a quorum, and then is', async () => {
    const told: boolean[] = []
    const silent = clients.map((client, i) =>
      i === 0
        ? client
        : { ...client, add: async () => ({ kind: 'unreachable' as const, reason: 'x' }) },
    )
    const note = checkpointOf(first(5))
    const withFew = cosignWith(createGatherer(policy, LOG, silent), ({ isQuorum }) =>
      told.push(isQuorum),
    )
    expect(await withFew(note, proofIn(first(5)))).toBe(null)
    expect(told).toEqual([false])
    expect(await cosigner()(note, proofIn(first(5)))).toContain(note)
  })
})
