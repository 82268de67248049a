/** A demonstration's desk: everything on parts of its own, below one folder, for this machine alone. */
import { join } from 'node:path'
import { openDesk, type RunningDesk } from '../../src/desk.ts'
import type { DeskSettings } from '../../src/desk-settings.ts'
import { createLogTools } from '../../src/log-tools.ts'
import { packageVersion } from '../../src/version.ts'
import { DEMO_SIZE, type SeedSize, seedDesk } from './seed.ts'

/** What a demonstration's desk is started with. */
export interface DemoDeskOptions {
  readonly dir: string
  /** 0: any that is free. */
  readonly port: number
  readonly size?: Partial<SeedSize>
  /** Port of the mail server, on this machine, that takes customers' codes; null: none are sent. */
  readonly mailPort: number | null
  readonly sink?: (line: string) => void
}

/** What a desk in a process of its own is filled with, and where it lives. */
export interface DeskProcessOptions {
  readonly size: Partial<SeedSize>
  /** Kept over starts; absent: a folder that is removed at the end. */
  readonly dir?: string
}

/** Where its pages are, once they are built. */
export const CONSOLE = join(import.meta.dirname, '..', '..', 'dist', 'console')

const SEED = 2019

/** Starts it, and fills it at its first start. */
export async function startDemoDesk(options: DemoDeskOptions): Promise<RunningDesk> {
  const desk = await openDesk(demoSettings(options), {
    version: packageVersion(),
    tools: createLogTools(),
    sink: { write: options.sink ?? (() => {}) },
    nowMs: Date.now,
  })
  const { pool } = desk.store
  const { rows } = await pool.query('select count(*)::int as agents from telltale.agents')
  if (rows[0].agents === 0) {
    await seedDesk(pool, { ...DEMO_SIZE, ...options.size }, SEED, Date.now())
  }
  return desk
}

/** A desk of a demonstration: nothing is read but what is below its folder. */
export function demoSettings({
  dir,
  port,
  mailPort,
}: Pick<DemoDeskOptions, 'dir' | 'port' | 'mailPort'>): DeskSettings {
  return {
    address: { host: '127.0.0.1', port },
    origin: null,
    proxies: [],
    database: { dir: join(dir, 'postgres') },
    log: { dir: join(dir, 'log'), keys: join(dir, 'log.keys'), keyService: null },
    policies: null,
    source: null,
    rpId: null,
    directory: null,
    codes: {
      mail:
        mailPort === null
          ? null
          : { host: '127.0.0.1', port: mailPort, tls: 'none', from: 'support@desk.example' },
      textMessages: null,
      organisation: 'Example Security',
      reportUrl: null,
    },
    calls: null,
    hooks: new Map(),
    console: CONSOLE,
    demo: true,
  }
}
