import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decisionLine, parseDisclosureLine } from '../../src/disclosure/entries.ts'
import { anyDecision, decision } from '../tlog/decisions.ts'

describe('the line of a decision', () => {
  it('says all that was sealed, and when', () => {
    const all = decision({ customers: ['a', 'b'], detail: 'phone', reason: 'she\ncalled' })
    expect(JSON.parse(decisionLine({ ...all, writer: 'desk-1' }))).toEqual({
      act: 'grant.approved',
      agent: 'lea',
      customers: ['a', 'b'],
      at: '2026-01-02T00:00:00.000Z',
      subject: 'ada',
      reference: 'G-7',
      reason: 'she\ncalled',
      detail: 'phone',
      session: 's-1',
      writer: 'desk-1',
    })
    const bare = decision({ customers: [], reference: null, session: null, subject: null })
    expect(JSON.parse(decisionLine(bare))).toEqual({
      act: 'grant.approved',
      agent: 'lea',
      at: '2026-01-02T00:00:00.000Z',
    })
  })

  it('is never taken for a disclosure, whatever stands in it beside', () => {
    fc.assert(
      fc.property(anyDecision, (d) => {
        const line = decisionLine(d)
        expect(line).not.toContain('\n')
        const dressed = JSON.stringify({ ...JSON.parse(line), agent: 'ada', customer: 'C-1' })
        for (const text of [line, dressed]) {
          expect(() => parseDisclosureLine(text)).toThrow(
            'a decision, which no line can put into a log',
          )
        }
      }),
    )
  })
})
