/** Evidence after each report, for the agents worth drawing: replays the reports once more. */
import type { Evidence } from '../attribution/evidence.ts'
import { addReport, type Rule, robustOf, startAttribution } from '../attribution/judge.ts'
import { toLog10 } from '../attribution/logs.ts'
import { explain, logSharp } from '../attribution/sharp.ts'
import type { Race } from './document.ts'

/** Beyond this many reports a picture gains nothing from every step; values between are carried on. */
const RACE_STEPS = 200

/** `agents`: dense ids to draw. Values are log10 of the statistic weighted by 1/A. */
export function raceOf(
  evidence: readonly Evidence[],
  agentCount: number,
  rule: Rule,
  agents: readonly number[],
): Omit<Race, 'agents'> {
  const attribution = startAttribution(agentCount, rule)
  const stride = Math.max(1, Math.ceil(evidence.length / RACE_STEPS))
  const weight = Math.log(Math.max(1, agentCount))
  const log10Robust: number[][] = agents.map(() => [])
  const log10Sharp: number[][] = agents.map(() => [])
  evidence.forEach((one, step) => {
    addReport(attribution, one)
    const isStep = (step + 1) % stride === 0 || step === evidence.length - 1
    const explanations = isStep ? explain(attribution.record) : undefined
    agents.forEach((agent, i) => {
      if (explanations === undefined) {
        log10Robust[i].push(log10Robust[i].at(-1) ?? 0)
        log10Sharp[i].push(log10Sharp[i].at(-1) ?? 0)
        return
      }
      log10Robust[i].push(toLog10(robustOf(attribution, agent).logR - weight))
      log10Sharp[i].push(toLog10(logSharp(attribution.record, explanations, agent) - weight))
    })
  })
  return { log10Robust, log10Sharp, namingLine: toLog10(Math.log(1 / rule.alpha)) }
}
