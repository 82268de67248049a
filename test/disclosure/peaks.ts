/** A team's work, and how a charge counts it, at its most naive. */
import { random } from '../../simulate/random.ts'
import type { AgentPeaks } from '../../src/disclosure/team-budgets.ts'

const HOUR_S = 3600
export const DAY_S = 24 * HOUR_S
const WINDOWS_S = { hour: HOUR_S, day: DAY_S, week: 7 * DAY_S } as const
export const WINDOWS = ['hour', 'day', 'week'] as const
/** A Monday. */
const START_S = Date.UTC(2026, 2, 2) / 1000

/** One customer shown clear to an agent. */
export interface Shown {
  readonly agent: string
  readonly customer: string
  readonly atS: number
}

/** Counts of one agent in each window, by how long before the end: those of the last 28 days. */
function countsOf(mine: readonly Shown[], windowS: number, untilS: number): Map<number, number> {
  const found = new Map<number, number>()
  const sorted = [...mine].sort((a, b) => a.atS - b.atS)
  for (const [i, { atS }] of sorted.entries()) {
    if (atS <= untilS - 28 * DAY_S) continue
    const seen = new Set<string>()
    for (let j = i; j >= 0 && sorted[j].atS > atS - windowS; j--) seen.add(sorted[j].customer)
    const back = Math.floor((untilS - atS) / windowS)
    found.set(back, Math.max(found.get(back) ?? 0, seen.size))
  }
  return found
}

/** The peaks of everybody, up to `untilS`. */
export function naivePeaks(all: readonly Shown[], untilS: number): AgentPeaks[] {
  const peaks = [...Map.groupBy(all, ({ agent }) => agent)].map(([agent, mine]) => {
    const [hour, day, week] = WINDOWS.map((window) => countsOf(mine, WINDOWS_S[window], untilS))
    const last = (counts: ReadonlyMap<number, number>, windows: number) =>
      Math.max(0, ...[...counts].flatMap(([back, n]) => (back < windows ? [n] : [])))
    return {
      agent,
      hour: [...hour.values()],
      day: [...day.values()],
      week: [...week.values()],
      lastWeek: { hour: last(hour, 7 * 24), day: last(day, 7), week: last(week, 1) },
    }
  })
  return peaks.filter(({ hour }) => hour.length > 0)
}

/** Peaks in an order of their own. */
export function inOrder(peaks: readonly AgentPeaks[]): AgentPeaks[] {
  const sorted = (counts: readonly number[]) => [...counts].sort((a, b) => a - b)
  return peaks
    .map((one) => ({
      ...one,
      hour: sorted(one.hour),
      day: sorted(one.day),
      week: sorted(one.week),
    }))
    .sort((a, b) => (a.agent < b.agent ? -1 : 1))
}

/** Agents a0, a1, ... at work on twenty days of eight hours: between `least` and `most` customers an
 * hour each, of whom some come again. */
export function workOf(seed: number, agents = 8, least = 7, most = 9): Shown[] {
  return Array.from({ length: agents }, (_, n) => {
    const draw = random(seed, `agent ${n}`)
    const perHour = draw.between(least, most)
    return hoursOnDuty().flatMap((startS) =>
      Array.from({ length: draw.poisson(perHour) }, () => ({
        agent: `a${n}`,
        customer: `C${draw.below(5000)}`,
        atS: startS + draw.below(HOUR_S),
      })),
    )
  }).flat()
}

function hoursOnDuty(): number[] {
  return Array.from({ length: 28 }, (_, day) => day)
    .filter((day) => day % 7 < 5)
    .flatMap((day) => Array.from({ length: 8 }, (_, h) => START_S + day * DAY_S + (8 + h) * HOUR_S))
}

/** What a thief takes beside their work: so many customers more in each hour on duty. */
export function theft(agent: string, perHour: number): Shown[] {
  return hoursOnDuty().flatMap((startS, hour) =>
    Array.from({ length: perHour }, (_, i) => ({
      agent,
      customer: `stolen-${hour}-${i}`,
      atS: startS + i * 30,
    })),
  )
}

/** Of the newest. */
export function newestS(all: readonly Shown[]): number {
  return all.reduce((newest, { atS }) => Math.max(newest, atS), 0)
}
