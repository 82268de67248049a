/** What is checked before anything is asked of a store. */
import { TelltaleError } from '../base/errors.ts'
import { KEY_BYTES_MAX } from '../base/limits.ts'
import type { Caller } from '../guard/facts.ts'

/** Throws ROLE_NEEDED for whoever handles no tickets. */
export function checkRole({ agent }: Caller): void {
  const handles = agent.roles.includes('agent') || agent.roles.includes('lead')
  if (!handles) throw new TelltaleError('ROLE_NEEDED', { role: 'agent' })
}

/** Throws TICKET_UNKNOWN for what no ticket could be called. */
export function checkNumber(number: string): void {
  if (!isName(number)) throw new TelltaleError('TICKET_UNKNOWN', {})
}

/** Whether a store and the log could hold this as a name or number. */
export function isName(text: string): boolean {
  return text !== '' && Buffer.byteLength(text) <= KEY_BYTES_MAX && !/[\p{Cc}\p{Cs}]/u.test(text)
}

/** The text without space around it; throws TEXT_INVALID where `plainText` finds none. */
export function textOf(what: string, text: string, charsMax: number): string {
  const plain = plainText(text, charsMax)
  if (plain === null) throw new TelltaleError('TEXT_INVALID', { what })
  return plain
}

/** The text without space around it; null for none, for too much, and for what is no text: neither a
 * database nor a log takes that. */
export function plainText(text: string, charsMax: number): string | null {
  const trimmed = text.trim()
  const printable = trimmed.replace(/[\t\n\r]/g, '')
  const isText = trimmed !== '' && trimmed.length <= charsMax && !/[\p{Cc}\p{Cs}]/u.test(printable)
  return isText ? trimmed : null
}
