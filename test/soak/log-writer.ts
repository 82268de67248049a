/** A writer to be killed: appends by many callers at once until it is, and tells on standard output
 * what was acknowledged, `index text` a line. `node test/soak/log-writer.ts FOLDER TAG [ACTS]`: with
 * ACTS, each caller ends after so many, and the log is closed. */
import { writeSync } from 'node:fs'
import { join } from 'node:path'
import { folderDisk } from '../../src/disk/folder.ts'
import { lockFolder } from '../../src/disk/lock.ts'
import { openSequencer } from '../../src/sequencer/sequencer.ts'
import { fileSigner } from './signer.ts'

const CALLERS = 64
const [folder, tag, acts = Number.POSITIVE_INFINITY] = process.argv.slice(2)

const lock = await lockFolder(folder)
const log = await openSequencer({
  disk: folderDisk(folder),
  signer: fileSigner(join(`${folder}.keys`)),
  cosign: null,
  check: lock.check,
  isEntry: () => true,
})
writeSync(1, `ready ${log.size()}\n`)

async function caller(number: number): Promise<void> {
  for (let i = 0; i < Number(acts); i++) {
    // Some large, some several in one act.
    const texts = Array.from({ length: 1 + (i % 3) }, (_, k) => `${tag}/${number}/${i}/${k}/`)
    const entries = texts.map((text) => Buffer.from(text.padEnd(i % 50 === 0 ? 30_000 : 200, '.')))
    const first = await log.append(entries)
    // Told before anything else: what the pipe holds was acknowledged.
    writeSync(1, texts.map((text, k) => `${first + k} ${text}\n`).join(''))
  }
}

await Promise.all(Array.from({ length: CALLERS }, (_, number) => caller(number)))
await log.close()
