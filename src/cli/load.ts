/** The part that every command on an access log shares: import, population, index. */
import { DEFAULT_RULE, type Rule } from '../attribution/judge.ts'
import type { ExposureIndex } from '../disclosure/exposures.ts'
import type { ImportSummary } from '../disclosure/source.ts'
import { createProgress, type Progress } from './progress.ts'
import type { Terminal } from './stdio.ts'
import type { AccessOptions, Tools } from './tools.ts'

export interface LogOptions extends AccessOptions {
  readonly accesses: readonly string[]
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
  /** What was assumed in reading the population file, in words. */
  readonly populationAssumed: readonly string[]
  readonly rejectsWritten: number | null
}

/** Reads every file into an index. The caller closes it; on failure nothing is left open. */
export async function loadLog(
  tools: Tools,
  options: LogOptions,
  progress: Progress,
): Promise<LoadedLog> {
  const builder = await tools.createIndex({
    ...(options.index === undefined ? {} : { dir: options.index }),
    strict: options.strict,
  })
  try {
    const imports: ImportSummary[] = []
    for (const file of options.accesses) {
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
    const populationAssumed: string[] = []
    if (options.population !== undefined) {
      progress.phase(`Reading ${options.population}`)
      const { assumed } = await builder.addPopulation(options.population)
      populationAssumed.push(...assumed)
    }
    const rejectsWritten =
      options.rejects === undefined ? null : await builder.writeRejects(options.rejects)
    const index = await builder.finish((phase) => progress.phase(phase))
    return { index, imports, populationAssumed, rejectsWritten }
  } catch (error) {
    builder.close()
    throw error
  }
}

/** Progress on the terminal's standard error. */
export function progressOn(terminal: Terminal, tools: Tools): Progress {
  const { live, columns, err } = terminal
  return createProgress({ isTTY: live, columns, write: err }, tools.nowMs)
}

export function ruleOf({ alpha, others }: LogOptions): Rule {
  return { ...DEFAULT_RULE, alpha, k: others }
}
