import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createProofMemory } from '../../src/identity/replay.ts'

const limits = { windowMs: 100, all: 1000, perDevice: 1000 }

describe('the memory of proofs', () => {
  it('lets a proof pass once within its window, whatever came between', () => {
    const uses = fc.array(
      fc.record({ id: fc.integer({ min: 0, max: 5 }), afterMs: fc.integer({ min: 0, max: 60 }) }),
      { minLength: 1, maxLength: 60 },
    )
    fc.assert(
      fc.property(uses, (all) => {
        const memory = createProofMemory(limits)
        const passed = new Map<number, number>()
        let nowMs = 0
        for (const { id, afterMs } of all) {
          nowMs += afterMs
          const before = passed.get(id)
          const isNew = memory.use('d', `${id}`, nowMs)
          if (before !== undefined && nowMs < before + limits.windowMs) expect(isNew).toBe(false)
          if (before === undefined) expect(isNew).toBe(true)
          if (isNew) passed.set(id, nowMs)
        }
      }),
    )
  })

  it('tells devices apart', () => {
    const memory = createProofMemory(limits)
    expect(memory.use('one', 'x', 0)).toBe(true)
    expect(memory.use('other', 'x', 0)).toBe(true)
  })

  it('forgets, so that it does not grow', () => {
    const memory = createProofMemory({ ...limits, all: 10 })
    for (let nowMs = 0; nowMs < 10_000; nowMs += 20)
      expect(memory.use('d', `${nowMs}`, nowMs)).toBe(true)
    expect(memory.use('d', '0', 10_000)).toBe(true)
  })

  it('is full for one device before it is full for all', () => {
    const memory = createProofMemory({ windowMs: 100, all: 15, perDevice: 10 })
    for (let i = 0; i < 10; i++) expect(memory.use('greedy', `${i}`, 0)).toBe(true)
    expect(memory.use('greedy', '10', 0)).toBe(false)
    for (let i = 0; i < 5; i++) expect(memory.use('other', `${i}`, 0)).toBe(true)
    expect(memory.use('third', '0', 0)).toBe(false)
    expect(memory.use('greedy', 'later', 100)).toBe(true)
  })
})
