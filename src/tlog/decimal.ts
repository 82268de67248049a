/** Decimal numbers as the C2SP formats write them. */

const DECIMAL = /^(0|[1-9][0-9]{0,15})$/

/** The number that `text` spells without sign or leading zero; null where it spells none, or one
 * above 2^53 - 1. */
export function parseDecimal(text: string): number | null {
  if (!DECIMAL.test(text)) return null
  const value = Number(text)
  return Number.isSafeInteger(value) ? value : null
}
