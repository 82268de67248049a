#!/usr/bin/env node
/** `telltale verify` alone, for auditors: built into one file that needs nothing but Node. It reads
 * files only. */
import { parseArgs } from 'node:util'
import { EXIT, reasonOf, TelltaleError } from './base/errors.ts'
import { renderReport, VERDICT_EXIT } from './cli/log/verdict.ts'
import { type VerifyOptions, verifyTarget } from './cli/log/verify.ts'
import { safeJson } from './cli/output.ts'
import { verifyPorts } from './verify-ports.ts'

const USAGE = `node verify.js TARGET --key VKEY [...]

TARGET is the folder of a log, or a copy of it; or an opening; or a receipt.

  --key VKEY      the log's verifier key that you were given, or a file that holds it
  --policy FILE   whose cosignatures you ask for (tlog-policy)
  --known FILE    a checkpoint or receipt kept from before; may be given again
  --remember FILE compare with the last verified checkpoint, and keep this one
  --entry FILE    of a receipt: the entry that it is about
  --json          say what was found as JSON

Exit 0: valid. 1: tampered, and it says where. 2: cannot tell. 3: it failed.
`

interface Arguments {
  readonly target: string
  readonly options: VerifyOptions
  readonly json: boolean
}

/** Null where help is asked for. Throws USAGE. */
function argumentsOf(argv: readonly string[]): Arguments | null {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean' } as const
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        key: text,
        policy: text,
        known: { ...text, multiple: true },
        remember: text,
        entry: text,
        json: flag,
        help: { ...flag, short: 'h' },
      },
    })
    const { json = false, help, ...options } = values
    if (help) return null
    if (positionals.length === 1) return { target: positionals[0], options, json }
  } catch (error) {
    throw new TelltaleError('USAGE', { problem: (error as Error).message }, { cause: error })
  }
  throw new TelltaleError('USAGE', { problem: 'Name one folder, opening or receipt to verify.' })
}

async function main(argv: readonly string[]): Promise<number> {
  const given = argumentsOf(argv)
  if (given === null) {
    process.stdout.write(USAGE)
    return EXIT.done
  }
  const report = await verifyTarget(verifyPorts(), given.target, given.options, () => {})
  const columns = process.stdout.columns ?? 80
  process.stdout.write(given.json ? safeJson(report) : renderReport(report, columns))
  return VERDICT_EXIT[report.verdict]
}

process.exitCode = await main(process.argv.slice(2)).catch((error) => {
  const isTold = error instanceof TelltaleError
  const { code, message, next, exit } = isTold
    ? error
    : new TelltaleError('INTERNAL', { reason: reasonOf(error) })
  process.stderr.write(`${code}: ${message}\n${next}\n`)
  return exit
})
