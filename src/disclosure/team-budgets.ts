/** Budgets of teams, derived from what their own agents were shown: docs/desk.md, "Budgets". */
import { BUDGET_BASIS_DAYS, BUDGET_DEFAULTS } from '../base/desk-limits.ts'
import { deriveBudget, type PeerCounts, percentileOf } from '../guard/budget.ts'
import type { Counts } from '../guard/facts.ts'
import type { Decision } from '../tlog/decision.ts'
import type { Recorder } from './recorder.ts'

/** The most distinct customers that an agent had been shown at a time, for each hour, day and week in
 * which they were shown any; `lastWeek`: the most in the last seven days. */
export interface AgentPeaks extends PeerCounts {
  readonly agent: string
  readonly lastWeek: Counts
}

/** The peaks of all agents after `fromMs` and until `untilMs`. */
export interface Peaks {
  readonly fromMs: number
  readonly untilMs: number
  readonly agents: readonly AgentPeaks[]
}

/** Who works in which team; `agent` as the log names them. */
export interface Peer {
  readonly agent: string
  readonly team: string | null
  readonly kind: 'person' | 'service'
}

/** What budgets are set for: `team:ID`, `agent:ID` or `default`. */
export interface StoredBudget {
  readonly scope: string
  readonly limits: Counts
  /** What it was derived from; null: somebody chose it. */
  readonly basis: unknown
  readonly setAtMs: number
  readonly setBy: string
}

/** The budgets of a desk; all throw STORE_UNAVAILABLE. */
export interface TeamBudgetStore {
  teams(): Promise<readonly string[]>
  people(): Promise<readonly Peer[]>
  budgets(): Promise<readonly StoredBudget[]>
  /** Sets all of them or none. */
  set(budgets: readonly StoredBudget[]): Promise<void>
}

/** What a team's agents were shown, and the budget that follows. */
export interface TeamBudget {
  readonly team: string
  /** Persons of the team who were shown anybody, and their active days together. */
  readonly agents: number
  readonly agentDays: number
  /** Service accounts in the team: nobody's peers. */
  readonly services: number
  /** Of all agent-hours, -days and -weeks; null where there are none. */
  readonly p50: Counts | null
  /** What the budget is made from: the 99th percentile without those left out, and how many these are;
   * null: the default. */
  readonly p99: Counts | null
  readonly leftOut: Counts | null
  readonly derived: Counts
  readonly tooFew: 'agents' | 'days' | null
  /** What holds now; null where no store was asked. */
  readonly today: Counts | null
  /** How many agents the derived budget would have stopped in the last seven days, by any window and by
   * each. */
  readonly stopped: Counts & { readonly any: number }
}

/** All teams, and who is in none. */
export interface DerivedTeams {
  readonly teams: readonly TeamBudget[]
  /** Agents in the log who are in no team, and service accounts in the log. */
  readonly teamless: number
  readonly services: number
}

const WINDOWS = ['hour', 'day', 'week'] as const satisfies readonly (keyof Counts)[]

/** Derives the budgets of all teams that have a peer. `stored`: the budgets of today; null: unknown. */
export function deriveTeams(
  { agents }: Peaks,
  peers: readonly Peer[],
  stored: readonly StoredBudget[] | null,
): DerivedTeams {
  const peaks = new Map(agents.map((one) => [one.agent, one]))
  const kinds = new Map(peers.map(({ agent, kind }) => [agent, kind]))
  const teamed = new Set(peers.flatMap(({ agent, team }) => (team === null ? [] : [agent])))
  const names = [...new Set(peers.flatMap(({ team }) => team ?? []))].sort()
  const isService = ({ agent }: { agent: string }) => kinds.get(agent) === 'service'
  return {
    teams: names.map((team) => {
      const members = peers.filter((peer) => peer.team === team)
      const persons = members.filter((peer) => !isService(peer))
      const active = persons.flatMap(({ agent }) => peaks.get(agent) ?? [])
      return teamBudget(team, active, members.length - persons.length, stored)
    }),
    teamless: agents.filter((one) => !isService(one) && !teamed.has(one.agent)).length,
    services: agents.filter(isService).length,
  }
}

function teamBudget(
  team: string,
  agents: readonly AgentPeaks[],
  services: number,
  stored: readonly StoredBudget[] | null,
): TeamBudget {
  const scope = (name: string) => stored?.find((one) => one.scope === name)?.limits
  const fallback = scope('default') ?? BUDGET_DEFAULTS
  const { limits, peers, leftOut, tooFew } = deriveBudget(agents, fallback)
  const p50 = (window: keyof Counts) =>
    percentileOf(
      agents.flatMap((one) => one[window]),
      50,
    )
  const over = (window: keyof Counts) =>
    agents.filter(({ lastWeek }) => lastWeek[window] > limits[window])
  const any = new Set(WINDOWS.flatMap(over)).size
  return {
    team,
    agents: agents.length,
    agentDays: agents.reduce((sum, { day }) => sum + day.length, 0),
    services,
    leftOut,
    p50: agents.length === 0 ? null : eachWindow(p50),
    p99: peers,
    derived: limits,
    tooFew,
    today: stored === null ? null : (scope(scopeOf(team)) ?? fallback),
    stopped: { ...eachWindow((window) => over(window).length), any },
  }
}

function eachWindow(of: (window: keyof Counts) => number): Counts {
  return { hour: of('hour'), day: of('day'), week: of('week') }
}

/** The scope of a team's budget. */
function scopeOf(team: string): string {
  return `team:${team}`
}

/** Who sets budgets, and where that is kept and told. `decide` null: no log is told. */
export interface Setting {
  readonly by: string
  readonly store: Pick<TeamBudgetStore, 'set' | 'teams' | 'budgets'>
  readonly decide: Recorder['decide'] | null
  readonly nowMs: number
}

/** What became of setting budgets, by team. */
export interface Applied {
  readonly set: readonly string[]
  /** Have that budget already. */
  readonly same: readonly string[]
  /** Too small for one of their own: what holds for them is left as it is. */
  readonly tooFew: readonly string[]
  /** Not in the store. */
  readonly unknown: readonly string[]
}

/**
 * Sets the budgets that were derived; the log is told first, so that no change is missing there. Throws
 * what the log and the store throw: nothing is set then, though the log may tell of it.
 */
export async function applyBudgets(
  { by, store, decide, nowMs }: Setting,
  { fromMs, untilMs }: Pick<Peaks, 'fromMs' | 'untilMs'>,
  derived: readonly TeamBudget[],
): Promise<Applied> {
  const [known, before] = [new Set(await store.teams()), await store.budgets()]
  const usable = derived.filter(({ tooFew }) => tooFew === null)
  const here = usable.filter(({ team }) => known.has(team))
  const isSame = ({ team, derived: now }: TeamBudget) => {
    const was = before.find(({ scope }) => scope === scopeOf(team))?.limits
    return was !== undefined && WINDOWS.every((window) => was[window] === now[window])
  }
  const changed = here.filter((one) => !isSame(one))
  await Promise.all(changed.map((one) => decide?.(decisionOf(one, by, nowMs))))
  const basis = { days: BUDGET_BASIS_DAYS, fromMs, untilMs }
  if (changed.length > 0) {
    await store.set(
      changed.map((one) => ({
        scope: scopeOf(one.team),
        limits: one.derived,
        basis: { ...basis, ...basisOf(one) },
        setAtMs: nowMs,
        setBy: by,
      })),
    )
  }
  const names = (some: readonly TeamBudget[]) => some.map(({ team }) => team)
  return {
    set: names(changed),
    same: names(here.filter(isSame)),
    tooFew: names(derived.filter(({ tooFew }) => tooFew !== null)),
    unknown: names(usable.filter(({ team }) => !known.has(team))),
  }
}

function basisOf({ agents, agentDays, leftOut, p50, p99, today, stopped }: TeamBudget) {
  return { agents, agentDays, leftOut, p50, p99, before: today, stopped }
}

function decisionOf({ team, today, derived }: TeamBudget, by: string, atMs: number): Decision {
  const spelled = (limits: Counts) => WINDOWS.map((window) => limits[window]).join('/')
  const was = today === null ? '' : ` (was ${spelled(today)})`
  return {
    act: 'settings.changed',
    agent: by,
    atMs,
    customers: [],
    detail: `budget ${spelled(derived)}${was}`,
    reason: null,
    reference: scopeOf(team),
    session: null,
    subject: null,
    writer: null,
  }
}
