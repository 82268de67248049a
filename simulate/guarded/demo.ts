/**
 * The incident's agent at a guarded desk, and the desk itself for whoever wants to look: on a database,
 * a log and a mail server of its own, on this machine alone.
 */
import { createReadStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import pc from 'picocolors'
import { bundleConsole } from '../../scripts/bundle-console.ts'
import { run } from '../../src/cli/program.ts'
import type { Terminal } from '../../src/cli/stdio.ts'
import type { Tools } from '../../src/cli/tools.ts'
import type { RunningDesk } from '../../src/desk.ts'
import { untilAskedToEnd } from '../../src/signals.ts'
import { CONSOLE, startDemoDesk } from './desk.ts'
import { type Mailbox, openMailbox } from './mailbox.ts'
import { ROGUE, STAFF } from './staff.ts'
import { type Attempt, type Loot, steal } from './theft.ts'

/** Where the demonstration's desk is looked for. */
const PORT = 8090
const PUBLISHED_MS = 2000

/** A desk that stays until it is closed. */
export interface DemoDesk {
  readonly url: string
  /** Whether the thief got no more than the rules let anybody have. */
  readonly held: boolean
  close(): Promise<void>
}

/** Starts the desk below `out`, lets the thief try, and tells what stopped or recorded each attempt. */
export async function guardedDesk(
  tools: Tools,
  terminal: Terminal,
  out: string,
): Promise<DemoDesk> {
  const say = (text: string) => terminal.out(`${text}\n`)
  const dir = join(out, 'desk')
  await mkdir(dir, { recursive: true })
  // A clone has none yet, or one of an earlier day.
  await bundleConsole(CONSOLE)
  const arrived = (to: string, what: string) => say(`   ${pc.dim('mail to')} ${to}: ${what}`)
  const mailbox = await openMailbox({
    onCode: (to, code) => arrived(to, `code ${code}`),
    onReply: (to, subject) => arrived(to, `reply, ${subject}`),
  })
  const desk = await started(dir, mailbox)
  const attempts: Attempt[] = []
  await steal(await lootOf(desk), (attempt) => {
    attempts.push(attempt)
    say(`   ${pc.bold(`${attempt.tries}`)}`)
    say(`      ${attempt.gets}`)
    say(`      ${attempt.clear === 0 ? 'no customer' : `${attempt.clear} customers`} shown clear`)
  })
  const recorded = await recordedOf(tools, terminal, dir)
  say(`\n   In the log, before any of it was answered: ${recorded}.`)
  const clear = attempts.reduce((sum, one) => sum + one.clear, 0)
  return {
    url: desk.url,
    held: clear > 0 && attempts.every((one) => one.clear === 0 || one.isWork),
    close: async () => {
      await desk.close()
      await mailbox.close()
    },
  }
}

/** Who one can be there. */
export function identities(): string {
  const width = Math.max(...STAFF.map(({ name }) => name.length))
  return STAFF.map(({ name, is }) => `   ${name.padEnd(width)}  ${is}`).join('\n')
}

/** Waits until somebody ends it, where somebody is there to. */
export async function untilEnded(desk: DemoDesk): Promise<void> {
  if (process.stdin.isTTY) await untilAskedToEnd()
  await desk.close()
}

async function started(dir: string, mailbox: Mailbox): Promise<RunningDesk> {
  const options = { dir, mailPort: mailbox.port }
  try {
    return await startDemoDesk({ ...options, port: PORT })
  } catch (error) {
    if ((error as { code?: string }).code !== 'LISTEN_FAILED') throw error
    return startDemoDesk({ ...options, port: 0 })
  }
}

/** What a thief would have: addresses from another leak, and numbers of tickets. */
async function lootOf({ url, store }: RunningDesk): Promise<Loot> {
  const column = async (query: string) => {
    const { rows }: pg.QueryResult<{ value: string }> = await store.pool.query(query)
    return rows.map(({ value }) => value)
  }
  return {
    base: url,
    mails: await column('select mail as value from support.customers order by key desc limit 5'),
    tickets: await column(
      "select number as value from support.tickets where state = 'open' order by number limit 20",
    ),
  }
}

/** What the log holds of the thief, in one line. */
async function recordedOf(tools: Tools, terminal: Terminal, dir: string): Promise<string> {
  const file = join(dir, 'recorded.jsonl')
  // What is durable is published, and so to be read, within a second.
  await sleep(PUBLISHED_MS)
  const quiet = { ...terminal, out: () => {}, err: () => {} }
  await run(tools, quiet, ['log', 'export', join(dir, 'log'), '--kind', 'all', '--out', file])
  const counts = new Map<string, number>()
  for await (const line of createInterface(createReadStream(file))) {
    const { agent, act, fields = [] } = JSON.parse(line)
    if (agent !== ROGUE) continue
    const what = act ?? (fields.length > 0 ? 'disclosure, clear' : 'disclosure, masked')
    counts.set(what, (counts.get(what) ?? 0) + 1)
  }
  return [...counts].map(([what, count]) => `${count} ${what}`).join(', ')
}
