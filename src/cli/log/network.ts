/** The commands that put a log, or a witness, on the network: what each takes. */
import { type Command, Option } from 'commander'
import { type ListenOptions, listenAddress } from '../address.ts'
import { runWitnessAdd, runWitnessInit, runWitnessServe } from '../witness.ts'
import { type Commands, placeOf, withKeys } from './options.ts'
import { runAddWriter, runRemoveWriter, runServe, runWriters } from './serve.ts'

interface Listening {
  readonly listen: { readonly host: string; readonly port: number }
  readonly tlsKey?: string
  readonly tlsCert?: string
}

/** Adds `log serve` and `log writers`. */
export function addNetworkCommands(log: Command, { tools, terminal }: Commands): void {
  listening(
    withKeys(log.command('serve').description('Serves a log, and takes disclosures from writers.')),
  )
    .option('--read-only', 'serve the files only, beside whoever writes the log', false)
    .action((dir: string, options) =>
      runServe(tools.log, terminal, {
        ...placeOf(dir, options),
        listen: listenOf(options),
        readOnly: options.readOnly,
      }),
    )
  const writers = log.command('writers').description('Who may append over the network.')
  withKeys(writers.command('list').description('Lists them.')).action((dir: string, options) =>
    runWriters(tools.log, terminal, placeOf(dir, options)),
  )
  withKeys(writers.command('add').description('Lets one append; shows its token, once.'))
    .argument('<name>', 'such as desk-1')
    .action((dir: string, name: string, options) =>
      runAddWriter(tools.log, terminal, placeOf(dir, options), name),
    )
  withKeys(writers.command('remove').description('Takes that back.'))
    .argument('<name>', 'such as desk-1')
    .action((dir: string, name: string, options) =>
      runRemoveWriter(tools.log, terminal, placeOf(dir, options), name),
    )
}

/** Adds `witness` with its commands. */
export function addWitnessCommands(program: Command, { tools, terminal }: Commands): void {
  const witness = program
    .command('witness')
    .description('Cosigns the logs of others, so that none can show two histories.')
  witness
    .command('init')
    .description('Makes a witness and its keys.')
    .argument('<dir>', "the witness's folder")
    .requiredOption('--name <name>', 'its name, unique in the world: witness.example.com/w1')
    .option('--ml-dsa', 'cosign with ML-DSA-44 too (takes Node 24.6 or later)', false)
    .action((dir: string, { name, mlDsa }) =>
      runWitnessInit(tools.witness, terminal, { dir, name, postQuantum: mlDsa }),
    )
  witness
    .command('add')
    .description('Has it cosign a log.')
    .argument('<dir>', "the witness's folder")
    .argument('<vkey>', "the log's verifier key")
    .action((dir: string, vkey: string) => runWitnessAdd(tools.witness, terminal, { dir, vkey }))
  listening(
    witness
      .command('serve')
      .description('Answers logs that ask for cosignatures.')
      .argument('<dir>', "the witness's folder"),
  ).action((dir: string, options) =>
    runWitnessServe(tools.witness, terminal, { dir, listen: listenOf(options) }),
  )
}

function listening(command: Command): Command {
  return command
    .addOption(
      new Option('--listen <host:port>', 'where to listen; a host other than this needs TLS')
        .argParser(listenAddress)
        .default(listenAddress('127.0.0.1:7417'), '127.0.0.1:7417'),
    )
    .option('--tls-key <file>', 'private key, PEM')
    .option('--tls-cert <file>', 'certificate chain, PEM')
}

function listenOf({ listen, tlsKey, tlsCert }: Listening): ListenOptions {
  return {
    ...listen,
    ...(tlsKey === undefined ? {} : { tlsKey }),
    ...(tlsCert === undefined ? {} : { tlsCert }),
  }
}
