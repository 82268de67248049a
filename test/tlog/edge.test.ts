import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EMPTY_EDGE, growFrom, partialTiles, rootOf, type Tile } from '../../src/tlog/edge.ts'
import { leafHash } from '../../src/tlog/hash.ts'
import { tilePath } from '../../src/tlog/tile.ts'
import { naiveLeaf, naiveRoot } from './naive.ts'

const entry = (i: number) => Buffer.from(`entry ${i}`)
const leaves = (n: number) => Array.from({ length: n }, (_, i) => naiveLeaf(entry(i)))

function grown(all: readonly Buffer[], cuts: readonly number[] = []) {
  const tiles: Tile[] = []
  let growing = growFrom(EMPTY_EDGE)
  let from = 0
  for (const to of [...cuts.filter((c) => c < all.length).sort((a, b) => a - b), all.length]) {
    growing.grow(Buffer.concat(all.slice(from, to)), (tile) => tiles.push(tile))
    growing = growFrom(growing.edge())
    from = to
  }
  return { edge: growing.edge(), tiles }
}

describe('the edge of a tree', () => {
  it('hashes a leaf as the RFC says', () => {
    expect(leafHash(entry(7))).toEqual(leaves(8)[7])
  })

  it('has the root of the RFC at every size, however it was grown', () => {
    const all = leaves(1100)
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1100 }), fc.array(fc.nat(1100)), (n, cuts) => {
        const part = all.slice(0, n)
        expect(rootOf(grown(part, cuts).edge)).toEqual(naiveRoot(part))
      }),
      { numRuns: 150 },
    )
  })

  it('gives the tiles that the specification lists for 70,000 entries', () => {
    const all = leaves(70_000)
    const { edge, tiles } = grown(all)
    expect(tiles.filter(({ level }) => level === 0)).toHaveLength(273)
    expect(tiles.filter(({ level }) => level === 1)).toHaveLength(1)
    expect(partialTiles(edge).map(tilePath)).toEqual([
      'tile/0/273.p/112',
      'tile/1/001.p/17',
      'tile/2/000.p/1',
    ])
    const [first] = tiles
    expect(first.bytes).toEqual(Buffer.concat(all.slice(0, 256)))
    expect(tiles.find(({ level }) => level === 1)?.bytes.subarray(0, 32)).toEqual(
      naiveRoot(all.slice(0, 256)),
    )
  })
})
