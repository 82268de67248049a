/** `node scripts/run.mjs simulate/main.ts --scale small --seed 7 --out DIR` */
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { Command, Option } from 'commander'
import { TelltaleError } from '../src/base/errors.ts'
import { endWith } from './failure.ts'
import { type AccessFormat, makeFolder, writeWorld } from './files.ts'
import { DAYS, type Options, REGIONS, SCALES, SEGMENTS } from './scales.ts'
import { writeTruth } from './truth.ts'
import { makeWorld } from './world.ts'

interface Flags extends Options {
  readonly out: string
  readonly truth?: string
  readonly format: AccessFormat
}

function program(): Command {
  return new Command('simulate')
    .exitOverride()
    .description(
      'Makes a simulated organisation, its access log, and a leak whose culprit is known.',
    )
    .requiredOption('--out <folder>', 'where the files go that the system sees')
    .option('--truth <folder>', 'where the truth goes (default: truth/ in the output folder)')
    .addOption(choice('--scale <name>', 'how large', ['small', 'medium', 'full']).default('small'))
    .option('--seed <n>', 'same seed, same bytes', wholeNumber, 1)
    .addOption(
      choice('--leak <who>', 'who leaks', ['agent', 'two', 'outside', 'none']).default('agent'),
    )
    .option('--noise <share>', 'share of the reports with another cause', share, 0.1)
    .option('--missing <share>', "share of the leaker's accesses absent from the log", share, 0)
    .addOption(
      choice(
        '--region <name>',
        'the buyer wants only this region',
        REGIONS.map((r) => r.name),
      ),
    )
    .addOption(choice('--segment <name>', 'the buyer wants only this segment', [...SEGMENTS]))
    .option('--taken <n>', 'records taken in all', wholeNumber)
    .option('--per-day <n>', 'records taken for each day on duty', wholeNumber)
    .option('--reports <n>', 'expected number of reports', wholeNumber)
    .addOption(
      choice('--format <kind>', 'format of the access log', ['csv', 'csv.gz', 'parquet']).default(
        'csv',
      ),
    )
}

function choice(flags: string, says: string, values: string[]): Option {
  return new Option(flags, says).choices(values)
}

function wholeNumber(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new TelltaleError('USAGE', { problem: `"${text}" is not a whole number` })
}

function share(text: string): number {
  const value = Number(text)
  if (text.trim() !== '' && value >= 0 && value <= 1) return value
  throw new TelltaleError('USAGE', { problem: `"${text}" is not a share between 0 and 1` })
}

/** One line that is rewritten, on a terminal; a line now and then elsewhere. */
function tell(text: string, last = false): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[2K${text}${last ? '\n' : ''}`)
  else if (last) process.stderr.write(`${text}\n`)
}

async function main(): Promise<void> {
  const flags = program().parse().opts<Flags>()
  const { out, truth, format, ...options } = flags
  const known = REGIONS.slice(0, SCALES[options.scale].regions).map((r) => r.name)
  if (options.region !== undefined && !known.includes(options.region)) {
    const problem = `Scale ${options.scale} has no region ${options.region}, only ${known.join(', ')}`
    throw new TelltaleError('USAGE', { problem })
  }
  const started = performance.now()
  const world = makeWorld(options)
  const truthFolder = truth ?? join(out, 'truth')
  await makeFolder(truthFolder)
  const files = await writeWorld(world, out, format, {
    onDay: (day, rows) => {
      tell(`day ${day} of ${DAYS}, ${rows.toLocaleString('en')} accesses`, day % 30 === 0)
    },
    onPhase: (phase) => tell(`writing ${phase}`, true),
  })
  const { summary } = await writeTruth(world, truthFolder)
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  const count = (n: number) => n.toLocaleString('en')
  const lines = [
    `${count(files.rows)} accesses by ${world.org.agents.length} agents to ${count(world.org.customers.count)} customers, in ${seconds} s`,
    `${summary.reports.length} reports`,
    ...[files.accesses, files.population, files.staff, files.reports].map((file) => `  ${file}`),
    `The truth, for the scorer alone: ${truthFolder}`,
  ]
  process.stdout.write(`${lines.join('\n')}\n`)
}

await main().catch(endWith)
