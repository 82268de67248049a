/** What `telltale desk` takes; what it does is in desk.ts. */
import { type Command, Option } from 'commander'
import { listenAddress } from './address.ts'
import { type DeskTold, runDeskServe } from './desk.ts'
import type { Commands } from './log/options.ts'

/** Adds `desk`. */
export function addDeskCommands(program: Command, { tools, terminal }: Commands): void {
  const desk = program
    .command('desk')
    .description('The guarded desk: customers are shown by purpose, and logged before shown.')
  desk
    .command('serve')
    .description('Serves it, until it is asked to end; its own log goes to standard output.')
    .option('--config <file>', 'a desk.yaml (see docs/api.md)')
    .option(
      '--database <url>',
      'PostgreSQL 15 or later (default: TELLTALE_DATABASE, else the built-in one)',
    )
    .option('--log <dir>', "the log's folder (default: telltale-desk/log)")
    .addOption(
      new Option(
        '--listen <host:port>',
        'where to listen; a host other than this needs TLS (default: 127.0.0.1:8090)',
      ).argParser(listenAddress),
    )
    .option('--tls-key <file>', 'private key, PEM')
    .option('--tls-cert <file>', 'certificate chain, PEM')
    .action((told: DeskTold) => runDeskServe(tools.desk, terminal, told))
}
