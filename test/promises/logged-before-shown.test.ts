/** Promise 1: no byte of a guarded record leaves before its disclosure is durable in the log. */
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { deskCampaign } from '../soak/desk-campaign.ts'

it('holds for every record that a client received, whenever the desk is killed', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'telltale-promise-'))
  // PostgreSQL runs as another user where this one is root.
  await chmod(dir, 0o711)
  try {
    const { kills, received, entries } = await deskCampaign(dir, 3, 7)
    expect(kills).toBe(3)
    expect(received).toBeGreaterThan(0)
    expect(entries).toBeGreaterThan(received)
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}, 300_000)
