/**
 * What grows with a log, and what must not: `node bench/log/scale.ts [entries...] [--folder F]`. For
 * each size a log is written and its writer killed in the middle of the next entries; then it is
 * started again, verified whole, followed, and asked for proofs.
 */
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import { createRecorder } from '../../src/disclosure/recorder.ts'
import { folderDisk } from '../../src/disk/folder.ts'
import { startSealing } from '../../src/sealing/threads.ts'
import { BEGINNING, follow } from '../../src/sequencer/follow.ts'
import { initLog, openSequencer } from '../../src/sequencer/sequencer.ts'
import { type TreeHead, tilesOf } from '../../src/sequencer/source.ts'
import { verifyTree } from '../../src/sequencer/verify.ts'
import { proveInclusion } from '../../src/tlog/plan.ts'
import { verifyInclusion } from '../../src/tlog/proof.ts'
import { ALONE } from '../../test/sequencer/support.ts'
import { fileSigner } from '../../test/soak/signer.ts'
import { disclosureAt } from './disclosures.ts'

const CALLERS = 512
const PROOFS = 2000
const { values, positionals } = parseArgs({
  options: { folder: { type: 'string', default: '.' }, build: { type: 'string' } },
  allowPositionals: true,
})

/** Writes a log of this many entries, and ends without a goodbye. */
async function build(folder: string, entries: number): Promise<never> {
  const [disk, signer] = [folderDisk(folder), fileSigner(`${folder}.signed`)]
  await initLog(disk, signer)
  const log = await openSequencer({
    disk,
    signer,
    ...ALONE,
  })
  const sealing = startSealing({ epoch: 1, key: randomBytes(32) }, 1)
  const recorder = createRecorder(sealing, log.appendSpelled)
  let next = 0
  let highest = 0
  const began = performance.now()
  async function caller(): Promise<void> {
    while (next < entries) {
      await recorder.record(disclosureAt(next++))
      if (next % 100_000 === 0) highest = Math.max(highest, process.memoryUsage().rss)
    }
  }
  await Promise.all(Array.from({ length: CALLERS }, caller))
  const perSecond = (entries / (performance.now() - began)) * 1000
  show('written', `${count(perSecond)} entries/s; memory at most ${mib(highest)}`)
  process.kill(process.pid, 'SIGKILL')
  return new Promise(() => {})
}

async function measure(folder: string): Promise<void> {
  const [disk, signer] = [folderDisk(folder), fileSigner(`${folder}.signed`)]
  const opening = performance.now()
  const log = await openSequencer({
    disk,
    signer,
    ...ALONE,
  })
  const openMs = performance.now() - opening
  show('started again', `${openMs.toFixed(0)} ms; ${count(log.recovered.entries)} were unpublished`)
  await log.close()
  const head = log.published()
  const bytes = await bytesBelow(folder)
  show('bytes an entry', (bytes / head.size).toFixed(0))
  await timed('verified whole', head.size, async () => {
    const { findings, entries } = await verifyTree(disk, head)
    if (findings.length > 0 || entries !== head.size) throw new Error('not whole')
  })
  await timed('followed', head.size, async () => {
    for await (const _ of follow(disk, head, BEGINNING));
  })
  await proofs(disk, head)
}

async function proofs(disk: ReturnType<typeof folderDisk>, head: TreeHead): Promise<void> {
  const indexes = Array.from({ length: PROOFS }, (_, i) => (i * 7_368_787) % head.size)
  const proven: { index: number; proof: Buffer[]; leaf: Buffer }[] = []
  await timed('proofs made', PROOFS, async () => {
    for (const index of indexes) {
      const proof = await proveInclusion(index, head.size, tilesOf(disk, head.size))
      const tile = await tilesOf(
        disk,
        head.size,
      )({
        level: 0,
        index: Math.floor(index / 256),
        width: 256,
      })
      proven.push({
        index,
        proof,
        leaf: tile.subarray((index % 256) * 32, (index % 256) * 32 + 32),
      })
    }
  })
  await timed('proofs checked', PROOFS, async () => {
    for (const { index, proof, leaf } of proven) {
      verifyInclusion({ index, size: head.size, leaf, root: head.root, proof })
    }
  })
}

async function timed(what: string, things: number, work: () => Promise<void>): Promise<void> {
  const began = performance.now()
  await work()
  const tookS = (performance.now() - began) / 1000
  const rss = mib(process.memoryUsage().rss)
  show(what, `${tookS.toFixed(1)} s, ${count(things / tookS)}/s; memory ${rss}`)
}

async function bytesBelow(folder: string): Promise<number> {
  let bytes = 0
  for (const name of await readdir(folder, { recursive: true })) {
    const { size, isFile } = await stat(join(folder, name)).then((s) => ({
      size: s.size,
      isFile: s.isFile(),
    }))
    if (isFile) bytes += size
  }
  return bytes
}

const count = (n: number) => Math.round(n).toLocaleString('en')
const mib = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MiB`
const show = (what: string, figures: string) => console.log(`  ${what.padEnd(16)} ${figures}`)

if (values.build !== undefined) await build(values.folder, Number(values.build))
const base = await mkdtemp(join(values.folder, 'bench-log-'))
for (const entries of positionals.length > 0 ? positionals : ['100000', '1000000']) {
  console.log(`${count(Number(entries))} entries`)
  const folder = join(base, entries)
  await mkdir(folder)
  const args = [import.meta.filename, '--folder', folder, '--build', entries]
  const child = spawn(process.execPath, args, { stdio: 'inherit' })
  await new Promise((resolve) => child.on('close', resolve))
  await measure(folder)
  await rm(folder, { recursive: true })
}
await rm(base, { recursive: true })
