/** A whole desk, as it runs: real PostgreSQL, a real log, the demonstration's people and tickets. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { signIn } from '../../../simulate/guarded/client.ts'
import { demoSettings } from '../../../simulate/guarded/desk.ts'
import { seedDesk } from '../../../simulate/guarded/seed.ts'
import { openDesk } from '../../../src/desk.ts'
import type { DeskSettings } from '../../../src/desk-settings.ts'
import { createLogTools } from '../../../src/log-tools.ts'
import { freshDatabase } from '../../store/database.ts'
import { LogLines } from './desk.ts'

const SIZE = { customers: 40, openTickets: 30, closedTickets: 10, canaries: 6 }

/** `more` replaces settings. */
export async function startWholeDesk(more: Partial<DeskSettings> = {}) {
  const database = await freshDatabase()
  await seedDesk(database.pool, SIZE, 1, Date.now())
  const dir = await mkdtemp(join(tmpdir(), 'telltale-desk-'))
  const lines = new LogLines()
  const settings: DeskSettings = {
    ...demoSettings({ dir, port: 0, mailPort: null }),
    database: { url: database.url },
    console: null,
    ...more,
  }
  const tools = createLogTools()
  const ports = { version: '0.0.0', tools, sink: lines, nowMs: Date.now }
  const desk = await openDesk(settings, ports)
  return {
    ...desk,
    settings,
    lines,
    db: database.db,
    signIn: (agent: string) => signIn(desk.url, agent),
    /** Stops it and keeps what it has. */
    stop: () => desk.close(),
    /** The same desk again, after it was stopped. */
    again: () => openDesk(settings, ports),
    close: async () => {
      try {
        await desk.close()
      } finally {
        await database.close()
        await rm(dir, { recursive: true })
      }
    },
  }
}
