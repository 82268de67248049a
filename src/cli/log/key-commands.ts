/** The commands on a log's epochs: what each takes. */
import { type Command, InvalidArgumentError } from 'commander'
import { runDestroy, runListEpochs, runRotate } from './keys.ts'
import { type Commands, placeOf, withKeys } from './options.ts'

/** Adds `log keys` with its commands. */
export function addKeyCommands(log: Command, { tools, terminal }: Commands): void {
  const keys = log
    .command('keys')
    .description('The epochs of a log, each sealed under its own key.')
  withKeys(keys.command('list').description('Lists them.'))
    .option('--json', 'as JSON', false)
    .action((dir: string, options) =>
      runListEpochs(tools.log, terminal, placeOf(dir, options), options.json),
    )
  withKeys(
    keys.command('rotate').description('Begins a new epoch, also while the log is served.'),
  ).action((dir: string, options) => runRotate(tools.log, terminal, placeOf(dir, options)))
  withKeys(
    keys
      .command('destroy')
      .description('Destroys the key of an epoch: nobody ever reads its entries again.'),
  )
    .requiredOption('--epoch <number>', 'which epoch; not the current one', epochNumber)
    .option('--yes', 'yes, for ever', false)
    .action((dir: string, { epoch, yes, ...options }) =>
      runDestroy(tools.log, terminal, placeOf(dir, options), { epoch, yes }),
    )
}

function epochNumber(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('The number of an epoch is needed, counted from 1.')
}
