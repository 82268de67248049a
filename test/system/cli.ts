/** Runs the command line in this process, on files in a folder of its own. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTools } from '../../src/app.ts'
import type { VerdictDocument } from '../../src/cases/document.ts'
import { run } from '../../src/cli/program.ts'

export interface Outcome {
  readonly code: number
  readonly out: string
  readonly err: string
}

export interface Desk {
  readonly folder: string
  /** Writes a file and returns its path. */
  file(name: string, content: string | Uint8Array): string
  run(...argv: string[]): Promise<Outcome>
  /** The same with something on standard input, in one piece or several. */
  feed(input: string | readonly Uint8Array[], ...argv: string[]): Promise<Outcome>
  /** `investigate --json -` with these arguments; fails where it ends in an error. */
  verdict(...argv: string[]): Promise<VerdictDocument>
  clear(): void
}

export function desk(): Desk {
  const folder = mkdtempSync(join(tmpdir(), 'telltale-test-'))
  const feed = async (input: string | readonly Uint8Array[], ...argv: string[]) => {
    let out = ''
    let err = ''
    const code = await run(
      createTools(),
      {
        out: (text) => {
          out += text
        },
        err: (text) => {
          err += text
        },
        columns: 80,
        colour: false,
        live: false,
        input: async function* () {
          yield* typeof input === 'string' ? [Buffer.from(input)] : input
        },
        drained: async () => {},
      },
      argv,
    )
    return { code, out, err }
  }
  const runHere = (...argv: string[]): Promise<Outcome> => feed('', ...argv)
  return {
    folder,
    file(name, content) {
      const path = join(folder, name)
      writeFileSync(path, content)
      return path
    },
    run: runHere,
    feed,
    async verdict(...argv) {
      const outcome = await runHere('investigate', ...argv, '--json', '-')
      if (outcome.code !== 0) throw new Error(`exit ${outcome.code}: ${outcome.err}`)
      return JSON.parse(outcome.out)
    },
    clear: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** A log as CSV in which `shown[customer]` lists the agents, one access an hour from 1 March 2020. */
export function accessCsv(shown: readonly (readonly string[])[], customerKey = plainKey): string {
  let hour = 0
  const rows = shown.flatMap((agents, customer) =>
    agents.map((agent) => `${agent},${customerKey(customer)},${hourIso(hour++)}`),
  )
  return `agent,customer,time\n${rows.join('\n')}\n`
}

/** Reports on these customers, a day apart, all after the log. */
export function reportsCsv(customers: readonly number[], customerKey = plainKey): string {
  const rows = customers.map(
    (customer, i) => `${customerKey(customer)},${hourIso(20_000 + 24 * i)}`,
  )
  return `customer,contacted_at\n${rows.join('\n')}\n`
}

export function plainKey(customer: number): string {
  return `C${customer}`
}

function hourIso(hour: number): string {
  return new Date(Date.UTC(2020, 2, 1) + hour * 3_600_000).toISOString()
}
