/** CSV of RFC 4180 as people write it: any line end, a byte order mark, comma or semicolon. */

/** The values of each line that is not empty. Quotes that do not end take the rest. */
export function csvRows(text: string): string[][] {
  const body = text.replace(/^\ufeff/, '')
  const first = body.slice(0, body.search(/[\r\n]|$/))
  const delimiter = first.includes(';') && !first.includes(',') ? ';' : ','
  const rows: string[][] = []
  let row: string[] = []
  let value = ''
  let isQuoted = false
  const endValue = () => {
    row.push(value)
    value = ''
  }
  const endRow = () => {
    endValue()
    if (row.length > 1 || row[0] !== '') rows.push(row)
    row = []
  }
  for (let i = 0; i < body.length; i++) {
    const char = body[i]
    if (isQuoted) {
      if (char !== '"') value += char
      else if (body[i + 1] === '"') value += body[++i]
      else isQuoted = false
    } else if (char === '"' && value === '') isQuoted = true
    else if (char === delimiter) endValue()
    else if (char === '\n' || char === '\r') endRow()
    else value += char
  }
  endRow()
  return rows
}
