import { beforeEach, describe, expect, it } from 'vitest'
import { WITNESS_WAITING_MAX } from '../../src/base/limits.ts'
import type { Witness } from '../../src/witness/witness.ts'
import { bodyOf, checkpointOf, historyOf, OTHER_LOG, open, storeInMemory } from './fixture.ts'

const leaves = historyOf(20)
const first = (size: number) => leaves.slice(0, size)

let store: ReturnType<typeof storeInMemory>
let witness: Witness
let nowMs: number
beforeEach(async () => {
  store = storeInMemory()
  nowMs = 1_700_000_000_000
  witness = await open(store, { nowMs: () => nowMs })
})

const ask = (body: string | Uint8Array) => witness.addCheckpoint(Buffer.from(body as string))
const statusOf = async (body: string | Uint8Array) => (await ask(body)).status

describe('requests at once', () => {
  /** Holds the next replacement until it is let go. */
  function gate() {
    let open = () => {}
    const opened = new Promise<void>((resolve) => {
      open = resolve
    })
    store.before = () => opened
    return open
  }

  it('lets one of two with the same old size win', async () => {
    await ask(bodyOf(0, first(4)))
    const letGo = gate()
    const both = [ask(bodyOf(4, first(6))), ask(bodyOf(4, first(9)))]
    letGo()
    expect(await Promise.all(both)).toEqual([
      { status: 200, body: expect.any(String) },
      { status: 409, body: '6\n' },
    ])
  })

  it('does not roll back where a smaller one is written late', async () => {
    await ask(bodyOf(0, first(4)))
    const letGo = gate()
    const small = ask(bodyOf(4, first(5)))
    const large = ask(bodyOf(4, first(12)))
    const next = ask(bodyOf(5, first(12)))
    letGo()
    expect((await small).status).toBe(200)
    expect(await large).toEqual({ status: 409, body: '5\n' })
    expect((await next).status).toBe(200)
    expect(await ask(bodyOf(5, first(6)))).toEqual({ status: 409, body: '12\n' })
  })

  it('lets one of many win, whatever fork they are of', async () => {
    const forks = Array.from({ length: 20 }, (_, i) => historyOf(5 + (i % 3), `fork ${i}`))
    const answers = await Promise.all(forks.map((fork) => ask(bodyOf(0, fork))))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(19)
  })

  it('has only so many wait, and none of another log', async () => {
    await ask(bodyOf(0, first(4)))
    const letGo = gate()
    const waiting = Array.from({ length: WITNESS_WAITING_MAX }, () => ask(bodyOf(4, first(5))))
    expect((await ask(bodyOf(4, first(5)))).status).toBe(503)
    store.before = async () => {}
    const other = checkpointOf(first(3), OTHER_LOG)
    expect(await statusOf(bodyOf(0, first(3), { note: other }))).toBe(200)
    letGo()
    const statuses = (await Promise.all(waiting)).map(({ status }) => status)
    expect(statuses.sort()).toEqual([200, ...Array(WITNESS_WAITING_MAX - 1).fill(409)])
  })
})
