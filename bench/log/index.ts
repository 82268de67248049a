/**
 * How fast an index follows a log: `node bench/log/index.ts [--entries N] [--more N]`. A
 * log is written, then followed into a fresh index kept in a folder; then it grows, and only what is new
 * is read. Figures are entries a second of the wall clock and of processor time (all threads).
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createRecorder } from '../../src/disclosure/recorder.ts'
import { folderDisk } from '../../src/disk/folder.ts'
import { createIndexBuilder } from '../../src/index/builder.ts'
import { createKeyFolder, openKeyFolder } from '../../src/keys/folder.ts'
import { openVerifiedLog } from '../../src/log-source.ts'
import { startSealing } from '../../src/sealing/threads.ts'
import { initLog, openSequencer } from '../../src/sequencer/sequencer.ts'
import { checkpointSigner } from '../../src/sequencer/signer.ts'
import { ALONE } from '../../test/sequencer/support.ts'
import { disclosureAt } from './disclosures.ts'

const CALLERS = 512
const { values } = parseArgs({
  options: {
    entries: { type: 'string', default: '1000000' },
    more: { type: 'string', default: '100000' },
    folder: { type: 'string', default: tmpdir() },
  },
})
const folder = mkdtempSync(join(values.folder, 'telltale-bench-'))
const dir = join(folder, 'desk.log')
const keyOptions = { service: null, lock: async () => ({ release: async () => {} }) }
let written = 0

try {
  await createKeyFolder(`${dir}.keys`, 'log.example/desk', Date.now(), keyOptions)
  await write(Number(values.entries))
  await followOnce()
  await write(Number(values.more))
  await followOnce()
  await followOnce()
} finally {
  rmSync(folder, { recursive: true, force: true })
}

async function write(more: number): Promise<void> {
  const { signer, memory, ring } = await openKeyFolder(`${dir}.keys`, keyOptions)
  const [disk, checkpoints] = [folderDisk(dir), checkpointSigner(signer, memory)]
  if (written === 0) await initLog(disk, checkpoints)
  const options = {
    disk,
    signer: checkpoints,
    ...ALONE,
  }
  const log = await openSequencer(options)
  const sealing = startSealing(ring.current(), Math.max(1, availableParallelism() - 1))
  const recorder = createRecorder(sealing, log.appendSpelled)
  const end = written + more
  async function caller(): Promise<void> {
    while (written < end) await recorder.record(disclosureAt(written++))
  }
  await Promise.all(Array.from({ length: CALLERS }, caller))
  await log.close()
  await sealing.close()
}

async function followOnce(): Promise<void> {
  const builder = await createIndexBuilder({
    dir: join(folder, 'index'),
    strict: true,
    nowS: Date.now() / 1000,
  })
  const log = await openVerifiedLog(dir, {})
  let highest = 0
  const watch = setInterval(() => {
    highest = Math.max(highest, process.memoryUsage().rss)
  }, 100)
  const [began, usage] = [performance.now(), process.cpuUsage()]
  const { rowsAdded } = await builder.addLog(log, () => {})
  const seconds = (performance.now() - began) / 1000
  const { user, system } = process.cpuUsage(usage)
  clearInterval(watch)
  const processor = (user + system) / 1e6
  const rate = (perSeconds: number) => Math.round(rowsAdded / perSeconds).toLocaleString('en-US')
  console.log(
    `${rowsAdded.toLocaleString('en-US')} new of ${log.checkpoint.size.toLocaleString('en-US')} entries:`,
    `${seconds.toFixed(2)} s, ${rate(seconds)}/s; processor ${processor.toFixed(2)} s, ${rate(processor)}/s`,
    `each; memory at most ${Math.round(highest / 2 ** 20)} MiB; load ${loadavg()[0].toFixed(1)}`,
  )
  builder.close()
}
