/** The command line: what each command takes. What it does is in the file of its name. */
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { EXIT, reasonOf, TelltaleError } from '../base/errors.ts'
import { addReadingOptions } from './access-options.ts'
import { addBudgetCommands } from './budgets-command.ts'
import { addDeskCommands } from './desk-command.ts'
import { runInvestigate } from './investigate.ts'
import { addLogCommands } from './log/commands.ts'
import { addMapCommand } from './map-command.ts'
import { addPeopleCommands } from './people-command.ts'
import { runPower } from './power.ts'
import type { Terminal } from './stdio.ts'
import { addStoreCommands } from './store-command.ts'
import type { Tools } from './tools.ts'

/** `end` is told what a command ends with, where that is not 0. */
function createProgram(tools: Tools, terminal: Terminal, end: (code: number) => void): Command {
  const program = new Command('telltale')
    .description('Names who leaked customer records, or says that nobody can be named yet.')
    .version(tools.version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.out(text),
      writeErr: (text) => terminal.err(text),
      outputError: () => {}, // Told by explainFailure, like every other error.
    })
  addAccessOptions(
    program
      .command('investigate')
      .description(
        'From an access log and reports of scam calls: who leaked, how sure, who is affected.',
      )
      .requiredOption(
        '--reports <file>',
        'reports: customer, contacted_at[, knew][, ticket][, asked]',
      ),
  )
    .option('--reports-time-format <format>', 'strptime pattern of contacted_at (default: guessed)')
    .option('--staff <file>', 'staff list: agent[, team][, role][, kind]')
    .option(
      '--lag <seconds>',
      'an access must come this long before the contact (default: 0)',
      wholeNumber,
    )
    .addOption(modelOption())
    .option('--pseudonyms', 'show agents by pseudonym everywhere', false)
    .option('--json <file>', 'write the verdict as JSON (- for standard output)')
    .option('--html <file>', 'write a self-contained HTML report')
    .option('--affected <file>', 'write the whole list of affected customers as CSV')
    .action((options) => runInvestigate(tools, terminal, options))
  addAccessOptions(
    program
      .command('power')
      .description('Before any leak: how many reports this log would need to name each agent.'),
  )
    .option('--noise <share>', 'share of unrelated reports to expect', share, 0.4)
    .option('--json <file>', 'write the table as JSON (- for standard output)')
    .action((options) => runPower(tools, terminal, options))
  addLogCommands(program, { tools, terminal, end })
  addDeskCommands(program, { tools, terminal, end })
  addStoreCommands(program, { tools, terminal, end })
  addBudgetCommands(program, { tools, terminal, end })
  addMapCommand(program, { tools, terminal, end })
  addPeopleCommands(program, { tools, terminal, end })
  return program
}

/** Runs the command line; returns the exit code. */
export async function run(
  tools: Tools,
  terminal: Terminal,
  argv: readonly string[],
): Promise<number> {
  let code: number = EXIT.done
  const end = (told: number) => {
    code = told
  }
  try {
    await createProgram(tools, terminal, end).parseAsync([...argv], { from: 'user' })
    return code
  } catch (error) {
    return explainFailure(error, terminal)
  }
}

function explainFailure(error: unknown, terminal: Terminal): number {
  // Help and version end this way too.
  if (error instanceof CommanderError && error.exitCode === 0) return EXIT.done
  const { code, message, next, exit } = asTelltaleError(error)
  terminal.err(`${code}: ${message}\n${next}\n`)
  return exit
}

function asTelltaleError(error: unknown): TelltaleError {
  if (error instanceof TelltaleError) return error
  const reason = reasonOf(error)
  if (error instanceof CommanderError) {
    const isHelp = error.code === 'commander.help'
    const problem = isHelp ? 'no command was given' : reason.replace(/^error: /, '')
    return new TelltaleError('USAGE', { problem: asSentence(problem) }, { cause: error })
  }
  return new TelltaleError('INTERNAL', { reason }, { cause: error })
}

/** Of one line: the parser puts its "(Did you mean ...?)" on a line of its own. */
function asSentence(text: string): string {
  const line = text.replaceAll('\n', ' ')
  return line[0].toUpperCase() + line.slice(1) + (/[.?!)]$/.test(line) ? '' : '.')
}

function addAccessOptions(command: Command): Command {
  command
    .option('--accesses <file...>', 'access logs: CSV, TSV, JSON lines or Parquet, also gzipped')
    .option('--log <dir...>', 'tamper-evident logs, read up to their verified checkpoint')
    .option('--keys <dir...>', 'the folder of each log\'s keys (default: the log and ".keys")')
    .option('--key-service <command>', 'unwraps the epoch keys of the logs (see docs/log.md)')
    .option(
      '--key <vkey...>',
      "each log's verifier key that you were given, or a file that holds it",
    )
    .option('--policy <file>', 'whose cosignatures you ask for (tlog-policy)')
  return addReadingOptions(command)
    .option('--population <file>', 'all customers: customer[, segment][, region]')
    .option('--index <dir>', 'keep the index here, so that the next run need not import again')
    .option('--rejects <file>', 'write every row that could not be used, with the reason')
    .option('--strict', 'stop at the first row that cannot be used', false)
    .option(
      '--alpha <chance>',
      'the chance, at most, of ever naming an innocent agent',
      chance,
      0.001,
    )
    .option('--others <k>', 'other leakers that a naming must withstand: 1 or 2', oneOrTwo, 1)
}

function modelOption(): Option {
  return new Option('--model <name>', 'the rule for naming')
    .choices(['e-value', 'guilt-2011'])
    .default('e-value')
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text))
    throw new InvalidArgumentError('A whole number of seconds is needed.')
  return Number(text)
}

function oneOrTwo(text: string): 1 | 2 {
  if (text !== '1' && text !== '2') throw new InvalidArgumentError('Either 1 or 2 is possible.')
  return text === '1' ? 1 : 2
}

function chance(text: string): number {
  const value = Number(text)
  if (!(value > 0 && value <= 0.5))
    throw new InvalidArgumentError('A chance above 0 and at most 0.5 is needed.')
  return value
}

function share(text: string): number {
  const value = Number(text)
  if (!(value >= 0 && value < 1))
    throw new InvalidArgumentError('A share from 0 to below 1 is needed.')
  return value
}
