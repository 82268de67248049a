import { describe, expect, it } from 'vitest'
import {
  type AgentPeaks,
  applyBudgets,
  deriveTeams,
  type StoredBudget,
} from '../../src/disclosure/team-budgets.ts'
import type { Decision } from '../../src/tlog/decision.ts'
import { naivePeaks, newestS, type Shown, theft, WINDOWS, workOf } from './peaks.ts'

const DEFAULTS = { hour: 20, day: 80, week: 300 }
const period = { fromMs: 1, untilMs: 2 }
const desk = (agents: number, team = 'desk') =>
  Array.from({ length: agents }, (_, n) => ({ agent: `a${n}`, team, kind: 'person' as const }))
const peaksOf = (all: readonly Shown[]) => ({ ...period, agents: naivePeaks(all, newestS(all)) })
const teamFrom = (all: readonly Shown[], stored: readonly StoredBudget[] | null = null) => {
  const [team] = deriveTeams(peaksOf(all), desk(8), stored).teams
  return team
}

describe('the budget of a team of eight', () => {
  it.each([1, 2, 3, 4])(
    'is not raised by a thief by more than a tenth, whoever of them it is (seed %i)',
    (seed) => {
      const work = workOf(seed)
      const peaks = naivePeaks(work, newestS(work))
      const teamOf = (agents: readonly AgentPeaks[]) =>
        deriveTeams({ ...period, agents }, desk(8), null).teams[0]
      const honest = teamOf(peaks).derived
      for (const { agent } of peaks) {
        for (const perHour of [4, 20]) {
          const mine = [...work.filter((one) => one.agent === agent), ...theft(agent, perHour)]
          const others = peaks.filter((one) => one.agent !== agent)
          const { derived, stopped } = teamOf([...others, ...naivePeaks(mine, newestS(work))])
          for (const window of WINDOWS) {
            expect(derived[window] / honest[window], `${agent} ${window}`).toBeLessThanOrEqual(1.1)
          }
          if (perHour === 20) expect(stopped).toMatchObject({ hour: 1, day: 1, any: 1 })
        }
      }
    },
  )

  it('would be raised if all counts were in one pool', () => {
    const work = workOf(1)
    const counts = naivePeaks([...work, ...theft('a0', 10)], newestS(work))
    const pooled = counts.flatMap(({ day }) => day).sort((a, b) => a - b)
    const p99 = pooled[Math.ceil(0.99 * pooled.length) - 1]
    expect(1.5 * p99).toBeGreaterThan(1.5 * teamFrom(work).derived.day)
  })

  it('stops nobody who works as the others do', () => {
    expect(teamFrom(workOf(5)).stopped).toEqual({ hour: 0, day: 0, week: 0, any: 0 })
  })
})

describe('teams', () => {
  const work = workOf(6)
  const small = [
    ...desk(4, 'small'),
    { agent: 'a4', team: 'bots', kind: 'service' as const },
    { agent: 'a5', team: 'small', kind: 'service' as const },
    { agent: 'a6', team: null, kind: 'person' as const },
  ]

  it('that are too small, and service accounts, have the default', () => {
    const derived = deriveTeams(peaksOf(work), small, null)
    expect(derived).toMatchObject({ teamless: 2, services: 2 })
    const [bots, people] = derived.teams
    expect(bots).toMatchObject({
      team: 'bots',
      agents: 0,
      services: 1,
      derived: DEFAULTS,
      p50: null,
    })
    expect(people).toMatchObject({ team: 'small', agents: 4, services: 1, tooFew: 'agents' })
    expect(people).toMatchObject({ derived: DEFAULTS, p99: null, today: null })
    const mine = { hour: 1, day: 2, week: 3 }
    const stored = [{ scope: 'default', limits: mine, basis: null, setAtMs: 1, setBy: 'x' }]
    const [, again] = deriveTeams(peaksOf(work), small, stored).teams
    expect(again).toMatchObject({ derived: mine, today: mine, stopped: { any: 4 } })
  })

  it('have the budget of today beside it: their own, else that of all', () => {
    const row = (scope: string, hour: number) => ({
      scope,
      limits: { hour, day: 80, week: 300 },
      basis: null,
      setAtMs: 1,
      setBy: 'x',
    })
    expect(teamFrom(work, []).today).toEqual(DEFAULTS)
    expect(teamFrom(work, [row('default', 7), row('agent:a1', 9)]).today?.hour).toBe(7)
    expect(teamFrom(work, [row('default', 7), row('team:desk', 8)]).today?.hour).toBe(8)
  })
})

describe('setting budgets', () => {
  const teams = deriveTeams(peaksOf(workOf(7)), desk(8), []).teams
  const settingOf = (before: readonly StoredBudget[], known = ['desk']) => {
    const told: (Decision | readonly StoredBudget[])[] = []
    const store = {
      teams: async () => known,
      budgets: async () => before,
      set: async (budgets: readonly StoredBudget[]) => void told.push(budgets),
    }
    const decide = async (decision: Decision) => {
      told.push(decision)
      return { first: 0, count: 1 }
    }
    return { told, setting: { by: 'olga', store, decide, nowMs: 99 } }
  }

  it('tells the log first, and says what was and what is', async () => {
    const { told, setting } = settingOf([])
    expect(await applyBudgets(setting, period, teams)).toMatchObject({ set: ['desk'], same: [] })
    const { hour, day, week } = teams[0].derived
    expect(told[0]).toMatchObject({
      act: 'settings.changed',
      agent: 'olga',
      atMs: 99,
      detail: `budget ${hour}/${day}/${week} (was 20/80/300)`,
      reference: 'team:desk',
    })
    expect(told[1]).toMatchObject([
      { scope: 'team:desk', limits: teams[0].derived, setAtMs: 99, setBy: 'olga' },
    ])
    expect(told).toHaveLength(2)
  })

  it('sets nothing that is so already, or is too small, or of no team here', async () => {
    const now = {
      scope: 'team:desk',
      limits: teams[0].derived,
      basis: null,
      setAtMs: 1,
      setBy: 'x',
    }
    const same = settingOf([now])
    expect(await applyBudgets(same.setting, period, teams)).toMatchObject({ same: ['desk'] })
    const unknown = settingOf([], ['other'])
    expect(await applyBudgets(unknown.setting, period, teams)).toMatchObject({ unknown: ['desk'] })
    const few = settingOf([])
    const small = deriveTeams(peaksOf(workOf(7, 4)), desk(4), []).teams
    expect(await applyBudgets(few.setting, period, small)).toMatchObject({ tooFew: ['desk'] })
    expect([...same.told, ...unknown.told, ...few.told]).toEqual([])
  })

  it('sets nothing where the log does not take it', async () => {
    const { told, setting } = settingOf([])
    const decide = async () => {
      throw new Error('the disk is full')
    }
    await expect(applyBudgets({ ...setting, decide }, period, teams)).rejects.toThrow('full')
    expect(told).toEqual([])
  })
})
