import { beforeEach, describe, expect, it } from 'vitest'
import { mldsaVerify } from '../../src/tlog/mldsa.ts'
import { parseNote, parseSignatures } from '../../src/tlog/note.ts'
import { foldPlan, planConsistency } from '../../src/tlog/plan.ts'
import type { SigningKey } from '../../src/tlog/vkey.ts'
import type { Witness } from '../../src/witness/witness.ts'
import { tilesOf } from '../tlog/trees.ts'
import {
  bodyOf,
  checkpointOf,
  historyOf,
  MLDSA,
  OTHER_LOG,
  open,
  rootOf,
  storeInMemory,
  WITNESS,
} from './fixture.ts'

const leaves = historyOf(14)
const key = MLDSA as SigningKey

describe.skipIf(MLDSA === null)('cosigning a subtree (needs Node 24.6)', () => {
  let witness: Witness
  /** The checkpoint with the witness's cosignatures only. */
  let note: string
  let proof: Buffer[]

  beforeEach(async () => {
    witness = await open(storeInMemory(), { keys: [WITNESS, key] })
    const answer = await witness.addCheckpoint(Buffer.from(bodyOf(0, leaves)))
    note = `${parseNote(checkpointOf(leaves)).text}\n${answer.body}`
    proof = await foldPlan(planConsistency(8, 13, 14), 14, tilesOf(leaves))
  })

  const root = () => rootOf(leaves.slice(8, 13))
  function body(parts: { range?: string; root?: Buffer; proof?: Buffer[]; note?: string } = {}) {
    const hashes = [parts.root ?? root(), ...(parts.proof ?? proof)]
    const lines = hashes.map((hash) => `${hash.toString('base64')}\n`).join('')
    return Buffer.from(`subtree ${parts.range ?? '8 13'}\n${lines}\n${parts.note ?? note}`)
  }

  it('says that it is a part of what was cosigned, without a time', () => {
    const answer = witness.signSubtree(body())
    expect(answer.status).toBe(200)
    const [signature, ...more] = parseSignatures(answer.body)
    expect(more).toEqual([])
    expect(signature.bytes.readBigUInt64BE()).toBe(0n)
    const holds = (end: number) =>
      mldsaVerify(key.publicKey, message(8, end, root()), signature.bytes.subarray(8))
    expect(holds(13)).toBe(true)
    expect(holds(14)).toBe(false)
  })

  /** `cosigned_message` of C2SP tlog-cosignature, as it is written there, without a time. */
  function message(start: number, end: number, hash: Buffer): Buffer {
    const counted = (text: string) => Buffer.from([text.length, ...Buffer.from(text)])
    const numbers = Buffer.alloc(16)
    numbers.writeBigUInt64BE(BigInt(start))
    numbers.writeBigUInt64BE(BigInt(end), 8)
    return Buffer.concat([
      Buffer.from('subtree/v1\n\0'),
      counted('witness.example'),
      Buffer.alloc(8),
      counted('log.example/one'),
      numbers,
      hash,
    ])
  }

  it('takes the whole tree, and either cosignature for it', () => {
    const text = parseNote(note)
    for (const signature of text.signatures) {
      const line = note.split('\n').filter((one) => one.startsWith('—'))[
        text.signatures.indexOf(signature)
      ]
      const whole = {
        range: '0 14',
        root: rootOf(leaves),
        proof: [],
        note: `${text.text}\n${line}\n`,
      }
      expect(witness.signSubtree(body(whole)).status).toBe(200)
    }
  })

  it.each([
    ['nothing', () => Buffer.alloc(0)],
    ['no subtree', () => body({ range: '7 13' })],
    ['an empty one', () => body({ range: '8 8' })],
    ['one turned round', () => body({ range: '13 8' })],
    ['a leading zero', () => body({ range: '08 13' })],
    ['a negative start', () => body({ range: '-8 13' })],
    ['one number', () => body({ range: '8' })],
    ['three numbers', () => body({ range: '8 13 14' })],
    ['one behind the checkpoint', () => body({ range: '8 15' })],
    ['no hash', () => Buffer.from(`subtree 8 13\n\n${note}`)],
    ['64 hashes', () => body({ proof: Array(64).fill(Buffer.alloc(32)) })],
    ['no note', () => Buffer.from(body().toString().split('\n\n')[0])],
  ])('is 400: %s', (_, request) => {
    expect(witness.signSubtree(request()).status).toBe(400)
  })

  it.each([
    [403, 'a checkpoint that only the log signed', () => body({ note: checkpointOf(leaves) })],
    [403, 'a checkpoint that was changed', () => body({ note: note.replace('\n14\n', '\n15\n') })],
    [404, 'an unknown log', () => body({ note: note.replace('log.example/one', 'log.example/x') })],
    [403, 'another log', () => body({ note: checkpointOf(leaves, OTHER_LOG) })],
    [422, 'another root', () => body({ root: rootOf(leaves.slice(0, 5)) })],
    [422, 'no proof', () => body({ proof: [] })],
    [422, 'a proof that is too long', () => body({ proof: [...proof, Buffer.alloc(32)] })],
    [422, 'a proof out of order', () => body({ proof: proof.toReversed() })],
  ])('is %i: %s', (status, _, request) => {
    expect(witness.signSubtree(request()).status).toBe(status)
  })

  it('is 404 where the witness has no key for it', async () => {
    const plain = await open(storeInMemory())
    expect(plain.signSubtree(body()).status).toBe(404)
  })
})
