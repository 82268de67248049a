import { describe, expect, it } from 'vitest'
import { initLog, openSequencer, type Sequencer } from '../../src/sequencer/sequencer.ts'
import { Crash, type Fault, type MemoryDisk, memoryDisk } from './memory-disk.ts'
import { ALONE, publishedEntries, randomFrom, type TestSigner, testSigner } from './support.ts'

/** What callers know: entries by the index they were told, and all that were ever tried. */
interface Known {
  readonly acknowledged: Map<number, string>
  readonly tried: Set<string>
}

const open = (disk: MemoryDisk, signer: TestSigner) => openSequencer({ disk, signer, ...ALONE })

/** Appends `count` entries by several callers at once, each known before it is tried. */
async function append(log: Sequencer, known: Known, tag: string, count: number): Promise<void> {
  const one = async (i: number) => {
    // Now and then several entries in one act, and one of thousands of bytes.
    const texts = Array.from({ length: (i % 5) + 1 }, (_, k) => `${tag}/${i}/${k}/`)
    const entries = texts.map((text, k) => text.padEnd(i % 7 === k ? 3000 : 40, 'x'))
    for (const entry of entries) known.tried.add(entry)
    const first = await log.append(entries.map((entry) => Buffer.from(entry)))
    for (const [k, entry] of entries.entries()) known.acknowledged.set(first + k, entry)
  }
  await Promise.allSettled(Array.from({ length: count }, (_, i) => one(i)))
}

/** What every log must be like, whatever happened to it. */
function holds(disk: MemoryDisk, known: Known): void {
  const entries = publishedEntries(disk.files()).map((entry) => entry.toString())
  for (const [index, entry] of known.acknowledged) expect(entries[index]).toBe(entry)
  expect(entries.filter((entry) => !known.tried.has(entry))).toEqual([])
  expect(new Set(entries).size).toBe(entries.length)
}

/** A log in use, cut off by a fault; returns how many operations it took without one. */
async function use(disk: MemoryDisk, signer: TestSigner, known: Known, tag: string) {
  const log = await open(disk, signer)
  await append(log, known, `${tag}a`, 60)
  await append(log, known, `${tag}b`, 60)
  await log.close()
}

async function made(): Promise<{ disk: MemoryDisk; signer: TestSigner; known: Known }> {
  const [disk, signer] = [memoryDisk(), testSigner()]
  await initLog(disk, signer)
  const known: Known = { acknowledged: new Map(), tried: new Set() }
  await use(disk, signer, known, 'first')
  return { disk: disk.afterPowerLoss(() => 0), signer, known }
}

async function cutOff(fault: Fault, seed: number, powerFails: boolean): Promise<void> {
  const { disk, signer, known } = await made()
  disk.setFault(fault)
  await use(disk, signer, known, 'second').catch((error) => {
    if (!(error instanceof Crash) && !/injected|LOG_|stopped/.test(String(error))) throw error
  })
  const random = randomFrom(seed)
  const after = powerFails ? disk.afterPowerLoss(random) : disk.afterKill()
  // Whatever was signed is remembered apart; the log must never contradict it.
  const log = await open(after, signer)
  await append(log, known, 'third', 3)
  await log.close()
  holds(after, known)
}

async function operationsOfUse(): Promise<number> {
  const { disk, signer, known } = await made()
  disk.setFault(null)
  await use(disk, signer, known, 'second')
  holds(disk, known)
  return disk.operations.length
}

describe('a log whose process or power ends', () => {
  it('keeps what it acknowledged and invents nothing, at whatever operation it ends', async () => {
    const operations = await operationsOfUse()
    expect(operations).toBeGreaterThan(40)
    for (let at = 0; at < operations; at++) {
      for (const powerFails of [false, true]) {
        await cutOff({ at, kind: 'crash' }, at, powerFails).catch((error) => {
          throw new Error(`operation ${at}, power ${powerFails}: ${error.stack}`)
        })
      }
    }
  })

  it('keeps it where any one operation fails, or all from one on', async () => {
    const operations = await operationsOfUse()
    for (let at = 0; at < operations; at++) {
      for (const kind of ['EIO', 'ENOSPC'] as const) {
        for (const from of [false, true]) {
          await cutOff({ at, kind, from }, at, at % 2 === 0).catch((error) => {
            throw new Error(`operation ${at}, ${kind}, ${from}: ${error.stack}`)
          })
        }
      }
    }
  })
})
