/** The commands on a log: what each takes. What it does is in the file of its name. */
import { type Command, InvalidArgumentError, Option } from 'commander'
import { addReadingOptions } from '../access-options.ts'
import { progressOn } from '../load.ts'
import { safeJson } from '../output.ts'
import { runAppend } from './append.ts'
import { EXPORT_KINDS, runExport } from './export.ts'
import { runFsck } from './fsck.ts'
import { runInit } from './init.ts'
import { addKeyCommands } from './key-commands.ts'
import { addNetworkCommands, addWitnessCommands } from './network.ts'
import { runOpen } from './open.ts'
import { type Commands, placeOf, withKeys } from './options.ts'
import { runProve } from './prove.ts'
import { renderReport, VERDICT_EXIT } from './verdict.ts'
import { type VerifyOptions, verifyTarget } from './verify.ts'

/** Adds `log` with its commands, and `verify`. */
export function addLogCommands(program: Command, commands: Commands): void {
  const log = program
    .command('log')
    .description('The tamper-evident log of who was shown what: make, fill, check and open it.')
  addInit(log, commands)
  addAppend(log, commands)
  addVerify(log, commands)
  addFsck(log, commands)
  addProve(log, commands)
  addOpen(log, commands)
  addExport(log, commands)
  addKeyCommands(log, commands)
  addNetworkCommands(log, commands)
  addVerify(program, commands)
  addWitnessCommands(program, commands)
}

function addInit(log: Command, { tools, terminal }: Commands): void {
  withKeys(log.command('init').description('Makes a log and its keys.'))
    .option('--origin <name>', 'the name of the log, such as example.com/desk (default: made up)')
    .option('--policy <file>', 'publish only what these witnesses cosigned (tlog-policy)')
    .action((dir: string, options) =>
      runInit(tools.log, terminal, { ...options, ...placeOf(dir, options) }),
    )
}

function addAppend(log: Command, { tools, terminal, end }: Commands): void {
  const append = withKeys(
    log
      .command('append')
      .description('Appends disclosures, one JSON object a line, from standard input.'),
  )
    .option('--accesses <file...>', 'seal the rows of these access logs instead')
    .option('--rejects <file>', 'write the rows of them that were left out, with the reason')
    .option('--strict', 'stop at the first of them', false)
  addReadingOptions(append)
    .option('--json', 'say what came of it as JSON', false)
    .action(async (dir: string, options) =>
      end(await runAppend(tools, terminal, { ...options, ...placeOf(dir, options) })),
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
      const progress = progressOn(terminal, tools)
      progress.phase(`Verifying ${target}`, 'entries')
      const report = await verifyTarget(tools.log.verify, target, options, progress.rows).finally(
        progress.end,
      )
      terminal.out(json ? safeJson(report) : renderReport(report, terminal.columns))
      end(VERDICT_EXIT[report.verdict])
    })
}

function addExport(log: Command, { tools, terminal }: Commands): void {
  withKeys(
    log.command('export').description('Writes opened disclosures as the lines that append reads.'),
  )
    .addOption(
      new Option('--kind <kind>', 'what to write; decisions are for reading, append takes none')
        .choices(EXPORT_KINDS)
        .default('disclosures'),
    )
    .option('--from <index>', 'the first entry (default: 0)', index)
    .option('--to <index>', 'the entry to stop before (default: all)', index)
    .option('--out <file>', 'write them here (default: standard output)')
    .action((dir: string, options) =>
      runExport(tools.log, terminal, { ...options, ...placeOf(dir, options) }),
    )
}

function addFsck(log: Command, { tools, terminal, end }: Commands): void {
  withKeys(
    log
      .command('fsck')
      .description(
        'Checks all that the operator can: log, journal, keys. Exit 1: found something.',
      ),
  )
    .option('--json', 'say what was found as JSON', false)
    .action(async (dir: string, options) => {
      const given = { ...placeOf(dir, options), json: options.json }
      end(await runFsck(tools.log, terminal, given, progressOn(terminal, tools)))
    })
}

function addProve(log: Command, { tools, terminal }: Commands): void {
  log
    .command('prove')
    .description('Writes a receipt (tlog-proof) that an entry is in the log.')
    .argument('<dir>', "the log's folder")
    .argument('<index>', 'the number of the entry', index)
    .option('--out <file>', 'write it here (default: standard output)')
    .option('--entry-out <file>', 'write the bytes of the entry here')
    .action((dir: string, number: number, options) =>
      runProve(tools.log, terminal, { dir, index: number, ...options }),
    )
}

function addOpen(log: Command, { tools, terminal }: Commands): void {
  withKeys(log.command('open').description('Opens one entry and shows it as JSON.'))
    .argument('<index>', 'the number of the entry', index)
    .option('--for-third-party <file>', 'write what opens this entry for somebody without keys')
    .action((dir: string, number: number, options) =>
      runOpen(tools.log, terminal, { ...options, ...placeOf(dir, options), index: number }),
    )
}

function index(text: string): number {
  const value = Number(text)
  if (/^(0|[1-9]\d{0,15})$/.test(text) && Number.isSafeInteger(value)) return value
  throw new InvalidArgumentError('The number of an entry is needed, counted from 0.')
}
