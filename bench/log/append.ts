/**
 * How many entries a second become durable, and how long one waits, at 1, 8, 64 and 512 callers at
 * once: disclosures are sealed and synced, as in use; then without the sync, then without sealing, so that the
 * cost of each shows. `node bench/log/append.ts [seconds] [folder] [sealing threads]`.
 */
import { randomBytes } from 'node:crypto'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { createRecorder } from '../../src/disclosure/recorder.ts'
import { folderDisk } from '../../src/disk/folder.ts'
import { startSealing } from '../../src/sealing/threads.ts'
import type { Disk } from '../../src/sequencer/disk.ts'
import { initLog, openSequencer } from '../../src/sequencer/sequencer.ts'
import { sealerFor } from '../../src/tlog/entry.ts'
import { ALONE } from '../../test/sequencer/support.ts'
import { fileSigner } from '../../test/soak/signer.ts'
import { disclosureAt } from './disclosures.ts'

const seconds = Number(process.argv[2] ?? 5)
const base = process.argv[3] ?? '.'
const threads = Number(process.argv[4] ?? 1)
const CALLERS = [1, 8, 64, 512]

interface Figures {
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
}

async function measure(callers: number, syncs: boolean, seals: boolean): Promise<Figures> {
  const folder = await mkdtemp(join(base, 'bench-log-'))
  try {
    return await measureIn(folder, callers, syncs, seals)
  } finally {
    await rm(folder, { recursive: true, force: true })
    await rm(`${folder}.signed`, { force: true })
  }
}

async function measureIn(folder: string, callers: number, syncs: boolean, seals: boolean) {
  const disk = syncs ? folderDisk(folder) : withoutSync(folderDisk(folder))
  const signer = fileSigner(`${folder}.signed`)
  await initLog(disk, signer)
  const log = await openSequencer({
    disk,
    signer,
    ...ALONE,
  })
  const epochKey = { epoch: 1, key: randomBytes(32) }
  const plain = sealerFor(epochKey).seal(disclosureAt(0), () => randomBytes(16))
  const sealing = startSealing(epochKey, threads)
  const recorder = createRecorder(sealing, log.appendSpelled)
  const waits: number[] = []
  let next = 0
  const until = performance.now() + seconds * 1000
  async function caller(): Promise<void> {
    while (performance.now() < until) {
      const began = performance.now()
      await (seals ? recorder.record(disclosureAt(next++)) : log.append(plain))
      waits.push(performance.now() - began)
    }
  }
  const began = performance.now()
  await Promise.all(Array.from({ length: callers }, caller))
  const tookS = (performance.now() - began) / 1000
  await log.close()
  await sealing.close()
  waits.sort((a, b) => a - b)
  const at = (share: number) => waits[Math.floor((waits.length - 1) * share)]
  return { perSecond: waits.length / tookS, p50Ms: at(0.5), p99Ms: at(0.99) }
}

function withoutSync(disk: Disk): Disk {
  return {
    ...disk,
    syncFile: async () => true,
    syncFolder: async () => {},
    open: async (path) => ({ ...(await disk.open(path)), sync: async () => {} }),
  }
}

/** Of one small write after another to one file, the median of their syncs. */
async function syncMs(): Promise<number> {
  const path = join(base, `bench-sync-${process.pid}`)
  const file = await open(path, 'w')
  const took: number[] = []
  for (let i = 0; i < 200; i++) {
    await file.write(Buffer.alloc(4096, i), 0, 4096, i * 4096)
    const began = performance.now()
    await file.datasync()
    took.push(performance.now() - began)
  }
  await file.close()
  await rm(path)
  return took.sort((a, b) => a - b)[100]
}

console.log(`one sync here: ${(await syncMs()).toFixed(2)} ms`)
console.log('callers  seal  sync   entries/s   p50 ms   p99 ms')
for (const [seals, syncs] of [
  [true, true],
  [true, false],
  [false, true],
] as const) {
  for (const callers of CALLERS) {
    const { perSecond, p50Ms, p99Ms } = await measure(callers, syncs, seals)
    const cells = [
      String(callers).padStart(7),
      seals ? ' yes' : '  no',
      syncs ? ' yes' : '  no',
      Math.round(perSecond).toLocaleString('en').padStart(10),
      p50Ms.toFixed(2).padStart(7),
      p99Ms.toFixed(2).padStart(7),
    ]
    console.log(cells.join('  '))
  }
}
