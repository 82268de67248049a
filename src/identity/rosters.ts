/** Who is on duty when: what work at odd hours is held against. */
import { TelltaleError } from '../base/errors.ts'
import { DUTY_MS_MAX, PEOPLE_FILE_ROWS_MAX } from '../base/identity-limits.ts'
import { AT_MAX_MS } from '../base/limits.ts'
import { decisionOf } from './decisions.ts'
import type { Decisions, Duty, Rosters } from './ports.ts'
import type { RosterStore } from './stores.ts'

const WEEK_MS = 7 * 24 * 3_600_000

/** What rosters need. */
export interface RostersDeps {
  readonly store: RosterStore
  readonly decisions: Decisions
  nowMs(): number
}

/** Rosters of one desk. */
export function createRosters({ store, decisions, nowMs }: RostersDeps): Rosters {
  return {
    async put(duties, by) {
      checkDuties(duties)
      const agents = [...new Set(duties.map(({ agent }) => agent))]
      const known = new Set(await store.known(agents))
      const unknown = agents.find((agent) => !known.has(agent))
      if (unknown !== undefined) throw new TelltaleError('AGENT_UNKNOWN', { agent: unknown })
      if (duties.length === 0) return
      const detail = `roster of ${agents.length} agents, ${duties.length} spans`
      const said = { agent: by, atMs: nowMs(), detail }
      await decisions.decide(decisionOf({ act: 'settings.changed', ...said }))
      await store.put(duties)
    },
    async onDuty(agent, atMs) {
      const around = await store.between(agent, atMs - WEEK_MS, atMs + WEEK_MS)
      if (around.length === 0) return null
      return around.some(({ startsAtMs, endsAtMs }) => startsAtMs <= atMs && atMs < endsAtMs)
    },
  }
}

function checkDuties(duties: readonly Duty[]): void {
  if (duties.length > PEOPLE_FILE_ROWS_MAX)
    throw invalid(`it has more than ${PEOPLE_FILE_ROWS_MAX} spans`)
  const starts = new Set<string>()
  for (const { agent, startsAtMs, endsAtMs } of duties) {
    const isTime = [startsAtMs, endsAtMs].every(
      (atMs) => Number.isSafeInteger(atMs) && atMs >= 0 && atMs <= AT_MAX_MS,
    )
    if (!isTime || endsAtMs <= startsAtMs) throw invalid(`a span of ${agent} ends before it starts`)
    if (endsAtMs - startsAtMs > DUTY_MS_MAX)
      throw invalid(`a span of ${agent} is longer than a day`)
    const key = `${startsAtMs} ${agent}`
    if (starts.has(key)) throw invalid(`two spans of ${agent} start at the same time`)
    starts.add(key)
  }
}

function invalid(problem: string): TelltaleError {
  return new TelltaleError('ROSTER_INVALID', { problem })
}
