import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { campaign } from '../soak/kills.ts'

describe('a writer that is killed', () => {
  it('loses nothing that it acknowledged (a slice of test/soak/log-kills.ts)', async () => {
    const base = await mkdtemp(join(tmpdir(), 'telltale-kills-'))
    try {
      const result = await campaign(join(base, 'log'), 6, 1)
      expect(result.kills).toBe(6)
      expect(result.acknowledged).toBeGreaterThan(100)
      expect(result.entries).toBeGreaterThanOrEqual(result.acknowledged)
    } finally {
      await rm(base, { recursive: true, force: true })
    }
  })
})
