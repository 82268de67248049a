/** Exceptions, step by step; each step is in the log before it takes effect. docs/desk.md. */
import { PAGE_ROWS_MAX } from '../base/desk-limits.ts'
import { TelltaleError } from '../base/errors.ts'
import type { ExportRelease } from '../disclosure/export.ts'
import { isSteppedUp } from '../disclosure/judge.ts'
import type { Release } from '../disclosure/ports.ts'
import type { Caller } from '../guard/facts.ts'
import type { Decision } from '../tlog/decision.ts'
import { checkMayAsk, grantAsked, type Meant } from './ask.ts'
import { decisionOf } from './decisions.ts'
import { checkCanDecide, checkCanReview, checkMayJudge, notYours, ONLY_DECIDERS } from './judge.ts'
import type { Grants } from './ports.ts'
import { cursorOf, decides, grantOf, placeOf } from './shape.ts'
import type { DecideHabit, GrantRow, GrantStore } from './stores.ts'
import { asKept, checkNew, sayingSomething } from './text.ts'
import { createWaiting, type WaitingPorts } from './waiting.ts'

/** What exceptions need. */
export interface GrantsPorts extends WaitingPorts {
  readonly store: GrantStore
  /** To the log: durable when it resolves. */
  readonly decide: (decision: Decision) => Promise<unknown>
  readonly release: Release
  readonly releaseExport: ExportRelease
  readonly meant: Meant
}

/** Exceptions through these. */
export function createGrants(ports: GrantsPorts): Grants {
  const { store, policies, nowMs } = ports
  return {
    ...createUse(ports),
    ...createWaiting(ports),
    ask: async (caller, ask) => {
      const atMs = nowMs()
      const grant = await grantAsked(caller, ask, ports.fields, ports.meant, atMs)
      const act = grant.emergency ? 'grant.emergency' : 'grant.asked'
      const asked = await store.ask(
        caller,
        grant,
        atMs,
        (habit) => checkMayAsk(policies, caller, grant, habit, atMs),
        (row) => ports.decide(decisionOf(caller, act, row, grant.text, atMs)),
      )
      return grantOf(asked)
    },
    decide: async (caller, id, approve, said) => {
      const atMs = nowMs()
      // Saying no takes no words; saying yes does, and other ones each time.
      const text = approve ? sayingSomething(said) : asKept(said)
      const steppedUp = isSteppedUp(caller.session.stepUpAtMs, atMs)
      const decided = await store.decide(
        caller,
        id,
        { approve, text },
        atMs,
        (habit, weighed) => {
          checkRank(habit)
          if (weighed === null) throw unknown()
          checkMayJudge(policies, habit, weighed, { action: 'decide', approve, steppedUp })
          checkCanDecide(habit, weighed, approve, atMs)
          if (approve) checkNew(text, habit.texts)
        },
        (row) => {
          const act = approve ? 'grant.approved' : 'grant.denied'
          return ports.decide(decisionOf(caller, act, row, text, atMs))
        },
      )
      return grantOf(decided)
    },
    review: async (caller, id, verdict, said) => {
      const atMs = nowMs()
      const text = verdict === 'wrong' ? sayingSomething(said) : asKept(said)
      const reviewed = await store.review(
        caller,
        id,
        { verdict, text },
        atMs,
        (habit, weighed) => {
          checkRank(habit)
          if (weighed === null) throw unknown()
          const steppedUp = isSteppedUp(caller.session.stepUpAtMs, atMs)
          const approve = verdict === 'fine'
          checkMayJudge(policies, habit, weighed, { action: 'review', approve, steppedUp })
          checkCanReview(weighed)
        },
        (row) =>
          ports.decide(
            decisionOf(caller, 'grant.reviewed', row, `${verdict}. ${text}`.trim(), atMs),
          ),
      )
      return grantOf(reviewed)
    },
  }
}

/** Using one's own. */
function createUse(ports: GrantsPorts): Pick<Grants, 'mine' | 'one' | 'reveal' | 'end' | 'export'> {
  const { store, nowMs } = ports
  const own = async ({ agent }: Caller, id: string): Promise<GrantRow> => {
    const grant = await store.one(id)
    if (grant === null || grant.agent !== agent.id) throw unknown()
    return grant
  }
  return {
    mine: async ({ agent }, cursor) => {
      const rows = await store.mine(agent.id, placeOf(cursor), PAGE_ROWS_MAX + 1)
      const grants = rows.slice(0, PAGE_ROWS_MAX)
      return { grants: grants.map(grantOf), cursor: cursorOf(rows, grants) }
    },
    one: async (caller, id) => {
      const grant = await store.one(id)
      if (grant === null || !(grant.agent === caller.agent.id || decides(caller.agent)))
        throw unknown()
      return grantOf(grant)
    },
    reveal: async (caller, id, which, fields) => {
      const customer = (await own(caller, id)).customers.at(which)
      if (customer === undefined || which < 0) throw unknown()
      const because = { kind: 'grant', id, customer } as const
      return ports.release({ caller, because, fields, act: 'reveal', path: 'desk' })
    },
    export: async (caller, id) => {
      await own(caller, id)
      const { csv, rows } = await ports.releaseExport(caller, id)
      return { name: `telltale-${id}.csv`, csv, rows }
    },
    end: async (caller, id) => {
      const atMs = nowMs()
      await store.end(
        caller,
        id,
        atMs,
        ({ agent, isPresent }, grant) => {
          if (!isPresent) throw new TelltaleError('SESSION_ENDED', {})
          // Who may say yes may take it back; of others' grants nobody else knows.
          const isTheirs = grant?.agent === agent.id || decides(agent)
          if (grant === null || !isTheirs) throw unknown()
        },
        (row) => ports.decide(decisionOf(caller, 'grant.ended', row, '', atMs)),
      )
    },
  }
}

/** Before anything is said of whether there is such a grant. */
function checkRank({ agent, isPresent }: DecideHabit): void {
  if (!isPresent) throw new TelltaleError('SESSION_ENDED', {})
  if (!decides(agent)) throw notYours(ONLY_DECIDERS)
}

function unknown(): TelltaleError {
  return new TelltaleError('GRANT_UNKNOWN', {})
}
