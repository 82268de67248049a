import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Coordinate,
  foldPlan,
  locate,
  planConsistency,
  planInclusion,
  planRoot,
  proveConsistency,
  proveInclusion,
  rootAt,
} from '../../src/tlog/plan.ts'
import {
  verifyConsistency,
  verifyInclusion,
  verifySubtree,
  verifySubtreeInclusion,
} from '../../src/tlog/proof.ts'
import { isSubtree } from '../../src/tlog/subtree.ts'
import { codeOf } from './notes.ts'
import { leavesOf, naiveConsistency, naivePath, naiveRoot, tilesOf } from './trees.ts'

const SIZE_MAX = 600
const all = leavesOf(SIZE_MAX)
const roots = Array.from({ length: SIZE_MAX + 1 }, (_, size) => naiveRoot(all.slice(0, size)))

/** Small ones, those beside powers of two, and some between. */
const isPicked = (i: number) => i < 20 || i % 97 === 0 || [255, 256, 257, 511, 512, 513].includes(i)

/** Of the numbers up to `size`: at picked sizes many, at any other a few, which differ by size. */
const pickedUpTo = (size: number) =>
  isPicked(size)
    ? Array.from({ length: size + 1 }, (_, i) => i).filter((i) => isPicked(i) || isPicked(size - i))
    : [0, 1, size - 1, size, Math.floor(size / 2), (size * size * 7) % (size - 3)]
const sizes = Array.from({ length: SIZE_MAX }, (_, i) => i + 1)

describe('proofs from tiles', () => {
  it('of inclusion are those of RFC 6962 and hold, at every size', async () => {
    for (const size of sizes) {
      const leaves = all.slice(0, size)
      const read = tilesOf(leaves)
      for (const index of pickedUpTo(size - 1)) {
        const proof = await proveInclusion(index, size, read)
        if (isPicked(size)) expect(proof).toEqual(naivePath(index, leaves))
        verifyInclusion({ index, size, leaf: leaves[index], root: roots[size], proof })
      }
    }
  }, 60_000)

  it('of consistency are those of RFC 6962 and hold, at every size', async () => {
    for (const size of sizes) {
      const leaves = all.slice(0, size)
      const read = tilesOf(leaves)
      for (const from of pickedUpTo(size)) {
        const proof = await proveConsistency(from, size, read)
        if (isPicked(size) && from > 0) expect(proof).toEqual(naiveConsistency(from, leaves))
        const [oldRoot, newRoot] = [roots[from], roots[size]]
        if (from > 0) verifyConsistency({ from, to: size, oldRoot, newRoot, proof })
        if (isPicked(size)) expect(await rootAt(from, size, read)).toEqual(oldRoot)
      }
    }
  }, 60_000)

  it('of subtrees hold, for every subtree up to 70 entries', async () => {
    let count = 0
    for (let size = 1; size <= 70; size++) {
      const read = tilesOf(all.slice(0, size))
      for (let end = 1; end <= size; end++) {
        for (let start = 0; start < end; start++) {
          if (!isSubtree(start, end)) continue
          count++
          const subtreeRoot = naiveRoot(all.slice(start, end))
          const proof = await foldPlan(planConsistency(start, end, size), size, read)
          verifySubtree({ start, end, size, subtreeRoot, root: roots[size], proof })
          const groups = planInclusion(end - 1, start, end)
          const path = await foldPlan(groups, size, read)
          const leaf = all[end - 1]
          verifySubtreeInclusion({
            index: end - 1,
            start,
            end,
            leaf,
            root: subtreeRoot,
            proof: path,
          })
        }
      }
    }
    expect(count).toBeGreaterThan(5000)
  }, 60_000)

  it('hold in a tree of three levels of tiles', async () => {
    const size = 66_103
    const leaves = leavesOf(size)
    const read = tilesOf(leaves)
    const root = naiveRoot(leaves)
    expect(await rootAt(size, size, read)).toEqual(root)
    for (const index of [0, 255, 256, 32_767, 65_535, 65_536, 66_047, 66_048, size - 1]) {
      const proof = await proveInclusion(index, size, read)
      expect(proof).toEqual(naivePath(index, leaves))
      verifyInclusion({ index, size, leaf: leaves[index], root, proof })
      const from = index + 1
      const steps = await proveConsistency(from, size, read)
      const oldRoot = naiveRoot(leaves.slice(0, from))
      verifyConsistency({ from, to: size, oldRoot, newRoot: root, proof: steps })
    }
    expect(new Set(read.reads.map(({ level }) => level))).toEqual(new Set([0, 1, 2]))
  })

  it('of the empty tree are nothing', async () => {
    const read = tilesOf([])
    expect(await proveConsistency(0, 0, read)).toEqual([])
    expect(await rootAt(0, 0, read)).toEqual(roots[0])
    expect(read.reads).toEqual([])
  })

  it('read each tile once, and few', async () => {
    const read = tilesOf(all)
    await proveInclusion(300, 600, read)
    expect(
      read.reads.map(({ level, index, width }) => `${level} ${index} ${width}`).sort(),
    ).toEqual(['0 1 256', '0 2 88', '1 0 2'])
  })

  it('need whole tiles', async () => {
    const short = async () => Buffer.alloc(31)
    await expect(proveInclusion(0, 2, short)).rejects.toMatchObject({ code: 'PROOF_INVALID' })
  })
})

describe('plans', () => {
  const spanOf = ({ level, index }: Coordinate) => [index * 2 ** level, (index + 1) * 2 ** level]

  it('cover the tree but for the entry, each entry once, at any size', () => {
    const tree = fc
      .integer({ min: 1, max: Number.MAX_SAFE_INTEGER })
      .chain((size) => fc.tuple(fc.constant(size), fc.integer({ min: 0, max: size - 1 })))
    fc.assert(
      fc.property(tree, ([size, index]) => {
        const spans = planInclusion(index, 0, size).flat().map(spanOf)
        const ordered = [...spans, [index, index + 1]].sort(([a], [b]) => a - b)
        let at = 0
        for (const [from, to] of ordered) {
          expect(from).toBe(at)
          at = to
        }
        expect(at).toBe(size)
      }),
    )
  })

  it('locate each hash within a tile that the tree has, at any size', () => {
    const tree = fc
      .integer({ min: 1, max: Number.MAX_SAFE_INTEGER })
      .chain((size) => fc.tuple(fc.constant(size), fc.integer({ min: 0, max: size })))
    fc.assert(
      fc.property(tree, ([size, from]) => {
        for (const one of [planRoot(0, size), ...planConsistency(0, from, size)].flat()) {
          const { tile, first, count } = locate(one, size)
          expect(tile.width).toBeGreaterThanOrEqual(first + count)
          const start = (BigInt(tile.index) * 256n + BigInt(first)) * 256n ** BigInt(tile.level)
          expect(start).toBe(BigInt(spanOf(one)[0]))
          const end = (BigInt(tile.index) * 256n + BigInt(tile.width)) * 256n ** BigInt(tile.level)
          expect(end).toBeLessThanOrEqual(BigInt(size))
        }
      }),
    )
  })

  it.each([
    ['an entry after the last', () => planInclusion(5, 0, 5)],
    ['a negative entry', () => planInclusion(-1, 0, 5)],
    ['half an entry', () => planInclusion(1.5, 0, 5)],
    ['no number', () => planInclusion(Number.NaN, 0, 5)],
    ['no subtree', () => planInclusion(2, 1, 3)],
    ['a tree of 2^53', () => planInclusion(2, 0, 2 ** 53)],
    ['a larger old tree', () => planConsistency(0, 6, 5)],
    ['a negative old tree', () => planConsistency(0, -1, 5)],
    ['no number of an old tree', () => planConsistency(0, Number.NaN, 5)],
    ['an infinite tree', () => planConsistency(0, 1, Number.POSITIVE_INFINITY)],
    ['no subtree to prove', () => planConsistency(2, 5, 8)],
  ])('refuse %s', (_, act) => {
    expect(codeOf(act)).toBe('PROOF_INVALID')
  })
})
