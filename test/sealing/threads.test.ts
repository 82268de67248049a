import { randomBytes } from 'node:crypto'
import { afterAll, describe, expect, it } from 'vitest'
import { disclosureAt } from '../../bench/log/disclosures.ts'
import { createRecorder } from '../../src/disclosure/recorder.ts'
import { startSealing } from '../../src/sealing/threads.ts'
import { entriesOf } from '../../src/sequencer/frames.ts'
import { sealerFor } from '../../src/tlog/entry.ts'
import type { Disclosure } from '../../src/tlog/sealed.ts'
import { decision } from '../tlog/decisions.ts'

const epochKey = { epoch: 3, key: randomBytes(32) }
const sealing = startSealing(epochKey, 2)
afterAll(() => sealing.close())

/** A log that only keeps what it is given. */
function keeping() {
  const entries: Buffer[] = []
  const append = async ({ payload }: { payload: Buffer }) => {
    const first = entries.length
    entries.push(...(entriesOf(payload) ?? []))
    return first
  }
  return { entries, append }
}

describe('recording by sealing threads', () => {
  it('puts disclosures into the log in the order of the calls, as they were', async () => {
    const { entries, append } = keeping()
    const { record } = createRecorder(sealing, append)
    const disclosures = Array.from({ length: 1500 }, (_, i) => disclosureAt(i))
    const recorded = await Promise.all(disclosures.map(record))
    expect(recorded.map(({ first }) => first)).toEqual(disclosures.map((_, i) => i))
    const sealer = sealerFor(epochKey)
    expect(entries.map((entry) => sealer.open(entry).disclosure)).toEqual(disclosures)
    const ids = new Set(
      entries.map((entry) => /"id":"([^"]+)"/.exec(entry.toString('latin1'))?.[1]),
    )
    expect(ids.size).toBe(1500)
  })

  it('refuses the one that cannot be recorded, and no other', async () => {
    const { entries, append } = keeping()
    const { record } = createRecorder(sealing, append)
    const wrong: Disclosure = { ...disclosureAt(1), agent: '' }
    const surrogate: Disclosure = { ...disclosureAt(2), customers: ['\ud800'] }
    const results = await Promise.allSettled(
      [disclosureAt(0), wrong, surrogate, disclosureAt(3)].map(record),
    )
    expect(results.map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'rejected',
      'fulfilled',
    ])
    expect(results[1]).toMatchObject({ reason: { code: 'DISCLOSURE_MALFORMED' } })
    expect(results[3]).toMatchObject({ value: { first: 1, count: 1 } })
    expect(entries).toHaveLength(2)
  })

  it('keeps the order between disclosures and decisions, whichever was called first', async () => {
    const { entries, append } = keeping()
    const { record, decide } = createRecorder(sealing, append)
    const customers = Array.from({ length: 9000 }, (_, i) => `C${10_000 + i}`)
    // More than are sealed at once, so that several threads have a part in it.
    const calls = Array.from({ length: 700 }, (_, i) => {
      if (i % 3 === 0) return decide(decision({ reference: `G-${i}`, reason: `no.\n${i}` }))
      return record(i === 200 ? { ...disclosureAt(i), customers } : disclosureAt(i))
    })
    const recorded = await Promise.all(calls)
    const sealer = sealerFor(epochKey)
    let next = 0
    for (const [i, { first, count }] of recorded.entries()) {
      expect(first).toBe(next)
      const opened = sealer.open(entries[first])
      if (i % 3 === 0) {
        const own = decision({ reference: `G-${i}`, reason: `no.\n${i}` })
        expect([count, opened.decision]).toEqual([1, own])
      } else if (i === 200) expect(count).toBeGreaterThan(1)
      else expect(opened.disclosure).toEqual(disclosureAt(i))
      next += count
    }
    expect(entries).toHaveLength(next)
  })

  it('refuses the decision that cannot be recorded, and nothing beside it', async () => {
    const { entries, append } = keeping()
    const { record, decide } = createRecorder(sealing, append)
    const results = await Promise.allSettled([
      record(disclosureAt(0)),
      decide(decision({ act: 'grant.liked' as never })),
      decide(decision({ customers: Array.from({ length: 1001 }, (_, i) => `C${1000 + i}`) })),
      decide({ ...decision(), reason: undefined } as never),
      decide(decision()),
    ])
    for (const bad of results.slice(1, 4)) {
      expect(bad).toMatchObject({ status: 'rejected', reason: { code: 'DECISION_MALFORMED' } })
    }
    expect(results[4]).toMatchObject({ value: { first: 1, count: 1 } })
    expect(entries).toHaveLength(2)
  })

  it('tells where a disclosure of several entries stands', async () => {
    const { entries, append } = keeping()
    const { record } = createRecorder(sealing, append)
    const customers = Array.from({ length: 9000 }, (_, i) => `C${10_000 + i}`)
    const large = { ...disclosureAt(0), customers }
    const [before, split, after] = await Promise.all(
      [disclosureAt(1), large, disclosureAt(2)].map(record),
    )
    expect(split.count).toBeGreaterThan(1)
    expect([before.first, split.first, after.first]).toEqual([0, 1, 1 + split.count])
    expect(entries).toHaveLength(2 + split.count)
  })

  it('tells everybody who waits when the log does not take it, and goes on', async () => {
    let calls = 0
    const { record } = createRecorder(sealing, async () => {
      if (calls++ === 0) throw new Error('no room')
      return 7
    })
    const first = await Promise.allSettled([record(disclosureAt(0)), record(disclosureAt(1))])
    expect(first.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    await expect(record(disclosureAt(2))).resolves.toEqual({ first: 7, count: 1 })
  })

  it('fails closed when the threads end', async () => {
    const ended = startSealing(epochKey, 1)
    await ended.close()
    await new Promise((resolve) => setTimeout(resolve, 50))
    const { record } = createRecorder(ended, async () => 0)
    await expect(record(disclosureAt(0))).rejects.toMatchObject({ code: 'LOG_STOPPED' })
  })
})
