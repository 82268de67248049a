/** Rows as a file that spreadsheets open: RFC 4180. */

/**
 * A first row of names, then the rows, each ending in CRLF. A value that a spreadsheet would compute gets
 * an apostrophe before it, as OWASP's "CSV Injection" says: telephone numbers, too.
 */
export function csvOf(
  names: readonly string[],
  rows: readonly (readonly (string | null)[])[],
): string {
  return [names, ...rows].map((row) => `${row.map(cellOf).join(',')}\r\n`).join('')
}

// A full-width sign counts as its plain one, and blanks before it are passed over.
const COMPUTED = /^[\s\p{Cf}\p{Cc}]*[=+\-@\uff1d\uff0b\uff0d\uff20|%]|^[\t\r\n]/u

function cellOf(value: string | null): string {
  if (value === null) return ''
  const safe = COMPUTED.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) || safe !== safe.trim() ? `"${safe.replaceAll('"', '""')}"` : safe
}
