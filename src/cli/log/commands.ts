/** The commands on a log: what each takes. What it does is in the file of its name. */
import { type Command, InvalidArgumentError } from 'commander'
import { safeJson } from '../output.ts'
import { createProgress } from '../progress.ts'
import type { Terminal } from '../stdio.ts'
import type { Tools } from '../tools.ts'
import { runAppend } from './append.ts'
import { runExport } from './export.ts'
import { runInit } from './init.ts'
import type { LogPlace } from './ports.ts'
import { renderReport, VERDICT_EXIT } from './verdict.ts'
import { type VerifyOptions, verifyTarget } from './verify.ts'

/** What the commands need of the program. */
export interface Commands {
  readonly tools: Tools
  readonly terminal: Terminal
  /** Says what the command ends with, where that is not 0. */
  end(code: number): void
}

/** Adds `log` with its commands, and `verify`. */
export function addLogCommands(program: Command, commands: Commands): void {
  const log = program
    .command('log')
    .description('The tamper-evident log of who was shown what: make, fill, check and open it.')
  addInit(log, commands)
  addAppend(log, commands)
  addVerify(log, commands)
  addExport(log, commands)
  addVerify(program, commands)
}

function addInit(log: Command, { tools, terminal }: Commands): void {
  withKeys(log.command('init').description('Makes a log and its keys.'))
    .requiredOption('--origin <name>', 'the name of the log, unique in the world: example.com/desk')
    .option('--policy <file>', 'publish only what these witnesses cosigned (tlog-policy)')
    .action((dir: string, options) =>
      runInit(tools.log, terminal, { ...placeOf(dir, options), ...options }),
    )
}

function addAppend(log: Command, { tools, terminal, end }: Commands): void {
  withKeys(
    log
      .command('append')
      .description('Appends disclosures, one JSON object a line, from standard input.'),
  )
    .option('--json', 'say what came of it as JSON', false)
    .action(async (dir: string, options) =>
      end(await runAppend(tools.log, terminal, { ...placeOf(dir, options), json: options.json })),
    )
}

function addVerify(parent: Command, { tools, terminal, end }: Commands): void {
  const isAny = parent.parent === null
  parent
    .command('verify')
    .description(
      'Whether a log is what its operator signed. Exit 0: valid, 1: tampered, 2: cannot tell.',
    )
    .argument(
      isAny ? '<target>' : '<dir>',
      isAny ? 'a folder or address of a log, an opening, or a receipt' : 'its folder or address',
    )
    .option('--key <vkey>', "the log's verifier key that you were given, or a file that holds it")
    .option('--policy <file>', 'whose cosignatures you ask for (tlog-policy)')
    .option('--known <file...>', 'checkpoints or receipts kept from before: nothing may be gone')
    .option('--remember <file>', 'compare with the last verified checkpoint and keep this one')
    .option('--ask-witnesses', 'compare with what the witnesses of the policy saw last')
    .option('--entry <file>', 'of a receipt: the entry that it is about')
    .option('--json', 'say what was found as JSON', false)
    .action(async (target: string, { json, ...options }: VerifyOptions & { json: boolean }) => {
      const { live, columns, err } = terminal
      const progress = createProgress({ isTTY: live, columns, write: err }, tools.nowMs)
      progress.phase(`Verifying ${target}`, 'entries')
      const report = await verifyTarget(tools.log.verify, target, options, progress.rows).finally(
        progress.end,
      )
      terminal.out(json ? safeJson(report) : renderReport(report, columns))
      end(VERDICT_EXIT[report.verdict])
    })
}

function addExport(log: Command, { tools, terminal }: Commands): void {
  withKeys(
    log.command('export').description('Writes opened disclosures as the lines that append reads.'),
  )
    .option('--from <index>', 'the first entry (default: 0)', index)
    .option('--to <index>', 'the entry to stop before (default: all)', index)
    .option('--out <file>', 'write them here (default: standard output)')
    .action((dir: string, options) =>
      runExport(tools.log, terminal, { ...placeOf(dir, options), ...options }),
    )
}

interface KeyOptions {
  readonly keys?: string
  readonly keyService?: string
}

function withKeys(command: Command): Command {
  return command
    .argument('<dir>', "the log's folder")
    .option('--keys <dir>', 'the folder of its keys (default: the folder of the log and .keys)')
    .option('--key-service <command>', 'wraps and unwraps the epoch keys (see docs/log.md)')
}

function placeOf(dir: string, { keys, keyService }: KeyOptions): LogPlace {
  return {
    dir,
    keys: keys ?? `${dir.replace(/[/\\]+$/, '')}.keys`,
    keyService: keyService === undefined ? null : keyService.trim().split(/\s+/),
  }
}

function index(text: string): number {
  const value = Number(text)
  if (/^(0|[1-9]\d{0,15})$/.test(text) && Number.isSafeInteger(value)) return value
  throw new InvalidArgumentError('The number of an entry is needed, counted from 0.')
}
