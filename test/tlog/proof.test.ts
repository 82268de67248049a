import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EMPTY_ROOT, nodeHash } from '../../src/tlog/hash.ts'
import {
  verifyConsistency,
  verifyInclusion,
  verifySubtree,
  verifySubtreeInclusion,
} from '../../src/tlog/proof.ts'
import { codeOf } from './notes.ts'
import { leavesOf, naiveConsistency, naivePath, naiveRoot } from './trees.ts'

interface Vector {
  readonly proof: readonly string[] | null
  readonly wantErr: boolean
  readonly [field: string]: unknown
}

const VECTORS = join(import.meta.dirname, '../../../shared/data/tlog/rfc6962')

/** How each kind of vector is checked. */
const CHECKS: Record<string, (vector: Vector) => void> = {
  inclusion: (v) =>
    verifyInclusion({
      index: number(v.leafIdx),
      size: number(v.treeSize),
      leaf: bytes(v.leafHash),
      root: bytes(v.root),
      proof: proofOf(v),
    }),
  consistency: (v) =>
    verifyConsistency({
      from: number(v.size1),
      to: number(v.size2),
      oldRoot: bytes(v.root1),
      newRoot: bytes(v.root2),
      proof: proofOf(v),
    }),
  subtreeinclusion: (v) =>
    verifySubtreeInclusion({
      index: number(v.leafIdx),
      start: number(v.start),
      end: number(v.end),
      leaf: bytes(v.leafHash),
      root: bytes(v.root),
      proof: proofOf(v),
    }),
  subtreeconsistency: (v) =>
    verifySubtree({
      start: number(v.start),
      end: number(v.end),
      size: number(v.size),
      subtreeRoot: bytes(v.root1),
      root: bytes(v.root2),
      proof: proofOf(v),
    }),
}

function number(value: unknown): number {
  if (typeof value !== 'number') throw new Error(`no number: ${value}`)
  return value
}

function bytes(value: unknown): Buffer {
  return Buffer.from((value ?? '') as string, 'base64')
}

function proofOf({ proof }: Vector): Buffer[] {
  return (proof ?? []).map(bytes)
}

describe.skipIf(!existsSync(VECTORS))('vectors (skipped where ../shared/data is absent)', () => {
  const files = (kind: string) =>
    readdirSync(join(VECTORS, kind), { recursive: true, encoding: 'utf8' }).filter((path) =>
      path.endsWith('.json'),
    )

  it('are 518', () => {
    const counts = Object.keys(CHECKS).map((kind) => files(kind).length)
    expect(counts.reduce((a, b) => a + b)).toBe(518)
  })

  it.each(Object.keys(CHECKS))('of %s are decided as they say', (kind) => {
    const wrong = files(kind).filter((path) => {
      const vector = JSON.parse(readFileSync(join(VECTORS, kind, path), 'utf8')) as Vector
      const code = codeOf(() => CHECKS[kind](vector))
      return code !== (vector.wantErr ? 'PROOF_INVALID' : 'none')
    })
    expect(wrong).toEqual([])
  })
})

describe('proofs', () => {
  const leaves = leavesOf(13)
  const inclusion = {
    index: 4,
    size: 13,
    leaf: leaves[4],
    root: naiveRoot(leaves),
    proof: naivePath(4, leaves),
  }
  const consistency = {
    from: 6,
    to: 13,
    oldRoot: naiveRoot(leaves.slice(0, 6)),
    newRoot: naiveRoot(leaves),
    proof: naiveConsistency(6, leaves),
  }
  const WRONG = [
    -1,
    -0.5,
    0.5,
    4.5,
    -14,
    2 ** 32 + 4,
    2 ** 53,
    2 ** 64,
    -(2 ** 53),
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ]

  it('hold before anything is changed in them', () => {
    expect(codeOf(() => verifyInclusion(inclusion))).toBe('none')
    expect(codeOf(() => verifyConsistency(consistency))).toBe('none')
  })

  it.each(WRONG)('do not hold with the number %s', (wrong) => {
    for (const field of ['index', 'size']) {
      expect(codeOf(() => verifyInclusion({ ...inclusion, [field]: wrong }))).toBe('PROOF_INVALID')
    }
    for (const field of ['from', 'to']) {
      const claim = { ...consistency, [field]: wrong }
      expect(codeOf(() => verifyConsistency(claim))).toBe('PROOF_INVALID')
    }
  })

  it('do not hold with any bit changed, or a hash more or less, or of another length', () => {
    const check = (name: string, verify: (proof: Buffer[]) => void, proof: Buffer[]) => {
      for (const [at, hash] of proof.entries()) {
        for (let bit = 0; bit < 256; bit += 15) {
          const changed = Buffer.from(hash)
          changed[bit >> 3] ^= 1 << (bit & 7)
          expect(
            codeOf(() => verify(proof.with(at, changed))),
            name,
          ).toBe('PROOF_INVALID')
        }
        for (const other of [hash.subarray(1), Buffer.concat([hash, hash]), Buffer.alloc(0)]) {
          expect(
            codeOf(() => verify(proof.with(at, other))),
            name,
          ).toBe('PROOF_INVALID')
        }
        expect(
          codeOf(() => verify(proof.toSpliced(at, 1))),
          name,
        ).toBe('PROOF_INVALID')
        expect(
          codeOf(() => verify(proof.toSpliced(at, 0, hash))),
          name,
        ).toBe('PROOF_INVALID')
      }
      const long = Array.from({ length: 100_000 }, () => proof[0])
      expect(
        codeOf(() => verify(long)),
        name,
      ).toBe('PROOF_INVALID')
    }
    check('inclusion', (proof) => verifyInclusion({ ...inclusion, proof }), inclusion.proof)
    check('consistency', (proof) => verifyConsistency({ ...consistency, proof }), consistency.proof)
    for (const field of ['leaf', 'root'] as const) {
      for (const other of [inclusion[field].subarray(1), leaves[0]]) {
        const claim = { ...inclusion, [field]: other }
        expect(
          codeOf(() => verifyInclusion(claim)),
          field,
        ).toBe('PROOF_INVALID')
      }
    }
    for (const field of ['oldRoot', 'newRoot'] as const) {
      for (const other of [consistency[field].subarray(1), leaves[0]]) {
        const claim = { ...consistency, [field]: other }
        expect(
          codeOf(() => verifyConsistency(claim)),
          field,
        ).toBe('PROOF_INVALID')
      }
    }
  })

  it('do not hold where a log signs a root for a smaller tree than it has', () => {
    const [a, b, c] = leaves
    const two = nodeHash(a, b)
    const one = { index: 0, size: 1, leaf: b, root: two, proof: [a] }
    expect(codeOf(() => verifyInclusion(one))).toBe('PROOF_INVALID')
    const claim = { from: 1, to: 2, oldRoot: a, newRoot: two, proof: [b] }
    expect(codeOf(() => verifyConsistency(claim))).toBe('none')
    const longer = { ...claim, newRoot: nodeHash(c, two), proof: [b, c] }
    expect(codeOf(() => verifyConsistency(longer))).toBe('PROOF_INVALID')
  })

  it('of an empty tree show nothing; an empty subtree has the root of one', () => {
    const root = naiveRoot(leaves)
    const claim = { from: 0, to: 13, oldRoot: EMPTY_ROOT, newRoot: root, proof: [] }
    expect(codeOf(() => verifyConsistency(claim))).toBe('PROOF_INVALID')
    expect(codeOf(() => verifyConsistency({ ...claim, to: 0 }))).toBe('PROOF_INVALID')
    const empty = { start: 5, end: 5, size: 13, subtreeRoot: EMPTY_ROOT, root, proof: [] }
    expect(codeOf(() => verifySubtree(empty))).toBe('none')
    for (const change of [
      { subtreeRoot: root },
      { proof: [root] },
      { size: 4 },
      { start: -1, end: -1 },
      { start: 0.5, end: 0.5 },
    ]) {
      expect(codeOf(() => verifySubtree({ ...empty, ...change }))).toBe('PROOF_INVALID')
    }
  })

  it('of a tree by itself need equal roots and no hash', () => {
    const root = naiveRoot(leaves)
    const claim = { from: 13, to: 13, oldRoot: root, newRoot: root, proof: [] }
    expect(codeOf(() => verifyConsistency(claim))).toBe('none')
    expect(codeOf(() => verifyConsistency({ ...claim, newRoot: leaves[0] }))).toBe('PROOF_INVALID')
    expect(codeOf(() => verifyConsistency({ ...claim, proof: [root] }))).toBe('PROOF_INVALID')
  })

  it('never end in anything but our errors', () => {
    const value = fc.oneof(fc.double(), fc.nat(20), fc.maxSafeInteger())
    const hash = fc.uint8Array({ minLength: 30, maxLength: 33 })
    const anything = fc.tuple(value, value, value, hash, hash, fc.array(hash, { maxLength: 70 }))
    fc.assert(
      fc.property(anything, ([a, b, c, one, two, proof]) => {
        const codes = [
          codeOf(() => verifyInclusion({ index: a, size: b, leaf: one, root: two, proof })),
          codeOf(() => verifyConsistency({ from: a, to: b, oldRoot: one, newRoot: two, proof })),
          codeOf(() =>
            verifySubtree({ start: a, end: b, size: c, subtreeRoot: one, root: two, proof }),
          ),
          codeOf(() =>
            verifySubtreeInclusion({ index: a, start: b, end: c, leaf: one, root: two, proof }),
          ),
        ]
        for (const code of codes) expect(['none', 'PROOF_INVALID']).toContain(code)
      }),
      { numRuns: 1000 },
    )
  })
})
