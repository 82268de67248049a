import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseTilePath, tilePath } from '../../src/tlog/tile.ts'

describe('paths of tiles', () => {
  it('are those of the specification', () => {
    expect(tilePath({ level: 0, index: 1234067, width: 256 })).toBe('tile/0/x001/x234/067')
    expect(tilePath({ level: 'entries', index: 0, width: 17 })).toBe('tile/entries/000.p/17')
    expect(tilePath({ level: 2, index: 1000, width: 256 })).toBe('tile/2/x001/000')
  })

  it('are read back, and nothing else is', () => {
    const level = fc.oneof(fc.constant('entries' as const), fc.integer({ min: 0, max: 63 }))
    const width = fc.integer({ min: 1, max: 256 })
    fc.assert(
      fc.property(level, fc.maxSafeNat(), width, (level, index, width) => {
        const name = { level, index, width }
        expect(parseTilePath(tilePath(name))).toEqual(name)
      }),
    )
    for (const wrong of [
      'tile/0/1',
      'tile/00/001',
      'tile/64/001',
      'tile/-1/001',
      'tile/0/x000/001',
      'tile/0/001.p/0',
      'tile/0/001.p/256',
      'tile/0/001.p/300',
      'tile/entries/001.p/999',
      'tile/0/001.p/01',
      'tile/0/../../checkpoint',
      'tile/0/001\n',
      `tile/0/${'x999/'.repeat(6)}999`,
    ]) {
      expect(parseTilePath(wrong), wrong).toBeNull()
    }
  })
})
