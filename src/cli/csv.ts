/** One line of RFC 4180 CSV. A value that a spreadsheet would run as a formula is set off by a quote. */
export function csvLine(values: readonly string[]): string {
  return `${values.map(csvValue).join(',')}\n`
}

function csvValue(value: string): string {
  const safe = /^[=+\-@\t\r]/.test(value) && !/^-?\d+(\.\d+)?$/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
