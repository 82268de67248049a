/** `node scripts/run.mjs simulate/scoring.ts --verdict FILE --affected FILE --truth DIR` */
import { Command } from 'commander'
import { endWith } from './failure.ts'
import { describeScore, scoreFiles } from './scorecard.ts'

interface Flags {
  readonly verdict: string
  readonly affected?: string
  readonly truth: string
}

async function main(): Promise<void> {
  const flags = new Command('score')
    .exitOverride()
    .description('Compares a verdict and an affected list with the truth of a simulated incident.')
    .requiredOption('--verdict <file>', 'the JSON that telltale investigate wrote')
    .requiredOption('--truth <folder>', 'the truth that the simulation wrote')
    .option('--affected <file>', 'the affected list that telltale investigate wrote')
    .parse()
    .opts<Flags>()
  const { score, truth } = await scoreFiles(flags.verdict, flags.affected, flags.truth)
  process.stdout.write(`${describeScore(score, truth)}\n`)
  if (score.naming === 'wrong') process.exitCode = 1
}

await main().catch(endWith)
