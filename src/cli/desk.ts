/** `telltale desk serve`: the guarded desk, until the process is asked to end. */
import { type Command, Option } from 'commander'
import { type ListenOptions, listenAddress } from './address.ts'
import type { Commands } from './log/options.ts'
import type { Terminal } from './stdio.ts'

/** What a person says when starting a desk; it wins over what the file says. */
export interface DeskTold {
  readonly config?: string
  readonly database?: string
  readonly listen?: ListenOptions
  /** The log's folder. */
  readonly log?: string
}

/** A desk that serves. */
export interface ServedDesk {
  readonly url: string
  /** The log's verifier key. */
  readonly vkey: string
  /** Rejects with what stops the log. */
  readonly failed: Promise<never>
  close(): Promise<void>
}

/** What the command needs of the rest; `desk.ts` wires it. */
export interface DeskTools {
  /** `sink` takes the desk's own log lines. */
  serve(told: DeskTold, sink: (line: string) => void): Promise<ServedDesk>
  untilAskedToEnd(): Promise<void>
}

interface GivenOptions {
  readonly config?: string
  readonly database?: string
  readonly log?: string
  readonly listen?: { readonly host: string; readonly port: number }
  readonly tlsKey?: string
  readonly tlsCert?: string
}

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
    .action((options: GivenOptions) => runDeskServe(tools.desk, terminal, toldBy(options)))
}

function toldBy({ listen, tlsKey, tlsCert, ...told }: GivenOptions): DeskTold {
  if (listen === undefined) return told
  const tls = { ...(tlsKey && { tlsKey }), ...(tlsCert && { tlsCert }) }
  return { ...told, listen: { ...listen, ...tls } }
}

/** Serves until asked to end. Throws what stopped the log: a desk that cannot log shows nothing. */
async function runDeskServe(tools: DeskTools, terminal: Terminal, told: DeskTold): Promise<void> {
  const desk = await tools.serve(told, (line) => terminal.out(line))
  terminal.err(`Serving the desk at ${desk.url}\nIts log's key: ${desk.vkey}\n`)
  try {
    await Promise.race([tools.untilAskedToEnd(), desk.failed])
  } finally {
    await desk.close()
  }
  terminal.err('Closed; everything durable is published.\n')
}
