/** "My access": what an agent was shown in the last day, and what is left of their budget. */
import { PAGE_ROWS_MAX } from '../base/desk-limits.ts'
import { TelltaleError } from '../base/errors.ts'
import { ACCESS_SHOWN_MS } from '../base/ticket-limits.ts'
import type { Caller, Counts, Purpose, View } from '../guard/facts.ts'
import type { Path } from '../tlog/header.ts'
import type { BudgetPort, KeepShown, ShownRow } from './ports.ts'
import type { LookupStore } from './search.ts'

/** Keeps what was shown, newest last. */
export interface ShownStore {
  keep(row: ShownRow): Promise<void>
  /** Newest first, of after `sinceMs`, with numbers below `before`. */
  page(
    agent: string,
    sinceMs: number,
    before: number | null,
    limit: number,
  ): Promise<readonly { readonly id: number; readonly row: ShownRow }[]>
  /** Answers how many there were. */
  forget(beforeMs: number): Promise<number>
}

/** A disclosure to the caller. */
export interface Shown {
  readonly atMs: number
  readonly entry: number
  readonly path: Path
  readonly purpose: Purpose
  readonly customers: number
  readonly fields: readonly { readonly name: string; readonly view: View }[]
}

/** One page of what the caller was shown in the last 24 hours. */
export interface AccessPage {
  readonly budget: { readonly used: Counts; readonly limits: Counts }
  readonly searches: { readonly lastHour: number; readonly missesLastHour: number }
  readonly shown: readonly Shown[]
  readonly cursor: string | null
}

/** The caller's own access and nobody else's. Throws CURSOR_INVALID. */
export interface Access {
  page(caller: Caller, cursor: string | null): Promise<AccessPage>
}

/** What it is read from. */
export interface AccessPorts {
  readonly shown: Pick<ShownStore, 'page'>
  readonly budget: Pick<BudgetPort, 'limitsFor' | 'used'>
  readonly lookups: Pick<LookupStore, 'used'>
  readonly now: () => number
}

/** Reads it page by page. */
export function createAccess({ shown, budget, lookups, now }: AccessPorts): Access {
  async function page({ agent }: Caller, cursor: string | null): Promise<AccessPage> {
    const before = numberOf(cursor)
    const atMs = now()
    const [rows, used, limits, searched] = await Promise.all([
      shown.page(agent.id, atMs - ACCESS_SHOWN_MS, before, PAGE_ROWS_MAX + 1),
      budget.used(agent.id, atMs),
      budget.limitsFor(agent, atMs),
      lookups.used(agent.id, atMs),
    ])
    const some = rows.slice(0, PAGE_ROWS_MAX)
    return {
      budget: { used, limits },
      searches: { lastHour: searched.searches, missesLastHour: searched.misses },
      shown: some.map(({ row }) => shownOf(row)),
      cursor: rows.length > some.length ? String(some[some.length - 1].id) : null,
    }
  }
  return { page }
}

function shownOf({ atMs, entry, path, purpose, customers, fields, masked }: ShownRow): Shown {
  const as = (view: View) => (name: string) => ({ name, view })
  const views = [...fields.map(as('clear')), ...masked.map(as('masked'))]
  return { atMs, entry, path, purpose, customers, fields: views }
}

/** What the log holds is shown whatever becomes of this copy; `failed` is told when it is missing. */
export function keepingShown(
  store: Pick<ShownStore, 'keep'>,
  failed: (error: unknown) => void,
): KeepShown {
  return async (row) => {
    await store.keep(row).catch(failed)
  }
}

function numberOf(cursor: string | null): number | null {
  if (cursor === null) return null
  if (/^[1-9]\d{0,14}$/.test(cursor)) return Number(cursor)
  throw new TelltaleError('CURSOR_INVALID', {})
}
