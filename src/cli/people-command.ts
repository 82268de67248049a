/** What `telltale people` takes; what it does is in people.ts. */
import type { Command } from 'commander'
import type { Commands } from './log/options.ts'
import { runSync, type SyncTold } from './people.ts'

/** Adds `people`. */
export function addPeopleCommands(program: Command, { tools, terminal, end }: Commands): void {
  program
    .command('people')
    .description('Agents, teams and rosters from a file, for who has no directory.')
    .command('sync')
    .description(
      'Brings the desk to what the file says. Exit 1: some are at the desk and not in the file, or stay suspended.',
    )
    .argument('<file>', 'people.yaml, or CSV of people or of a roster (see docs/identity.md)')
    .requiredOption('--desk <url>', 'the desk, such as https://desk.example')
    .requiredOption('--token-file <file>', 'the token of a service of scope scim')
    .option('--dry-run', 'only say what would change', false)
    .option('--suspend-missing', 'suspend who is at the desk and not in the file', false)
    .option('--json', 'say it as JSON', false)
    .action(async (file: string, told: SyncTold) =>
      end(await runSync(tools.people.sync, terminal, file, told)),
    )
}
