import { describe, expect, it } from 'vitest'
import { watchAttention } from '../../console/api/attention.ts'

describe('a page', () => {
  it('knows that somebody is there for a minute after they moved something', () => {
    const page = new EventTarget()
    let atMs = 0
    const isAttended = watchAttention(page, () => atMs)
    expect(isAttended()).toBe(true)
    atMs = 60_000
    expect(isAttended()).toBe(false)
    for (const sign of ['pointermove', 'keydown', 'wheel', 'touchstart', 'focus']) {
      page.dispatchEvent(new Event(sign))
      expect(isAttended()).toBe(true)
      atMs += 59_999
      expect(isAttended()).toBe(true)
      atMs += 1
      expect(isAttended()).toBe(false)
    }
    // What comes from the desk is nobody's hand.
    page.dispatchEvent(new Event('message'))
    expect(isAttended()).toBe(false)
  })
})
