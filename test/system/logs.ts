/** Real logs made by the real commands, for tests that read, change and check them. */
import { cpSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { createLogTools } from '../../src/log-tools.ts'
import type { Decision } from '../../src/tlog/decision.ts'
import type { Desk } from './cli.ts'

export const ORIGIN = 'log.example/desk'

/** A log in a folder of a desk. */
export interface DeskLog {
  readonly dir: string
  readonly keys: string
  readonly vkey: string
  /** Appends these lines; fails where that ends in an error. */
  append(lines: readonly string[]): Promise<void>
  /** Records decisions, which no command does. */
  decide(decisions: readonly Decision[]): Promise<void>
  /** A copy of the folder, without its keys, under another name. */
  copy(name: string): string
}

/** Makes a log of this name in the desk's folder. */
export async function makeLog(here: Desk, name = 'log', ...options: string[]): Promise<DeskLog> {
  const dir = join(here.folder, name)
  const made = await here.run('log', 'init', dir, '--origin', ORIGIN, ...options)
  expect(made.code, made.err).toBe(0)
  return {
    dir,
    keys: `${dir}.keys`,
    vkey: readFileSync(join(dir, 'vkey'), 'utf8').trim(),
    append: async (lines) => {
      const done = await here.feed(lines.map((line) => `${line}\n`).join(''), 'log', 'append', dir)
      expect(done.code, done.err).toBe(0)
    },
    decide: async (decisions) => {
      const log = await createLogTools().open({ dir, keys: `${dir}.keys`, keyService: null })
      try {
        await Promise.all(decisions.map(log.recorder.decide))
      } finally {
        await log.close()
      }
    },
    copy: (to) => {
      cpSync(dir, join(here.folder, to), { recursive: true })
      return join(here.folder, to)
    },
  }
}

/** The disclosure of this number, as `log append` reads it and `log export` writes it. */
export function line(number: number): string {
  return JSON.stringify({
    agent: `agent-${number % 7}`,
    customer: `C${number}`,
    at: new Date(Date.UTC(2026, 0, 1) + number * 60_000).toISOString(),
    fields: ['mail', 'phone'],
    purpose: 'ticket',
    reference: `T-${number}`,
    grade: 'routed',
    path: 'desk',
  })
}

/** The disclosures from `from` up to `to`, that one not included. */
export function lines(from: number, to: number): string[] {
  return Array.from({ length: to - from }, (_, i) => line(from + i))
}
