/** `telltale witness`: cosigning other people's logs. */
import type { ListenOptions } from './address.ts'
import { type Terminal, tellFaults } from './stdio.ts'

/** What the commands of a witness need; `witness-tools.ts` wires it. */
export interface WitnessTools {
  /** Makes a witness and gives its verifier keys, the first of type Ed25519. Throws WITNESS_EXISTS,
   * KEY_INVALID, ALGORITHM_MISSING, FILE_UNWRITABLE. */
  init(dir: string, name: string, postQuantum: boolean): Promise<readonly string[]>
  /** Has it cosign for a log from now on. Throws KEY_INVALID, WITNESS_STATE_MISSING,
   * POLICY_INVALID. */
  add(dir: string, vkey: string): Promise<void>
  /** Throws what opening the witness and listening throw. */
  serve(
    dir: string,
    listen: ListenOptions,
    onFault: (error: unknown) => void,
  ): Promise<{ readonly url: string; readonly logs: readonly string[]; close(): Promise<void> }>
  untilAskedToEnd(): Promise<void>
}

/** Makes a witness and says what to hand to whom. */
export async function runWitnessInit(
  tools: WitnessTools,
  terminal: Terminal,
  options: { readonly dir: string; readonly name: string; readonly postQuantum: boolean },
) {
  const { dir, name, postQuantum } = options
  const vkeys = await tools.init(dir, name, postQuantum)
  terminal.out(
    `${[
      `Made the witness ${name} in ${dir}. Its verifier keys, for the policies of those who`,
      'are to rely on it:',
      '',
      ...vkeys.map((vkey) => `  ${vkey}`),
      '',
      `Add the logs that it is to cosign: telltale witness add ${dir} VKEY`,
    ].join('\n')}\n`,
  )
}

/** Adds a log to cosign for. */
export async function runWitnessAdd(
  tools: WitnessTools,
  terminal: Terminal,
  { dir, vkey }: { readonly dir: string; readonly vkey: string },
) {
  await tools.add(dir, vkey)
  terminal.out('Added; a witness that runs takes it up when it is started again.\n')
}

/** Cosigns until the process is asked to end. */
export async function runWitnessServe(
  tools: WitnessTools,
  terminal: Terminal,
  { dir, listen }: { readonly dir: string; readonly listen: ListenOptions },
) {
  const server = await tools.serve(dir, listen, tellFaults(terminal))
  terminal.out(`Cosigning at ${server.url} for ${server.logs.join(', ') || 'no log yet'}\n`)
  try {
    await tools.untilAskedToEnd()
  } finally {
    await server.close()
  }
}
