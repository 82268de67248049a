/** Where a page of one's open tickets begins, as text. */
import { TelltaleError } from '../base/errors.ts'
import { isName } from './checks.ts'
import type { TicketRow } from './ports.ts'
import type { QueuePlace } from './stores.ts'

/** The place after this ticket. */
export function cursorOf({ priority, contactAtMs, number }: TicketRow): string {
  return JSON.stringify([priority, contactAtMs, number])
}

/** Throws CURSOR_INVALID for what `cursorOf` does not give. */
export function placeOf(cursor: string | null): QueuePlace | null {
  if (cursor === null) return null
  const [priority, contactAtMs, number, ...more] = listOf(cursor)
  const isPlace =
    isInteger(priority) && isInteger(contactAtMs) && typeof number === 'string' && more.length === 0
  if (!isPlace || Math.abs(priority) > 2 ** 30 || !isName(number)) throw invalid()
  return { priority, contactAtMs, number }
}

function listOf(text: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) ? value : []
  } catch {
    throw invalid()
  }
}

function isInteger(value: unknown): value is number {
  return Number.isSafeInteger(value)
}

function invalid(): TelltaleError {
  return new TelltaleError('CURSOR_INVALID', {})
}
