import { describe, expect, it } from 'vitest'
import { frameHead, spell } from '../../src/sequencer/frames.ts'
import { journalPath } from '../../src/sequencer/journal.ts'
import { initLog, openSequencer, type Sequencer } from '../../src/sequencer/sequencer.ts'
import { formatVkey, KEY_TYPE, signingKey } from '../../src/tlog/vkey.ts'
import { type MemoryDisk, memoryDisk } from './memory-disk.ts'
import { ALONE, type TestSigner, testSigner } from './support.ts'

const open = (disk: MemoryDisk, signer: TestSigner) => openSequencer({ disk, signer, ...ALONE })
const entry = (text: string) => [Buffer.from(text)]

async function made(entries: number) {
  const [disk, signer] = [memoryDisk(), testSigner()]
  await initLog(disk, signer)
  await grow(disk, signer, entries, 'first')
  return { disk, signer }
}

async function grow(disk: MemoryDisk, signer: TestSigner, count: number, tag: string) {
  const log = await open(disk, signer)
  await Promise.all(Array.from({ length: count }, (_, i) => log.append(entry(`${tag} ${i}`))))
  await log.close()
}

describe('a log that somebody changed while it was stopped', () => {
  it('does not start where yesterday was restored', async () => {
    const { disk, signer } = await made(300)
    const yesterday = disk.afterKill()
    await grow(disk, signer, 10, 'second')
    await expect(open(yesterday, signer)).rejects.toMatchObject({ code: 'LOG_ROLLED_BACK' })
  })

  it('does not start where a checkpoint was signed, never published, and the journal then cut', async () => {
    const { disk, signer } = await made(300)
    const before = disk.afterKill()
    const log = await openSequencer({
      disk,
      signer,
      ...ALONE,
      cosign: async () => null,
    })
    await log.append(entry('signed, but no witness cosigned it'))
    await expect(log.close().then(() => log.whenPublished(301))).rejects.toMatchObject({
      code: 'LOG_STOPPED',
    })
    expect(log.published().size).toBe(300)
    await expect(open(before, signer)).rejects.toMatchObject({ code: 'LOG_ROLLED_BACK' })
  })

  it('publishes at the next start what lacked cosignatures', async () => {
    const { disk, signer } = await made(3)
    const log = await openSequencer({
      disk,
      signer,
      ...ALONE,
      cosign: async () => null,
    })
    await log.append(entry('one more'))
    await log.close()
    const again = await open(disk, signer)
    expect(again.recovered).toEqual({ entries: 1, tornBytes: 0 })
    await again.whenPublished(4)
    await again.close()
  })

  it('does not start where an entry that was signed differs', async () => {
    const { disk, signer } = await made(300)
    const tile = disk.files().get('tile/0/000')
    tile?.writeUInt8(tile[40] ^ 1, 40)
    // The first tile is below what the journal covers; the root above it still gives it away.
    const level1 = disk.files().get('tile/1/000.p/1')
    level1?.writeUInt8(level1[0] ^ 1, 0)
    await expect(open(disk, signer)).rejects.toMatchObject({ code: 'LOG_DAMAGED' })
  })

  it('does not start with another key, nor without its journal, nor where there is no log', async () => {
    const { disk, signer } = await made(3)
    const other = formatVkey(signingKey(signer.origin, KEY_TYPE.ed25519, Buffer.alloc(32, 8)))
    const swapped = disk.afterKill()
    await swapped.write('vkey', Buffer.from(`${other}\n`))
    await expect(open(swapped, signer)).rejects.toMatchObject({ code: 'LOG_OTHER_KEY' })
    const without = disk.afterKill()
    await without.remove('journal')
    await expect(open(without, signer)).rejects.toMatchObject({ code: 'JOURNAL_DAMAGED' })
    await expect(open(memoryDisk(), signer)).rejects.toMatchObject({ code: 'LOG_MISSING' })
    await expect(initLog(disk, signer)).rejects.toMatchObject({ code: 'LOG_EXISTS' })
  })

  it('finds every changed byte of a journal that was not yet in tiles', async () => {
    const { disk, signer } = await made(3)
    const log = await open(disk, signer)
    for (const text of ['one', 'two', 'three']) await log.append(entry(text))
    const killed = disk.afterKill()
    const path = journalPath(3)
    const whole = Buffer.from(killed.files().get(path) ?? '')
    expect(whole.length).toBeGreaterThan(100)
    for (let at = 0; at < whole.length; at++) {
      const changed = killed.afterKill()
      const bytes = Buffer.from(whole)
      bytes[at] ^= 1 << (at % 8)
      await changed.write(path, bytes)
      const opened = open(changed, testSigner(signer.memory.note))
      // Only a length that reaches beyond the end of the last frame looks like a write cut short.
      const outcome = await opened.then(
        (one) => one.close().then(() => 'opened'),
        (e) => e.code,
      )
      if (outcome === 'opened') expect(at).toBeGreaterThan(whole.length - 65)
      else expect(outcome).toBe('JOURNAL_DAMAGED')
    }
    await log.close()
  })
})

describe('a full disk', () => {
  it('is told as one, and not as a failure of ours, wherever it strikes', async () => {
    const codes = new Set<string>()
    for (let after = 0; after < 40; after++) {
      const { disk, signer } = await made(3)
      disk.setFault({ at: after, kind: 'ENOSPC', from: true })
      const tried = async () => {
        const log = await open(disk, signer)
        await log.append(entry('one more')).finally(log.close)
      }
      await tried().catch((error) => codes.add(error.code))
    }
    expect([...codes].sort()).toEqual(['LOG_STOPPED', 'LOG_UNWRITABLE'])
  })
})

describe('two writers of one folder', () => {
  it('cannot both be believed: the second finds what the first signed', async () => {
    const { disk, signer } = await made(3)
    const first: Sequencer = await open(disk, signer)
    await first.append(entry('from the first'))
    await first.whenPublished(4)
    const stale = disk.afterKill()
    await first.append(entry('more'))
    await first.close()
    await expect(open(stale, signer)).rejects.toMatchObject({ code: 'LOG_ROLLED_BACK' })
  })
})

describe('a journal that somebody wrote past the log', () => {
  async function withFrame(batch: { first: number; count: number; payload: Buffer }) {
    const { disk, signer } = await made(3)
    const file = await disk.open(journalPath(3))
    await file.write(Buffer.concat([frameHead(signer.origin, batch), batch.payload]), 0)
    const isEntry = (bytes: Buffer) => bytes.toString() !== 'junk'
    return openSequencer({ disk, signer, cosign: null, check: async () => {}, isEntry })
  }

  it('is not signed where a frame holds no entries, or others than it says, or what is none', async () => {
    const damaged = { code: 'JOURNAL_DAMAGED' }
    const payload = spell([Buffer.from('a'), Buffer.from('b')])
    await expect(withFrame({ first: 3, count: 3, payload })).rejects.toMatchObject(damaged)
    await expect(withFrame({ first: 3, count: 0, payload })).rejects.toMatchObject(damaged)
    await expect(withFrame({ first: 4, count: 2, payload })).rejects.toMatchObject(damaged)
    const empty = Buffer.from([0, 0])
    await expect(withFrame({ first: 3, count: 1, payload: empty })).rejects.toMatchObject(damaged)
    const junk = spell(entry('junk'))
    await expect(withFrame({ first: 3, count: 1, payload: junk })).rejects.toMatchObject(damaged)
    const log = await withFrame({ first: 3, count: 2, payload })
    expect(log.recovered.entries).toBe(2)
    await log.close()
  })
})
