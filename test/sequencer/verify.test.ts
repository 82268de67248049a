import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BEGINNING, type Followed, follow } from '../../src/sequencer/follow.ts'
import { checkJournal, checkLeftovers } from '../../src/sequencer/fsck.ts'
import { initLog, openSequencer } from '../../src/sequencer/sequencer.ts'
import type { TreeHead } from '../../src/sequencer/source.ts'
import { verifyTree } from '../../src/sequencer/verify.ts'
import { destructionEntry } from '../../src/tlog/entry.ts'
import { type MemoryDisk, memoryDisk } from './memory-disk.ts'
import { ALONE, publishedEntries, testSigner } from './support.ts'

/** A log that was published at each of these sizes. */
async function logOf(...sizes: number[]) {
  const [disk, signer] = [memoryDisk(), testSigner()]
  await initLog(disk, signer)
  const heads: TreeHead[] = []
  let size = 0
  for (const to of sizes) {
    const log = await openSequencer({
      disk,
      signer,
      ...ALONE,
    })
    while (size < to) await log.append([destructionEntry(++size, 1_760_000_000_000 + size)])
    await log.close()
    heads.push(log.published())
  }
  return { disk, heads, head: heads[heads.length - 1] }
}

async function findingsOf(disk: MemoryDisk, head: TreeHead) {
  const { findings } = await verifyTree(disk, head)
  return [...findings, ...(await checkLeftovers(disk, head))]
}

async function takenFrom(disk: MemoryDisk, head: TreeHead, cursor: TreeHead) {
  const taken: Followed[] = []
  for await (const part of follow(disk, head, cursor)) taken.push(part)
  return taken
}

describe('verifying a log', () => {
  it('finds nothing where nothing was changed, at every size around the tiles', async () => {
    for (const sizes of [[0], [1], [255], [256], [257], [3, 511, 512, 700], [1, 2, 3]]) {
      const { disk, head } = await logOf(...sizes)
      expect(await findingsOf(disk, head), String(sizes)).toEqual([])
      expect((await verifyTree(disk, head)).entries).toBe(sizes.at(-1))
      const journal = await checkJournal(disk, 'log.example/desk', head)
      expect(journal).toEqual({ findings: [], unpublished: 0, tornBytes: 0 })
    }
  })

  it('finds a changed bit anywhere in tiles and bundles, and says in which file', async () => {
    const { disk, head } = await logOf(100, 290, 700)
    const paths = [...disk.files().keys()].filter((path) => path.startsWith('tile/'))
    expect(paths).toContain('tile/0/002.p/188')
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...paths), fc.nat(), async (path, at) => {
        const changed = disk.afterKill()
        const bytes = changed.files().get(path) ?? Buffer.alloc(0)
        bytes[(at >> 3) % bytes.length] ^= 1 << (at & 7)
        const findings = await findingsOf(changed, head)
        expect(findings.length).toBeGreaterThan(0)
        const related = path.replace(/\.p.*$/, '').replace('tile/entries', 'tile/0')
        const paths = findings.map((one) => one.path.replace('tile/entries', 'tile/0'))
        // A changed hash shows in the file that is compared with it.
        expect(
          paths.some((one) => one.startsWith(related.slice(0, 5)) || one === 'checkpoint'),
        ).toBe(true)
      }),
      { numRuns: 300 },
    )
  })

  it('finds a file taken away, cut, swapped with another, or put among them', async () => {
    const { disk, head } = await logOf(700)
    const paths = [...disk.files().keys()].filter((path) => path.startsWith('tile/'))
    for (const path of paths) {
      const without = disk.afterKill()
      await without.remove(path)
      expect(await findingsOf(without, head), path).not.toEqual([])
      const cut = disk.afterKill()
      const bytes = cut.files().get(path) ?? Buffer.alloc(0)
      await cut.write(path, bytes.subarray(0, bytes.length - 32))
      expect(await findingsOf(cut, head), path).not.toEqual([])
    }
    const swapped = disk.afterKill()
    const [a, b] = ['tile/entries/000', 'tile/entries/001'].map((path) => swapped.files().get(path))
    await swapped.write('tile/entries/000', b ?? Buffer.alloc(0))
    await swapped.write('tile/entries/001', a ?? Buffer.alloc(0))
    expect(await findingsOf(swapped, head)).toHaveLength(512)
    const added = disk.afterKill()
    await added.write('tile/0/12', Buffer.alloc(32))
    expect(await checkLeftovers(added, head)).toEqual([
      { path: 'tile/0/12', problem: 'no log has a file of this name' },
    ])
  })

  it('finds entries dropped, inserted and exchanged even where tiles are made to fit', async () => {
    const { disk, heads, head } = await logOf(300, 700)
    const entries = publishedEntries(disk.files())
    const variants = [
      entries.filter((_, i) => i !== 400),
      [...entries.slice(0, 400), Buffer.from('forged'), ...entries.slice(400)],
      entries.map((entry, i) => (i === 5 ? entries[6] : i === 6 ? entries[5] : entry)),
    ]
    for (const variant of variants) {
      const forged = memoryDisk()
      const signer = testSigner()
      await initLog(forged, signer)
      const log = await openSequencer({
        disk: forged,
        signer,
        ...ALONE,
      })
      for (const entry of variant) await log.append([entry])
      await log.close()
      // Even the key was stolen: only the checkpoint that somebody kept tells.
      expect((await verifyTree(forged, head)).findings).not.toEqual([])
      await expect(takenFrom(forged, log.published(), heads[1])).rejects.toMatchObject({
        code: 'LOG_FORKED',
      })
    }
  })
})

describe('following a log', () => {
  it('gives every entry once, whatever was read before', async () => {
    const { disk, heads, head } = await logOf(1, 300, 512, 700)
    const all = publishedEntries(disk.files())
    for (const cursor of [BEGINNING, ...heads]) {
      const taken = await takenFrom(disk, head, cursor)
      expect(taken.flatMap(({ entries }) => entries)).toEqual(all.slice(cursor.size))
      expect(taken.at(-1)?.cursor ?? head).toEqual(head)
    }
  })

  it('gives out nothing that the checkpoint does not stand for', async () => {
    const { disk, head } = await logOf(700)
    for (const path of ['tile/entries/001', 'tile/entries/002.p/188']) {
      const changed = disk.afterKill()
      const bytes = changed.files().get(path)
      bytes?.writeUInt8(bytes[30] ^ 1, 30)
      await expect(takenFrom(changed, head, BEGINNING)).rejects.toMatchObject({
        code: 'LOG_DAMAGED',
      })
    }
    const root = Buffer.alloc(32, 1)
    const later = { size: 701, root }
    await expect(takenFrom(disk, head, later)).rejects.toMatchObject({ code: 'LOG_FORKED' })
    await expect(takenFrom(disk, head, { size: 5, root })).rejects.toMatchObject({
      code: 'LOG_FORKED',
    })
  })
})
