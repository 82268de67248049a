import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HANDLE_LIFE_MS } from '../../src/base/desk-limits.ts'
import { createHandles } from '../../src/disclosure/handles.ts'
import type { Caller } from '../../src/guard/facts.ts'

const handles = createHandles(randomBytes(32))
const NOW_MS = Date.UTC(2026, 2, 2)
const caller = (agent: string, session: string) =>
  ({ agent: { id: agent }, session: { id: session } }) as Caller
const eve = caller('eve', 's1')
const ended = expect.objectContaining({ code: 'HANDLE_ENDED' })

describe('a handle', () => {
  it('opens to its customer, for its caller, for ten minutes', () => {
    const key = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => !text.includes('\0'))
    fc.assert(
      fc.property(key, (customer) => {
        const handle = handles.seal(eve, customer, NOW_MS)
        expect(handles.open(eve, handle, NOW_MS + HANDLE_LIFE_MS - 1)).toBe(customer)
        expect(() => handles.open(eve, handle, NOW_MS + HANDLE_LIFE_MS)).toThrow(ended)
      }),
    )
  })

  it('opens for nobody else, in no other session and at no other desk', () => {
    const handle = handles.seal(eve, 'C1', NOW_MS)
    // Neither by moving the border between the two.
    for (const other of [caller('bob', 's1'), caller('eve', 's2'), caller('eve","s1', '')]) {
      expect(() => handles.open(other, handle, NOW_MS)).toThrow(ended)
    }
    expect(() => createHandles(randomBytes(32)).open(eve, handle, NOW_MS)).toThrow(ended)
  })

  it('opens in no other spelling, and not where one bit of it is another', () => {
    const handle = handles.seal(eve, 'C1', NOW_MS)
    const bytes = Buffer.from(handle, 'base64url')
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const changed = Buffer.from(bytes)
      changed[bit >> 3] ^= 1 << (bit & 7)
      expect(() => handles.open(eve, changed.toString('base64url'), NOW_MS)).toThrow(ended)
    }
    for (const text of ['', 'C1', `${handle}=`, ` ${handle}`, handle.slice(0, -4)]) {
      expect(() => handles.open(eve, text, NOW_MS)).toThrow(ended)
    }
  })

  it('tells nothing of whom it is for, nor how long their key is, nor that it is the same again', () => {
    const [short, long] = ['C', 'customer-000000000000000000000000000001'].map((key) =>
      handles.seal(eve, key, NOW_MS),
    )
    expect(short).toHaveLength(long.length)
    expect(Buffer.from(long, 'base64url').toString('latin1')).not.toContain('customer')
    expect(handles.seal(eve, 'C', NOW_MS)).not.toBe(short)
  })

  it('fits into a request', () => {
    expect(handles.seal(eve, 'x'.repeat(256), NOW_MS).length).toBeLessThanOrEqual(512)
  })
})
