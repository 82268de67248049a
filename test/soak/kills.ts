/** Kills a log's writer at random moments, again and again, and holds the log to what it
 * acknowledged. */
import { spawn } from 'node:child_process'
import { appendFile, mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { folderDisk } from '../../src/disk/folder.ts'
import { BEGINNING, follow } from '../../src/sequencer/follow.ts'
import { frameHead, readFrames } from '../../src/sequencer/frames.ts'
import { initLog, openSequencer } from '../../src/sequencer/sequencer.ts'
import type { TreeHead } from '../../src/sequencer/source.ts'
import { verifyTree } from '../../src/sequencer/verify.ts'
import { ALONE, randomFrom } from '../sequencer/support.ts'
import { fileSigner } from './signer.ts'

/** What came of a campaign. */
export interface Campaign {
  kills: number
  /** Entries that a writer was told are durable. */
  acknowledged: number
  /** Entries in the log: also those whose acknowledgement the kill cut off. */
  entries: number
  /** Starts that found a frame cut off. */
  torn: number
  /** Entries that a start found durable and unpublished. */
  recovered: number
}

/** A text is told whole or not at all, and no writer tells the same twice. */
const LINE = /^(\d+) (\S+\/\d+\/\d+\/\d+\/)$/

/** Kills `kills` times, each at most `longestMs` after the writer began; throws where the log does not hold what it should. */
export async function campaign(
  folder: string,
  kills: number,
  seed: number,
  longestMs = 1500,
  onKill: (campaign: Campaign) => void = () => {},
): Promise<Campaign> {
  const random = randomFrom(seed)
  const result: Campaign = { kills: 0, acknowledged: 0, entries: 0, torn: 0, recovered: 0 }
  await mkdir(folder, { recursive: true })
  await initLog(folderDisk(folder), fileSigner(`${folder}.keys`))
  let cursor = BEGINNING
  const pending = new Map<number, string>()
  while (result.kills < kills) {
    const told = await killedWriter(
      folder,
      `${seed}-${result.kills}`,
      random() * longestMs,
      longestMs,
    )
    for (const [index, text] of told) {
      if (pending.has(index) || index < cursor.size) throw new Error(`index ${index} told twice`)
      pending.set(index, text)
    }
    result.kills++
    result.acknowledged += told.size
    if (random() < 0.3) await tearJournal(folder, random)
    cursor = await checked(folder, cursor, pending, result)
    onKill(result)
  }
  const { findings } = await verifyTree(folderDisk(folder), cursor).then(withoutMalformed)
  if (findings.length > 0) throw new Error(JSON.stringify(findings.slice(0, 5)))
  return result
}

/** Its entries are texts, which verifying takes for malformed. */
function withoutMalformed({ findings }: Awaited<ReturnType<typeof verifyTree>>) {
  return { findings: findings.filter(({ problem }) => !/malformed/.test(problem)) }
}

async function killedWriter(folder: string, tag: string, afterMs: number, longestMs: number) {
  const script = fileURLToPath(new URL('./log-writer.ts', import.meta.url))
  const child = spawn(process.execPath, [script, folder, tag], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let out = ''
  let err = ''
  child.stderr.on('data', (data) => (err += data))
  child.stdout.on('data', (data) => {
    // Also before it is ready, or while it recovers: the clock starts with the process for some.
    if (out === '') setTimeout(() => child.kill('SIGKILL'), afterMs)
    out += data
  })
  if (afterMs < longestMs / 10) setTimeout(() => child.kill('SIGKILL'), afterMs * 4)
  await new Promise((resolve) => child.on('close', resolve))
  if (child.signalCode !== 'SIGKILL') throw new Error(`the writer ended by itself: ${err}`)
  const told = new Map<number, string>()
  for (const line of out.split('\n').slice(0, -1)) {
    const [, index, text] = LINE.exec(line) ?? []
    if (text !== undefined) told.set(Number(index), text)
  }
  return told
}

/** What a power failure may leave of a frame that was never acknowledged: its beginning, or all of it
 * but for sectors that did not arrive. */
async function tearJournal(folder: string, random: () => number): Promise<void> {
  const [name] = (await readdir(join(folder, 'journal'))).sort().slice(-1)
  const path = join(folder, 'journal', name)
  const before = await readFile(path)
  const content = readFrames('soak.example', before, Number(name))
  if (typeof content === 'string' || content.torn !== null) return
  const payload = Buffer.from(Array.from({ length: 4000 }, () => 33 + Math.floor(random() * 90)))
  const first = Number(name) + content.batches.reduce((sum, { count }) => sum + count, 0)
  const frame = Buffer.concat([frameHead('soak.example', { first, count: 1, payload }), payload])
  if (random() < 0.5) {
    await appendFile(path, frame.subarray(0, 1 + Math.floor(random() * (frame.length - 1))))
    return
  }
  const sector = Math.ceil(before.length / 512) * 512 - before.length
  const at = sector + 512 * Math.floor(random() * 6)
  await appendFile(path, frame.fill(0, at, at + 512))
}

/** Opens the log as the next writer would, and follows what is new. */
async function checked(
  folder: string,
  cursor: TreeHead,
  pending: Map<number, string>,
  result: Campaign,
): Promise<TreeHead> {
  const disk = folderDisk(folder)
  const log = await openSequencer({
    disk,
    signer: fileSigner(`${folder}.keys`),
    ...ALONE,
  })
  if (log.recovered.tornBytes > 0) result.torn++
  result.recovered += log.recovered.entries
  await log.close()
  let reached = cursor
  for await (const { first, entries, cursor: next } of follow(disk, log.published(), cursor)) {
    for (const [i, entry] of entries.entries()) {
      const text = entry.toString().replace(/\.+$/, '')
      const told = pending.get(first + i)
      if (told !== undefined && told !== text) throw new Error(`entry ${first + i} is ${text}`)
      if (!/^\d+-\d+\/\d+\/\d+\/\d+\/$/.test(text)) throw new Error(`invented: ${text}`)
      pending.delete(first + i)
    }
    reached = next
  }
  const [lost] = pending.keys()
  if (lost !== undefined) throw new Error(`entry ${lost} was acknowledged and is lost`)
  result.entries = reached.size
  return reached
}
