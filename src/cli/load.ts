/** The part that every command on an access log shares: import, population, index. */
import { DEFAULT_RULE, type Rule } from '../attribution/judge.ts'
import { TelltaleError } from '../base/errors.ts'
import type { LogCheckpoint } from '../cases/document.ts'
import type { ExposureIndex } from '../disclosure/exposures.ts'
import type { VerifiedLog } from '../disclosure/log.ts'
import type { ImportSummary } from '../disclosure/source.ts'
import { formatBase64 } from '../tlog/base64.ts'
import { createProgress, type Progress } from './progress.ts'
import type { Terminal } from './stdio.ts'
import type { AccessOptions, LogOptions, Tools } from './tools.ts'

/** What every command on accesses takes. */
export interface LoadOptions extends AccessOptions {
  readonly accesses?: readonly string[]
  readonly log?: readonly string[]
  readonly keys?: readonly string[]
  readonly keyService?: string
  readonly key?: readonly string[]
  readonly policy?: string
  readonly population?: string
  readonly index?: string
  readonly rejects?: string
  readonly strict: boolean
  readonly alpha: number
  readonly others: 1 | 2
}

export interface LoadedLog {
  readonly index: ExposureIndex
  readonly imports: readonly ImportSummary[]
  readonly checkpoints: readonly LogCheckpoint[]
  /** What was assumed in reading the population file, in words. */
  readonly populationAssumed: readonly string[]
  readonly rejectsWritten: number | null
}

/** Reads every file and log into an index. The caller closes it; on failure nothing is left open. */
export async function loadLog(
  tools: Tools,
  options: LoadOptions,
  progress: Progress,
): Promise<LoadedLog> {
  const logs = logsOf(options)
  const builder = await tools.createIndex({
    ...(options.index === undefined ? {} : { dir: options.index }),
    strict: options.strict,
  })
  try {
    const imports: ImportSummary[] = []
    for (const file of options.accesses ?? []) {
      progress.phase(`Reading ${file}`)
      const source = await tools.openAccessLog(file, options)
      imports.push(
        await builder.add(
          source,
          () => {},
          (rows) => progress.rows(rows),
        ),
      )
    }
    const checkpoints: LogCheckpoint[] = []
    for (const { dir, ...told } of logs) {
      progress.phase(`Following ${dir}`)
      const log = await tools.openLog(dir, told)
      imports.push(
        await builder.addLog(
          log,
          () => {},
          (rows) => progress.rows(rows),
        ),
      )
      checkpoints.push(checkpointOf(log))
    }
    const populationAssumed: string[] = []
    if (options.population !== undefined) {
      progress.phase(`Reading ${options.population}`)
      const { assumed } = await builder.addPopulation(options.population)
      populationAssumed.push(...assumed)
    }
    const rejectsWritten =
      options.rejects === undefined ? null : await builder.writeRejects(options.rejects)
    const index = await builder.finish((phase) => progress.phase(phase))
    return { index, imports, checkpoints, populationAssumed, rejectsWritten }
  } catch (error) {
    builder.close()
    throw error
  }
}

/** Throws USAGE where what is asked for cannot be read as told, before anything is. */
export function checkSources(options: LoadOptions): void {
  logsOf(options)
}

/** A log, and how it is to be read. */
interface GivenLog extends LogOptions {
  readonly dir: string
}

/** The logs asked for, each with its own key and keys folder. Throws USAGE, also where there is
 * nothing to read at all. */
function logsOf(options: LoadOptions): GivenLog[] {
  const { accesses = [], log = [], keys = [], key = [], keyService, policy } = options
  const usage = (problem: string) => new TelltaleError('USAGE', { problem })
  if (accesses.length + log.length === 0) throw usage('Give --accesses, --log or both.')
  for (const [option, values] of Object.entries({ '--keys': keys, '--key': key })) {
    if (values.length > 0 && values.length !== log.length) {
      throw usage(`Give ${option} once for each --log, in the same order.`)
    }
  }
  if (log.length === 0 && (keyService ?? policy) !== undefined) {
    throw usage('--key-service and --policy are for a --log.')
  }
  return log.map((dir, i) => ({
    dir,
    ...(keys.length > 0 && { keys: keys[i] }),
    ...(key.length > 0 && { key: key[i] }),
    ...(keyService !== undefined && { keyService }),
    ...(policy !== undefined && { policy }),
  }))
}

function checkpointOf({ file, vkey, checkpoint }: VerifiedLog): LogCheckpoint {
  const { origin, size, root } = checkpoint
  return { file, origin, vkey, size, root: formatBase64(root) }
}

/** Progress on the terminal's standard error. */
export function progressOn(terminal: Terminal, tools: Tools): Progress {
  const { live, columns, err } = terminal
  return createProgress({ isTTY: live, columns, write: err }, tools.nowMs)
}

export function ruleOf({ alpha, others }: LoadOptions): Rule {
  return { ...DEFAULT_RULE, alpha, k: others }
}
