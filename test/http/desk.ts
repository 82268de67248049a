import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TelltaleError } from '../../src/base/errors.ts'
import { startLogServer } from '../../src/http/log-server.ts'
import type { Address, Running } from '../../src/http/serve.ts'
import { writersOf } from '../../src/http/writers.ts'

export const TOKEN = 'token-of-desk-1'

const writers = writersOf(
  ['desk-1', 'desk-2'].map((name) => ({
    name,
    sha256: createHash('sha256').update(`token-of-${name}`).digest('hex'),
  })),
)

/** A log that holds lines in memory, behind a real server. A line is a disclosure where it begins
 * with a brace. */
export interface Desk {
  readonly dir: string
  readonly server: Running
  readonly log: { line: string; writer: string }[]
  readonly faults: unknown[]
  /** What the log does with an append before it takes it; a test may replace it. */
  act: () => Promise<void>
  /** Another server of the same log. */
  start(address: Address): Promise<Running>
  close(): Promise<void>
}

export async function startDesk(): Promise<Desk> {
  const dir = mkdtempSync(join(tmpdir(), 'telltale-append-'))
  const log: Desk['log'] = []
  const faults: unknown[] = []
  const append = async (lines: readonly string[], writer: string) => {
    await desk.act()
    const bad = lines.findIndex((line) => !line.startsWith('{'))
    if (bad !== -1) {
      throw new TelltaleError('LINE_INVALID', { line: bad + 1, reason: 'it is no object' })
    }
    const first = log.length
    log.push(...lines.map((line) => ({ line, writer })))
    return { first, count: lines.length }
  }
  const start = (address: Address) =>
    startLogServer({
      dir,
      address,
      append: { writers, port: { append } },
      onFault: (error) => faults.push(error),
    })
  const server = await start({ host: '127.0.0.1', port: 0 })
  const desk: Desk = {
    dir,
    server,
    log,
    faults,
    act: async () => {},
    start,
    close: async () => {
      await server.close()
      rmSync(dir, { recursive: true, force: true })
    },
  }
  return desk
}
