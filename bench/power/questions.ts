/** How many answers tell a leaker from the rival that reports cannot tell apart: by the next best
 * questions, and by asking customers at random. */

import { type Random, random } from '../../simulate/random.ts'
import { robustOf } from '../../src/attribution/judge.ts'
import {
  type Askable,
  type Hypothesis,
  nextQuestions,
  YES_IF_SHOWN,
  YES_OTHERWISE,
} from '../../src/attribution/questions.ts'
import { wasShown } from '../../src/index/pairs.ts'
import { culpritsOf, quantile } from './cells.ts'
import { runOnce } from './run.ts'
import { castOf, SCENARIOS } from './scenarios.ts'
import { availableAt, type World } from './world.ts'

/** Odds at which leaker and rival count as told apart. */
const ODDS = 100
const ANSWERS_MAX = 2000

export interface Answers {
  readonly graph: string
  readonly scenario: string
  /** Runs that ended with the leaker and a rival not told apart. */
  readonly runs: number
  /** ... of which the verdict itself points at that rival, as the one who explains most. */
  readonly pointedAt: number
  readonly best: Spread
  readonly atRandom: Spread
}

interface Spread {
  readonly median: number | null
  readonly p90: number | null
  /** Runs in which the odds reached 100 to 1 against the leaker. */
  readonly wrong: number
}

export function answersNeeded(
  world: World,
  scenarioName: string,
  seed: number,
  runs: number,
  cases: number,
): Answers {
  const scenario = SCENARIOS.find(({ name }) => name === scenarioName)!
  const noise = { share: 0.1, favoured: false }
  const plots = castOf(scenario, world, seed, cases)
  const best: End[] = []
  const atRandom: End[] = []
  let pointedAt = 0
  for (let i = 0; i < runs; i++) {
    const plot = plots[i % plots.length]
    const stream = `${world.graph.name}/${scenarioName}/questions/${i}`
    const run = runOnce({ plot, noise, cap: 40, seed, stream })
    const [leaker] = culpritsOf(plot)
    const pointed = robustOf(run.attribution, leaker).worst[0]
    const rival = plot.rivals[0] ?? pointed
    if (run.reached.named.has(leaker) || rival === undefined) continue
    if (pointed === rival) pointedAt++
    const { pool } = plot.leaks[0]
    const leaked = new Set(pool.customers.subarray(0, availableAt(pool, run.atS)))
    const sides = { leaker, rival, leaked }
    const askable = askableOf(plot.world, run.reported, run.atS, leaker, rival)
    const draw = random(seed, `${stream}/answers`)
    best.push(ask(askable, sides, draw, true))
    atRandom.push(ask(askable, sides, draw, false))
  }
  return {
    graph: world.graph.name,
    scenario: scenarioName,
    runs: best.length,
    pointedAt,
    best: spread(best),
    atRandom: spread(atRandom),
  }
}

function askableOf(
  { arrays }: World,
  reported: ReadonlySet<number>,
  atS: number,
  ...agents: number[]
): Askable[] {
  const askable: Askable[] = []
  for (let customer = 0; customer < arrays.customers; customer++) {
    if (reported.has(customer)) continue
    const shownTo: number[] = []
    for (let p = arrays.pairStarts[customer]; p < arrays.pairStarts[customer + 1]; p++) {
      if (agents.includes(arrays.pairAgent[p]) && wasShown(arrays, p, atS, 0)) {
        shownTo.push(arrays.pairAgent[p])
      }
    }
    askable.push({ customer: String(customer), shownTo })
  }
  return askable
}

interface End {
  readonly answers: number
  readonly right: boolean
}

interface Sides {
  readonly leaker: number
  readonly rival: number
  readonly leaked: ReadonlySet<number>
}

/** Asks one customer after another until the odds between the two, even at first, are clear. */
function ask(all: readonly Askable[], sides: Sides, draw: Random, best: boolean): End {
  const open = [...all]
  let logOdds = 0
  for (let answers = 1; answers <= Math.min(ANSWERS_MAX, all.length); answers++) {
    const at = best ? bestOf(open, sides, logOdds) : draw.below(open.length)
    if (at < 0) break
    const [{ customer, shownTo }] = open.splice(at, 1)
    const yes = draw.chance(sides.leaked.has(Number(customer)) ? YES_IF_SHOWN : YES_OTHERWISE)
    const chance = (agent: number) => {
      const says = shownTo.includes(agent) ? YES_IF_SHOWN : YES_OTHERWISE
      return yes ? says : 1 - says
    }
    logOdds += Math.log(chance(sides.leaker) / chance(sides.rival))
    if (Math.abs(logOdds) >= Math.log(ODDS)) return { answers, right: logOdds > 0 }
  }
  return { answers: Infinity, right: true }
}

function bestOf(open: readonly Askable[], { leaker, rival }: Sides, logOdds: number): number {
  const hypotheses: Hypothesis[] = [
    { agents: [leaker], share: 1 / (1 + Math.exp(-logOdds)) },
    { agents: [rival], share: 1 / (1 + Math.exp(logOdds)) },
  ]
  const [question] = nextQuestions(open, hypotheses, 1)
  return question ? open.findIndex(({ customer }) => customer === question.customer) : -1
}

function spread(ends: readonly End[]): Spread {
  const answers = ends.map((end) => end.answers)
  return {
    median: quantile(answers, 0.5),
    p90: quantile(answers, 0.9),
    wrong: ends.filter((end) => !end.right).length,
  }
}
