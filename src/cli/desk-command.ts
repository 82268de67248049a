/** What `telltale desk` takes; what it does is in desk.ts. */
import { type Command, Option } from 'commander'
import { listenAddress } from './address.ts'
import {
  type DeskTold,
  type PersonTold,
  runDeskPerson,
  runDeskRevoke,
  runDeskServe,
  runDeskToken,
  runDeskTokens,
} from './desk.ts'
import type { Commands } from './log/options.ts'

/** Adds `desk`. */
export function addDeskCommands(program: Command, commands: Commands): void {
  const { tools, terminal } = commands
  const desk = program
    .command('desk')
    .description('The guarded desk: customers are shown by purpose, and logged before shown.')
  place(desk.command('serve'))
    .description('Serves it, until it is asked to end; its own log goes to standard output.')
    .addOption(
      new Option(
        '--listen <host:port>',
        'where to listen; a host other than this needs TLS (default: 127.0.0.1:8090)',
      ).argParser(listenAddress),
    )
    .option('--tls-key <file>', 'private key, PEM')
    .option('--tls-cert <file>', 'certificate chain, PEM')
    .action((told: DeskTold) => runDeskServe(tools.desk, terminal, told))
  addManaging(desk, commands)
}

/** For a desk that does not serve: its log has one writer. */
function addManaging(desk: Command, { tools, terminal }: Commands): void {
  place(desk.command('person'))
    .description(
      'Makes or changes an agent, such as the first admin, while the desk does not serve.',
    )
    .argument('<id>', 'id of the agent')
    .requiredOption('--name <name>', 'their name')
    .addOption(
      new Option('--role <role...>', 'what they may do')
        .choices(['agent', 'lead', 'officer', 'admin'])
        .makeOptionMandatory(),
    )
    .option('--mail <address>', 'their address, by which a directory may find them')
    .option('--external-id <id>', 'what the directory calls them')
    .option('--team <id>', 'their team')
    .action((id: string, told: DeskTold & PersonTold) =>
      runDeskPerson(tools.desk, terminal, told, id, told),
    )
  const token = desk
    .command('token')
    .description('Tokens of programs, while the desk does not serve.')
  place(token.command('add').description('Makes one, and shows it once.'))
    .argument('<name>', 'name of the program')
    .requiredOption('--scope <scope...>', 'decisions, scim, metrics')
    .action((name: string, told: DeskTold & { scope: readonly string[] }) =>
      runDeskToken(tools.desk, terminal, told, name, told.scope),
    )
  place(token.command('revoke').description('Takes one back.'))
    .argument('<name>', 'name of the program')
    .action((name: string, told: DeskTold) => runDeskRevoke(tools.desk, terminal, told, name))
  place(token.command('list').description('Lists the programs.')).action((told: DeskTold) =>
    runDeskTokens(tools.desk, terminal, told),
  )
}

/** Which desk. */
function place(command: Command): Command {
  return command
    .option('--config <file>', 'a desk.yaml (see docs/api.md)')
    .option(
      '--database <url>',
      'PostgreSQL 15 or later (default: TELLTALE_DATABASE, else the built-in one)',
    )
    .option('--log <dir>', "the log's folder (default: telltale-desk/log)")
}
