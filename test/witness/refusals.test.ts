import { beforeEach, describe, expect, it } from 'vitest'
import { WITNESS_BODY_BYTES_MAX } from '../../src/base/limits.ts'
import { parseCheckpoint } from '../../src/tlog/checkpoint.ts'
import { formatNote, parseNote } from '../../src/tlog/note.ts'
import { signCheckpoint } from '../../src/tlog/signed.ts'
import type { Witness } from '../../src/witness/witness.ts'
import {
  bodyOf,
  checkpointOf,
  historyOf,
  LOG,
  OTHER_LOG,
  open,
  proofOf,
  STRANGER,
  signText,
  storeInMemory,
} from './fixture.ts'

const leaves = historyOf(20)
const first = (size: number) => leaves.slice(0, size)
const HASH = Buffer.alloc(32, 7).toString('base64')

let store: ReturnType<typeof storeInMemory>
let witness: Witness
let nowMs: number
beforeEach(async () => {
  store = storeInMemory()
  nowMs = 1_700_000_000_000
  witness = await open(store, { nowMs: () => nowMs })
})

const ask = (body: string | Uint8Array) => witness.addCheckpoint(Buffer.from(body as string))
const statusOf = async (body: string | Uint8Array) => (await ask(body)).status

describe('a request that is refused', () => {
  beforeEach(async () => {
    await ask(bodyOf(0, first(8)))
  })

  const good = () => bodyOf(8, first(12))

  it.each([
    ['nothing', () => ''],
    ['no old line', () => good().replace(/^old 8\n/, '')],
    ['another word', () => good().replace('old', 'new')],
    ['upper case', () => good().replace('old', 'Old')],
    ['two spaces', () => good().replace('old 8', 'old  8')],
    ['a tab', () => good().replace('old 8', 'old\t8')],
    ['a space behind', () => good().replace('old 8', 'old 8 ')],
    ['a leading zero', () => good().replace('old 8', 'old 08')],
    ['a sign', () => good().replace('old 8', 'old +8')],
    ['a negative size', () => good().replace('old 8', 'old -8')],
    ['a fraction', () => good().replace('old 8', 'old 8.0')],
    ['an exponent', () => good().replace('old 8', 'old 8e0')],
    ['hexadecimal', () => good().replace('old 8', 'old 0x8')],
    ['no size', () => good().replace('old 8', 'old ')],
    ['a size above 2^53', () => good().replace('old 8', 'old 9007199254740993')],
    ['a size above 2^64', () => good().replace('old 8', 'old 18446744073709551624')],
    ['carriage returns', () => good().replaceAll('\n', '\r\n')],
    ['no empty line', () => good().replace('\n\n', '\n')],
    ['a proof line that is too short', () => bodyOf(8, first(12), { proof: [Buffer.alloc(31)] })],
    ['a proof line that is too long', () => bodyOf(8, first(12), { proof: [Buffer.alloc(33)] })],
    ['base64 without padding', () => good().replace(/=\n/, '\n')],
    ['base64url', () => good().replace(/\n[^\n]{43}=\n/, `\n${'_'.repeat(42)}8=\n`)],
    ['base64 with a bit too many', () => good().replace(/\n([^\n]{42}).=\n/, '\n$1B=\n')],
    ['64 proof lines', () => `old 8\n${`${HASH}\n`.repeat(64)}\n${checkpointOf(first(12))}`],
    ['an old size above the new', () => bodyOf(13, first(12))],
    ['a size that is none', () => bodyOf(8, [], { note: resized('012') })],
    ['a negative new size', () => bodyOf(8, [], { note: resized('-12') })],
    ['a root that is none', () => bodyOf(8, [], { note: rerooted('AAAA') })],
    ['no UTF-8', () => Buffer.concat([Buffer.from(good()), Buffer.from([0xff])])],
    ['a control character', () => good().replace('\n\n', '\n\n\u0000')],
    [
      'a body that is too large',
      () => good().replace('\n\n', `\n\n${'x'.repeat(WITNESS_BODY_BYTES_MAX)}\n`),
    ],
  ])('is 400: %s', async (_, body) => {
    const before = store.notes.get(LOG.name)
    expect(await statusOf(body())).toBe(400)
    expect(store.notes.get(LOG.name)).toBe(before)
  })

  /** A checkpoint that the log signed although it is malformed. */
  function signedText(change: (text: string) => string): string {
    const text = change(parseNote(checkpointOf(first(12))).text)
    return signText(text)
  }
  const resized = (size: string) => signedText((text) => text.replace('\n12\n', `\n${size}\n`))
  const rerooted = (root: string) =>
    signedText((text) => text.replace(/\n[^\n]*\n$/, `\n${root}\n`))

  it.each([
    ['an unknown log', () => checkpointOf(first(12), { ...STRANGER, name: 'log.example/three' })],
    [
      'a log whose name begins alike',
      () => checkpointOf(first(12), { ...LOG, name: `${LOG.name}/x` }),
    ],
    ['an unknown log whose note cannot be read', () => 'log.example/three\n12\n'],
  ])('is 404: %s', async (_, note) => {
    expect(await statusOf(bodyOf(8, first(12), { note: note() }))).toBe(404)
  })

  it.each([
    ['signed by nobody known', () => checkpointOf(first(12), STRANGER)],
    ['with no signature lines', () => parseNote(checkpointOf(first(12))).text],
    ['with a line that is none', () => `${checkpointOf(first(12))}— nobody\n`],
    ['with a signature cut short', () => checkpointOf(first(12)).slice(0, -1)],
    ['with an empty line at its end', () => `${checkpointOf(first(12))}\n`],
    [
      // As in the transcripts of litewitness, whose last character has a bit too many.
      'with a signature in another spelling',
      () => checkpointOf(first(12)).replace(/.=\n$/, 'x=\n'),
    ],
    [
      'of no entries with a root, signed by nobody known',
      () => signText(`${LOG.name}\n0\n${HASH}\n`, STRANGER),
    ],
    [
      'signed by the key of another log',
      () => signCheckpoint({ ...checkpoint(), origin: LOG.name }, OTHER_LOG),
    ],
    [
      'with the signature of another text',
      () => swapped(checkpointOf(first(12)), checkpointOf(first(11))),
    ],
    [
      'with a good signature and one that does not hold',
      () => {
        const note = parseNote(checkpointOf(first(12)))
        const bad = parseNote(checkpointOf(first(11))).signatures
        return formatNote({ ...note, signatures: [...note.signatures, ...bad] })
      },
    ],
  ])('is 403: %s', async (_, note) => {
    expect(await statusOf(bodyOf(8, first(12), { note: note() }))).toBe(403)
  })

  const checkpoint = () => parseCheckpoint(parseNote(checkpointOf(first(12))).text)
  const swapped = (text: string, signature: string) =>
    formatNote({ text: parseNote(text).text, signatures: parseNote(signature).signatures })

  it.each([
    ['no proof', () => bodyOf(8, first(12), { proof: [] })],
    [
      'a proof that is too long',
      () => {
        const proof = [...proofOf(8, first(12)), Buffer.alloc(32)]
        return bodyOf(8, first(12), { proof })
      },
    ],
    [
      'a proof that is too short',
      () => bodyOf(8, first(12), { proof: proofOf(8, first(12)).slice(1) }),
    ],
    ['a proof from another size', () => bodyOf(8, first(12), { proof: proofOf(7, first(12)) })],
    [
      'a proof of another log',
      () => {
        const other = historyOf(12, 'other')
        return bodyOf(8, first(12), { proof: proofOf(8, other) })
      },
    ],
    [
      'a fork, proven in itself',
      () => {
        const fork = historyOf(12, 'fork', 7)
        return bodyOf(8, fork)
      },
    ],
    ['another root of the same size', () => bodyOf(8, historyOf(8, 'fork', 7))],
    ['a proof where sizes are equal', () => bodyOf(8, first(8), { proof: [Buffer.alloc(32)] })],
    ['63 hashes', () => bodyOf(8, first(12), { proof: Array(63).fill(Buffer.alloc(32)) })],
  ])('is 422: %s', async (_, body) => {
    const before = store.notes.get(LOG.name)
    expect(await statusOf(body())).toBe(422)
    expect(store.notes.get(LOG.name)).toBe(before)
  })

  it('is 422: a proof from nothing', async () => {
    const note = checkpointOf(first(3), OTHER_LOG)
    expect(await statusOf(bodyOf(0, first(3), { note, proof: [Buffer.alloc(32)] }))).toBe(422)
  })

  it('is 422: an empty log with a root', async () => {
    const text = `${OTHER_LOG.name}\n0\n${HASH}\n`
    const note = signText(text, OTHER_LOG)
    expect(await statusOf(bodyOf(0, [], { note }))).toBe(422)
  })
})
