import { beforeEach, describe, expect, it } from 'vitest'
import { sha256 } from '../../src/tlog/hash.ts'
import { formatNote, parseNote, parseSignatures } from '../../src/tlog/note.ts'
import { signersOf } from '../../src/tlog/signed.ts'
import { KEY_TYPE, signingKey } from '../../src/tlog/vkey.ts'
import { openWitness, type Witness } from '../../src/witness/witness.ts'
import {
  bodyOf,
  checkpointOf,
  historyOf,
  KNOWN,
  LOG,
  MLDSA,
  OTHER_LOG,
  open,
  STRANGER,
  seedOf,
  storeInMemory,
  WITNESS,
} from './fixture.ts'

const leaves = historyOf(20)
const first = (size: number) => leaves.slice(0, size)

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

/** When each key cosigned, as the answer of a witness says. */
function timesOf(text: string, lines: string, keys = [WITNESS]) {
  return signersOf({ text, signatures: parseSignatures(lines) }, keys).map(({ timeS }) => timeS)
}

describe('a witness', () => {
  it('cosigns the first checkpoint of a log and keeps it', async () => {
    const note = checkpointOf(first(5))
    const answer = await ask(bodyOf(0, first(5)))
    expect(answer.status).toBe(200)
    expect(timesOf(parseNote(note).text, answer.body)).toEqual([1_700_000_000])
    expect(store.notes.get(LOG.name)).toBe(note + answer.body)
  })

  it('cosigns each that only adds, and says what it last cosigned', async () => {
    for (const [old, size] of [
      [0, 1],
      [1, 2],
      [2, 7],
      [7, 8],
      [8, 20],
      [20, 20],
    ]) {
      nowMs += 1000
      expect(await statusOf(bodyOf(old, first(size)))).toBe(200)
    }
    expect(await ask(bodyOf(0, first(20)))).toEqual({ status: 409, body: '20\n' })
    expect(await ask(bodyOf(8, first(20)))).toEqual({ status: 409, body: '20\n' })
  })

  it('cosigns an empty log, again and again, and then its first entries', async () => {
    expect(await statusOf(bodyOf(0, []))).toBe(200)
    expect(await statusOf(bodyOf(0, []))).toBe(200)
    expect(await statusOf(bodyOf(0, first(3)))).toBe(200)
  })

  it('keeps logs apart', async () => {
    expect(await statusOf(bodyOf(0, first(5)))).toBe(200)
    const note = checkpointOf(first(3), OTHER_LOG)
    expect(await statusOf(bodyOf(0, first(3), { note }))).toBe(200)
    expect(await ask(bodyOf(3, first(5)))).toEqual({ status: 409, body: '5\n' })
  })

  it('takes a size that it does not know of for a conflict, before any proof is looked at', async () => {
    expect(await ask(bodyOf(3, first(5)))).toEqual({ status: 409, body: '0\n' })
    await ask(bodyOf(0, first(5)))
    const wrong = bodyOf(4, first(8), { proof: [] })
    expect(await ask(wrong)).toEqual({ status: 409, body: '5\n' })
  })

  it('ignores whatever else signed, under whatever name', async () => {
    const odd = `— ${'n'.repeat(300)} AAAAAAAA\n— a\u0080b AAAAAAAA\n`
    const answer = await ask(bodyOf(0, first(5), { note: checkpointOf(first(5)) + odd }))
    expect(answer.status).toBe(200)
    expect(store.notes.get(LOG.name)).toBe(checkpointOf(first(5)) + answer.body)
  })

  it('keeps extension lines and the signatures of the log, and no other', async () => {
    const note = parseNote(checkpointOf(first(2), LOG, ['further words']))
    const strange = parseNote(checkpointOf(first(2), STRANGER)).signatures
    const sent = formatNote({ ...note, signatures: [...strange, ...note.signatures] })
    expect(await statusOf(bodyOf(0, first(2), { note: sent }))).toBe(200)
    const kept = parseNote(store.notes.get(LOG.name) ?? '')
    expect(kept.text).toBe(note.text)
    expect(kept.signatures.map(({ id }) => id)).toEqual([LOG.id, WITNESS.id])
  })

  describe('of a log that changes its key', () => {
    it('takes either', async () => {
      const next = signingKey(LOG.name, KEY_TYPE.ed25519, seedOf('next'))
      const logs = new Map([[LOG.name, [LOG, next]]])
      const one = await openWitness({ keys: [WITNESS], logs, store, nowMs: () => nowMs })
      const send = (old: number, size: number, key: typeof LOG) =>
        one.addCheckpoint(
          Buffer.from(bodyOf(old, first(size), { note: checkpointOf(first(size), key) })),
        )
      expect((await send(0, 3, LOG)).status).toBe(200)
      expect((await send(3, 5, next)).status).toBe(200)
    })
  })
})

describe('the time of a cosignature', () => {
  const text = (size: number) => parseNote(checkpointOf(first(size))).text

  it('never goes back by a little', async () => {
    await ask(bodyOf(0, first(4)))
    nowMs -= 90_000
    const answer = await ask(bodyOf(4, first(5)))
    expect(timesOf(text(5), answer.body)).toEqual([1_700_000_000])
  })

  it('comes back from a clock that was far ahead', async () => {
    nowMs = 4_000_000_000_000
    await ask(bodyOf(0, first(4)))
    nowMs = 1_700_000_000_000
    const answer = await ask(bodyOf(4, first(5)))
    expect(timesOf(text(5), answer.body)).toEqual([1_700_000_000])
  })

  it('is never zero', async () => {
    nowMs = 0
    const answer = await ask(bodyOf(0, first(4)))
    expect(timesOf(text(4), answer.body)).toEqual([1])
  })

  it('is new for the same checkpoint, which costs the disk nothing within a second', async () => {
    let writes = 0
    store.before = async () => {
      writes++
    }
    const one = await ask(bodyOf(0, first(4)))
    expect(await ask(bodyOf(4, first(4)))).toEqual(one)
    expect(writes).toBe(1)
    nowMs += 1000
    const two = await ask(bodyOf(4, first(4)))
    expect(timesOf(text(4), two.body)).toEqual([1_700_000_001])
    expect(writes).toBe(2)
  })
})

describe('what a witness keeps', () => {
  it('is on the disk before it answers', async () => {
    const steps: string[] = []
    store.after = async () => {
      await new Promise((resolve) => setTimeout(resolve, 20))
      steps.push('kept')
    }
    await ask(bodyOf(0, first(4))).then(() => steps.push('answered'))
    expect(steps).toEqual(['kept', 'answered'])
  })

  it.each(['before', 'after'] as const)(
    'is what it answered, where the disk fails %s',
    async (when) => {
      await ask(bodyOf(0, first(4)))
      store[when] = async () => {
        throw new Error('EIO')
      }
      await expect(ask(bodyOf(4, first(5)))).rejects.toThrow('EIO')
      await expect(ask(bodyOf(when === 'before' ? 4 : 5, first(7)))).rejects.toThrow('EIO')
      store[when] = async () => {}
      // Whatever it kept was never answered, and nothing smaller is cosigned than what was.
      const size = when === 'before' ? 4 : 7
      expect(await ask(bodyOf(0, first(1)))).toEqual({ status: 409, body: `${size}\n` })
      expect(await statusOf(bodyOf(size, first(8)))).toBe(200)
    },
  )

  it.each([
    ['is empty', () => ''],
    ['is cut short', (note: string) => note.slice(0, -20)],
    ['has another size', (note: string) => note.replace('\n4\n', '\n3\n')],
    ['has another root', (note: string) => note.replace(/\n(.)/, '\nx$1')],
    ['is of another log', () => checkpointOf(first(4), OTHER_LOG)],
    ['was not cosigned', () => checkpointOf(first(4))],
    ['was cosigned by another witness', () => strangers()],
    ['lost a byte', (note: string) => note.replace(/=\n$/, '\n')],
  ])('stops it, where it %s', async (_, change) => {
    await ask(bodyOf(0, first(4)))
    const note = store.notes.get(LOG.name) ?? ''
    store.notes.set(LOG.name, await change(note))
    const broken = { code: 'WITNESS_STATE_BROKEN', details: { origin: LOG.name } }
    await expect(ask(bodyOf(4, first(5)))).rejects.toMatchObject(broken)
    await expect(ask(bodyOf(0, first(5)))).rejects.toMatchObject(broken)
    await expect(open(store)).rejects.toMatchObject(broken)
    const other = checkpointOf(first(3), OTHER_LOG)
    expect(await statusOf(bodyOf(0, first(3), { note: other }))).toBe(200)
    store.notes.set(LOG.name, note)
    expect(await statusOf(bodyOf(4, first(5)))).toBe(200)
  })

  async function strangers() {
    const key = signingKey(WITNESS.name, KEY_TYPE.cosignature, seedOf('another'))
    const other = storeInMemory()
    const one = await open(other, { keys: [key] })
    await one.addCheckpoint(Buffer.from(bodyOf(0, first(4))))
    return other.notes.get(LOG.name) ?? ''
  }

  it('stops it, where it is put back to an earlier state while it runs', async () => {
    await ask(bodyOf(0, first(4)))
    const yesterday = store.notes.get(LOG.name) ?? ''
    await ask(bodyOf(4, first(5)))
    store.notes.set(LOG.name, yesterday)
    const broken = { code: 'WITNESS_STATE_BROKEN' }
    await expect(ask(bodyOf(4, historyOf(6, 'fork', 4)))).rejects.toMatchObject(broken)
    store.notes.delete(LOG.name)
    await expect(ask(bodyOf(0, historyOf(6, 'fork')))).rejects.toMatchObject(broken)
  })

  it('is served by the hash of the origin', async () => {
    const hash = sha256(LOG.name).toString('hex')
    expect(await witness.latest(hash)).toBe(null)
    await ask(bodyOf(0, first(4)))
    expect(await witness.latest(hash)).toBe(store.notes.get(LOG.name))
    expect(await witness.latest(hash.toUpperCase())).toBe(null)
    expect(await witness.latest('x')).toBe(null)
  })
})

describe.skipIf(MLDSA === null)('with ML-DSA-44 (needs Node 24.6)', () => {
  it('cosigns with both keys', async () => {
    const keys = [WITNESS, MLDSA as typeof WITNESS]
    const both = await open(store, { keys })
    const answer = await both.addCheckpoint(Buffer.from(bodyOf(0, first(5))))
    expect(answer.status).toBe(200)
    const { text } = parseNote(checkpointOf(first(5)))
    expect(timesOf(text, answer.body, keys)).toEqual([1_700_000_000, 1_700_000_000])
    const again = await both.addCheckpoint(Buffer.from(bodyOf(5, first(5))))
    expect(again).toEqual(answer)
  })
})

describe('the keys of a witness', () => {
  it.each([
    ['none', []],
    ['the key of a log', [LOG]],
    ['two of one type', [WITNESS, signingKey('x', KEY_TYPE.cosignature, seedOf('x'))]],
  ])('are not %s', async (_, keys) => {
    await expect(openWitness({ keys, logs: KNOWN, store, nowMs: () => 0 })).rejects.toMatchObject({
      code: 'KEY_INVALID',
    })
  })
})
