/** "My access": what an agent was shown in the last day, and what is left of their budget. */
import { PAGE_ROWS_MAX } from '../base/desk-limits.ts'
import { TelltaleError } from '../base/errors.ts'
import { ACCESS_SHOWN_MS, SHOWN_WAITING_MAX } from '../base/ticket-limits.ts'
import type { Caller, Counts, Purpose, View } from '../guard/facts.ts'
import type { Path } from '../tlog/header.ts'
import type { BudgetPort, KeepShown, ShownRow } from './ports.ts'
import type { LookupStore } from './search.ts'

/** Keeps what was shown, newest last. */
export interface ShownStore {
  keep(rows: readonly ShownRow[]): Promise<void>
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
  /** Resolves when what the caller saw is there to be read. */
  readonly settled: () => Promise<void>
  readonly shown: Pick<ShownStore, 'page'>
  readonly budget: Pick<BudgetPort, 'limitsFor' | 'used'>
  readonly lookups: Pick<LookupStore, 'used'>
  readonly now: () => number
}

/** Reads it page by page. */
export function createAccess({ settled, shown, budget, lookups, now }: AccessPorts): Access {
  async function page({ agent }: Caller, cursor: string | null): Promise<AccessPage> {
    const before = numberOf(cursor)
    const atMs = now()
    await settled()
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

/** Rows on their way to the store. */
export interface ShownKeeper {
  readonly keep: KeepShown
  /** Resolves when those of before are kept, or given up. */
  settled(): Promise<void>
}

/** What the log holds is shown whatever becomes of this copy, and does not wait for it: rows that come
 * while one statement is under way go together in the next. `failed` is told of those that are missing. */
export function keepingShown(
  store: Pick<ShownStore, 'keep'>,
  failed: (error: unknown) => void,
): ShownKeeper {
  let waiting: ShownRow[] = []
  let under: Promise<void> | null = null
  async function run(): Promise<void> {
    while (waiting.length > 0) {
      const rows = waiting
      waiting = []
      await store.keep(rows).catch(failed)
    }
    under = null
  }
  return {
    keep: (row) => {
      if (waiting.length === SHOWN_WAITING_MAX) {
        failed(new Error('more was shown than the store keeps up with'))
        return
      }
      waiting.push(row)
      under ??= run()
    },
    settled: () => under ?? Promise.resolve(),
  }
}

function numberOf(cursor: string | null): number | null {
  if (cursor === null) return null
  if (/^[1-9]\d{0,14}$/.test(cursor)) return Number(cursor)
  throw new TelltaleError('CURSOR_INVALID', {})
}
