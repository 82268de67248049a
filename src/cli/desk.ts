/** `telltale desk serve`: the guarded desk, until the process is asked to end. */
import type { ListenOptions } from './address.ts'
import type { Terminal } from './stdio.ts'

/** What a person says when starting a desk; it wins over what the file says. */
export interface DeskTold {
  readonly config?: string
  readonly database?: string
  readonly listen?: Pick<ListenOptions, 'host' | 'port'>
  readonly tlsKey?: string
  readonly tlsCert?: string
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

/** Serves until asked to end. Throws what stopped the log: a desk that cannot log shows nothing. */
export async function runDeskServe(
  tools: DeskTools,
  terminal: Terminal,
  told: DeskTold,
): Promise<void> {
  const desk = await tools.serve(told, (line) => terminal.out(line))
  terminal.err(`Serving the desk at ${desk.url}\nIts log's key: ${desk.vkey}\n`)
  try {
    await Promise.race([tools.untilAskedToEnd(), desk.failed])
  } finally {
    await desk.close()
  }
  terminal.err('Closed; everything durable is published.\n')
}
