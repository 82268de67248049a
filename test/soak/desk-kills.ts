/**
 * The whole campaign: `node test/soak/desk-kills.ts [kills] [seed]`. A desk is killed while agents
 * reveal; every record that any of them received must be in the log.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deskCampaign } from './desk-campaign.ts'

const kills = Number(process.argv[2] ?? 300)
const seed = Number(process.argv[3] ?? 2019)
const dir = await mkdtemp(join(tmpdir(), 'telltale-desk-kills-'))
try {
  const result = await deskCampaign(dir, kills, seed, (now) => {
    if (now.kills % 20 === 0) console.log(JSON.stringify(now))
  })
  console.log('the log holds all that was received.', JSON.stringify(result))
} finally {
  await rm(dir, { recursive: true, force: true })
}
