/**
 * Lets the system calls of a writer fail, one by one: `node test/soak/log-faults.ts [step]`. Needs
 * `strace`. For every call that the append path makes (each `step`th, 1 unless told), the writer runs
 * with that call failing by EIO or ENOSPC; then the log must start again without help and hold all
 * that was acknowledged.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { folderDisk } from '../../src/disk/folder.ts'
import { BEGINNING, follow } from '../../src/sequencer/follow.ts'
import { initLog, openSequencer } from '../../src/sequencer/sequencer.ts'
import { ALONE } from '../sequencer/support.ts'
import { fileSigner } from './signer.ts'

const step = Number(process.argv[2] ?? 1)
const CALLS = ['openat', 'write', 'pwrite64', 'fdatasync', 'fsync', 'rename', 'ftruncate', 'close']
const ACTS = '4'
const base = mkdtempSync(join(tmpdir(), 'telltale-faults-'))
const script = fileURLToPath(new URL('./log-writer.ts', import.meta.url))

interface Run {
  readonly told: Map<number, string>
  readonly trace: string
  readonly code: number | null
}

function runWriter(folder: string, tag: string, inject: string[]): Run {
  const out = join(base, 'trace')
  const strace = ['-f', '-o', out, '-e', `trace=${CALLS.join(',')}`, ...inject]
  const ran = spawnSync('strace', [...strace, process.execPath, script, folder, tag, ACTS], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  })
  const told = new Map<number, string>()
  for (const line of ran.stdout.split('\n')) {
    const [, index, text] = /^(\d+) (\S+\/)$/.exec(line) ?? []
    if (text !== undefined) told.set(Number(index), text)
  }
  const trace = spawnSync('cat', [out], { encoding: 'utf8', maxBuffer: 1 << 28 }).stdout
  return { told, trace, code: ran.status }
}

async function fresh(name: string): Promise<string> {
  const folder = join(base, name)
  rmSync(folder, { recursive: true, force: true })
  spawnSync('mkdir', ['-p', folder])
  await initLog(folderDisk(folder), fileSigner(`${folder}.keys`))
  return folder
}

async function check(folder: string, told: Map<number, string>): Promise<void> {
  const disk = folderDisk(folder)
  const signer = fileSigner(`${folder}.keys`)
  const log = await openSequencer({
    disk,
    signer,
    ...ALONE,
  })
  await log.close()
  let seen = 0
  for await (const { first, entries } of follow(disk, log.published(), BEGINNING)) {
    for (const [i, entry] of entries.entries()) {
      const text = told.get(first + i)
      if (text === undefined) continue
      if (!entry.toString().startsWith(text)) throw new Error(`entry ${first + i} differs`)
      seen++
    }
  }
  if (seen !== told.size) throw new Error(`${told.size} acknowledged, ${seen} there`)
}

/** Numbers, counted within each thread as strace does, that a call of this name which concerns the
 * log's folder had. */
function callsOn(trace: string, name: string, folder: string): number[] {
  const fds = new Set<string>()
  const counts = new Map<string, number>()
  const numbers = new Set<number>()
  for (const line of trace.split('\n')) {
    const [, fd] = /openat\(.*= (\d+)$/.exec(line) ?? []
    if (fd !== undefined && line.includes(`"${folder}`)) fds.add(fd)
    const thread = line.split(' ')[0]
    if (!line.includes(` ${name}(`)) continue
    const number = (counts.get(thread) ?? 0) + 1
    counts.set(thread, number)
    const used = new RegExp(` ${name}\\((\\d+)`).exec(line)?.[1]
    if (line.includes(`"${folder}`) || (used !== undefined && fds.has(used))) numbers.add(number)
  }
  return [...numbers].sort((a, b) => a - b)
}

let runs = 0
let hit = 0
try {
  const clean = await fresh('log')
  const { trace, told } = runWriter(clean, 'clean', [])
  await check(clean, told)
  console.log(`${told.size} entries acknowledged without a fault`)
  for (const name of CALLS) {
    const numbers = callsOn(trace, name, clean)
    for (const [i, number] of numbers.entries()) {
      if (i % step !== 0) continue
      for (const error of ['EIO', 'ENOSPC']) {
        const folder = await fresh('log')
        const inject = ['-e', `inject=${name}:error=${error}:when=${number}`]
        const run = runWriter(folder, `${name}${number}`, inject)
        await check(folder, run.told).catch((cause) => {
          throw new Error(`${name} ${number} ${error}`, { cause })
        })
        runs++
        if (run.code !== 0) hit++
      }
    }
    console.log(`${name}: ${numbers.length} calls; ${runs} runs so far, ${hit} writers stopped`)
  }
  console.log('the log held.')
} finally {
  rmSync(base, { recursive: true, force: true })
}
