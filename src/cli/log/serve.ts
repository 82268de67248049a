/** `telltale log serve` and `telltale log writers`: a log for others on the network. */
import type { ListenOptions } from '../address.ts'
import { type Terminal, tellFaults } from '../stdio.ts'
import { count } from '../words.ts'
import type { LogPlace, LogTools } from './ports.ts'

export interface ServeOptions extends LogPlace {
  readonly listen: ListenOptions
  /** Serves the files and takes nothing, beside whoever writes the log. */
  readonly readOnly: boolean
}

/** Serves a log until the process is asked to end. Throws what stopped the log. */
export async function runServe(tools: LogTools, terminal: Terminal, options: ServeOptions) {
  const server = await tools.serve(options, options.listen, options.readOnly, tellFaults(terminal))
  const { recovered, tornBytes } = server
  if (recovered > 0) terminal.err(`Recovered ${count(recovered)} entries not yet published.\n`)
  if (tornBytes > 0) terminal.err(`Dropped ${count(tornBytes)} bytes never acknowledged.\n`)
  terminal.out(`Serving ${options.dir} at ${server.url}\n`)
  try {
    await Promise.race([tools.untilAskedToEnd(), server.failed])
  } finally {
    await server.close()
  }
  terminal.out('Closed; everything durable is published.\n')
}

/** Lists who may append over the network. */
export async function runWriters(tools: LogTools, terminal: Terminal, place: LogPlace) {
  const writers = await (await tools.writers(place)).list()
  terminal.out(writers.length === 0 ? 'Nobody may append over the network.\n' : '')
  for (const { name } of writers) terminal.out(`${name}\n`)
}

/** Lets somebody append, and shows the token that proves it: once. */
export async function runAddWriter(
  tools: LogTools,
  terminal: Terminal,
  place: LogPlace,
  name: string,
) {
  const token = await (await tools.writers(place)).add(name)
  terminal.err(`${name} may append with this token, which is not shown again:\n`)
  terminal.out(`${token}\n`)
}

/** Takes that back. */
export async function runRemoveWriter(
  tools: LogTools,
  terminal: Terminal,
  place: LogPlace,
  name: string,
) {
  await (await tools.writers(place)).remove(name)
  terminal.out(`${name} may not append any more.\n`)
}
