/** Who is on duty: which agents a queue can give a ticket to, hour by hour. */
import { type Agent, SHIFT_H } from './agents.ts'
import type { Random } from './random.ts'

/** Whether this agent works in an hour, counted in UTC from the start of the log. */
export function onDuty(agent: Agent, hour: number): boolean {
  const local = hour + agent.utcOffsetH
  const day = Math.floor(local / 24)
  const ofDay = local - day * 24
  if (ofDay < agent.shiftStartH || ofDay >= agent.shiftStartH + SHIFT_H) return false
  if (day >= agent.holiday.from && day < agent.holiday.to) return false
  const weekday = ((day % 7) + 7) % 7
  return weekday !== agent.daysOff[0] && weekday !== agent.daysOff[1]
}

export interface Duty {
  /** An agent on duty in this queue and hour of the day, by work rate, other than `except`;
   * -1 when there is none. */
  draw(hourOfDay: number, queue: number, rng: Random, except?: number): number
  /** Gives a ticket to somebody on duty who still has time for it in this hour; -1 when nobody has. */
  assign(hourOfDay: number, queue: number, rng: Random): number
}

/** Draws before a queue counts as having nobody with time left in an hour. */
const ASSIGN_DRAWS_MAX = 8

/** `hourlyMax`: tickets that one agent can take in an hour. */
export function dutyOf(
  agents: readonly Agent[],
  queues: number,
  day: number,
  hourlyMax: number,
): Duty {
  const onCall: number[][] = Array.from({ length: 24 * queues }, () => [])
  const upTo: number[][] = Array.from({ length: 24 * queues }, () => [])
  for (const [a, agent] of agents.entries()) {
    if (agent.kind === 'service') continue
    for (let h = 0; h < 24; h++) {
      if (!onDuty(agent, day * 24 + h)) continue
      for (const queue of agent.queues) {
        const slot = h * queues + queue
        onCall[slot].push(a)
        upTo[slot].push((upTo[slot].at(-1) ?? 0) + agent.rate)
      }
    }
  }
  const busy = new Uint16Array(24 * agents.length)
  function draw(hourOfDay: number, queue: number, rng: Random, except = -1): number {
    const slot = hourOfDay * queues + queue
    const there = onCall[slot]
    if (there.length === 0 || (there.length === 1 && there[0] === except)) return -1
    for (;;) {
      const mark = rng.unit() * upTo[slot][there.length - 1]
      const agent = there[firstAbove(upTo[slot], mark)]
      if (agent !== except) return agent
    }
  }
  return {
    draw,
    assign(hourOfDay, queue, rng) {
      for (let tries = 0; tries < ASSIGN_DRAWS_MAX; tries++) {
        const agent = draw(hourOfDay, queue, rng)
        if (agent < 0) return -1
        if (busy[hourOfDay * agents.length + agent] >= hourlyMax) continue
        busy[hourOfDay * agents.length + agent]++
        return agent
      }
      return -1
    },
  }
}

function firstAbove(sorted: readonly number[], mark: number): number {
  let [low, high] = [0, sorted.length - 1]
  while (low < high) {
    const middle = (low + high) >> 1
    if (sorted[middle] > mark) high = middle
    else low = middle + 1
  }
  return low
}

/** Hours of a day (UTC) on which an agent works. */
export function hoursOnDuty(agent: Agent, day: number): number[] {
  const hours: number[] = []
  for (let h = 0; h < 24; h++) if (onDuty(agent, day * 24 + h)) hours.push(h)
  return hours
}
