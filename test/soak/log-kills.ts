/**
 * The whole campaign: `node test/soak/log-kills.ts [kills] [seed] [longest life in ms]`. A writer is killed while it
 * appends, publishes, settles or recovers; after each kill the log must hold all it acknowledged.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { campaign } from './kills.ts'

const kills = Number(process.argv[2] ?? 1000)
const seed = Number(process.argv[3] ?? 2019)
const longestMs = Number(process.argv[4] ?? 1500)
const base = await mkdtemp(join(tmpdir(), 'telltale-kills-'))
try {
  const result = await campaign(join(base, 'log'), kills, seed, longestMs, (now) => {
    if (now.kills % 50 === 0) console.log(JSON.stringify(now))
  })
  console.log('the log held.', JSON.stringify(result))
} finally {
  await rm(base, { recursive: true, force: true })
}
