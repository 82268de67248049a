/** A log with a planted leak, as files, for the tests of the whole command. */
import { drawReports, randomWorld, seeded, seenBy } from '../attribution/worlds.ts'
import { accessCsv, type Desk, reportsCsv } from './cli.ts'

export const draw = seeded(42)
export const world = randomWorld(draw, 12, 1500, 0.12)
export const leaker = nameable()
export const shown = world.shown.map((agents) => agents.map((agent) => `agent${agent}`))
export const reported = drawReports(draw, world, seenBy(world, leaker), 24, 0.05)

/** An agent with enough customers to leak, and not so many that they cannot be told. */
function nameable(): number {
  const counts = Array.from({ length: 12 }, (_, agent) => seenBy(world, agent).length)
  return counts.findIndex((count) => count >= 40 && count <= 90)
}

export function plantedFiles(desk: Desk): { accesses: string; reports: string } {
  return {
    accesses: desk.file('accesses.csv', accessCsv(shown)),
    reports: desk.file('reports.csv', reportsCsv(reported)),
  }
}

export function codes(verdict: { caveats: { code: string }[] }): string[] {
  return verdict.caveats.map((caveat) => caveat.code)
}
