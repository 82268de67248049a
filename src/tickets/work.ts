/** Working on tickets: docs/desk.md. Each change is in the log before it counts. */
import { PAGE_ROWS_MAX } from '../base/desk-limits.ts'
import { type CallPorts, createCalls } from './calls.ts'
import { type ChangePorts, createChanges } from './changes.ts'
import { checkRole } from './checks.ts'
import { cursorOf, placeOf } from './cursor.ts'
import { createPages, type PagePorts } from './page.ts'
import type { Tickets } from './ports.ts'
import type { TicketStore } from './stores.ts'

/** What working on tickets needs. */
export interface WorkPorts extends CallPorts, PagePorts, ChangePorts {
  /** null: tickets of a guarded help desk, which are changed there. */
  readonly store: TicketStore | null
}

/** Works on tickets through these. */
export function createTickets(ports: WorkPorts): Tickets {
  const { board } = ports
  return {
    ...createPages(ports),
    ...createChanges(ports),
    ...createCalls(ports),

    queue: async (caller, cursor) => {
      checkRole(caller)
      const after = placeOf(cursor)
      const [rows, waiting] = await Promise.all([
        board.mine(caller.agent.id, after, PAGE_ROWS_MAX + 1),
        board.waiting(caller.agent.id),
      ])
      const mine = rows.slice(0, PAGE_ROWS_MAX)
      const next = rows.length > mine.length ? cursorOf(mine[mine.length - 1]) : null
      return { mine, cursor: next, waiting }
    },
  }
}
