/** What the fixed answers have in common: the time, and the words of this desk. */
import { wordsOf } from '../../../src/http/desk/words.ts'

export const NOW_MS = Date.now()
export const MIN_MS = 60_000
export const ago = (minutes: number) => NOW_MS - minutes * MIN_MS

const FIELDS = [
  { name: 'name', class: 'identity', mask: 'name' },
  { name: 'mail', class: 'contact', mask: 'mail' },
  { name: 'phone', class: 'contact', mask: 'phone' },
  { name: 'address', class: 'contact', mask: 'text' },
  { name: 'product', class: 'reference', mask: 'text' },
  { name: 'notes', class: 'text', mask: 'text' },
  { name: 'payment', class: 'sensitive', mask: 'text' },
] as const
export const WORDS = wordsOf(FIELDS)

export const budget = {
  used: { hour: 6, day: 31, week: 112 },
  limits: { hour: 20, day: 80, week: 300 },
}
