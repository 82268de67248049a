/** What `telltale budgets` takes; what it does is in budgets.ts. */
import type { Command } from 'commander'
import { addReadingOptions } from './access-options.ts'
import { runDerive, runShow } from './budgets.ts'
import type { Commands } from './log/options.ts'

/** Adds `budgets` with its commands. */
export function addBudgetCommands(program: Command, commands: Commands): void {
  const budgets = program
    .command('budgets')
    .description('How many customers the agents of a team may be shown: derive, set, look up.')
  addDerive(budgets, commands)
  budgets
    .command('show')
    .description('The budgets that are set, and what they were derived from.')
    .requiredOption('--database <url>', "the desk's: postgresql://USER@HOST/DATABASE")
    .option('--json', 'say it as JSON', false)
    .action((options) => runShow(commands.tools, commands.terminal, options))
}

function addDerive(budgets: Command, { tools, terminal, end }: Commands): void {
  const derive = budgets
    .command('derive')
    .description(
      "Each team's budget from what its own agents were shown in the last 28 days. Exit 1: not all could be set.",
    )
    .option('--accesses <file...>', 'access logs: CSV, TSV, JSON lines or Parquet, also gzipped')
    .option('--log <dir>', 'a tamper-evident log, read up to its verified checkpoint')
    .option('--keys <dir>', 'the folder of its keys (default: the log and ".keys")')
    .option('--key-service <command>', 'unwraps the epoch keys of the log (see docs/log.md)')
    .option('--key <vkey>', "the log's verifier key that you were given, or a file that holds it")
    .option('--policy <file>', 'whose cosignatures you ask for (tlog-policy)')
  addReadingOptions(derive)
    .option('--config <file>', 'the mapping of the guarded help desk: what its fields are')
    .option('--staff <file>', 'staff list: agent[, team][, role][, kind]')
    .option('--database <url>', "the desk's: its teams, where no staff list is given; its budgets")
    .option('--apply', "set the teams' budgets in the database", false)
    .option('--by <name>', 'who decides that (default: the name of this account)')
    .option('--record <dir>', 'the log that is told of it; nobody else may be writing it')
    .option('--json', 'say what was found as JSON', false)
    .action(async (options) => end(await runDerive(tools, terminal, options)))
}
