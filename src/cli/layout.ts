/** Text in columns for a terminal: wrapping, widths, alignment. */

const MIN_COLUMNS = 24

/** Columns that a text takes: wide East Asian and emoji characters take two, marks none. */
export function columnsOf(text: string): number {
  let columns = 0
  for (const char of text)
    columns += /\p{M}/u.test(char) ? 0 : isWide(char.codePointAt(0) ?? 0) ? 2 : 1
  return columns
}

function isWide(code: number): boolean {
  return (
    (code >= 0x1100 && code <= 0x115f) ||
    (code >= 0x2e80 && code <= 0xa4cf) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xfe30 && code <= 0xfe6f) ||
    (code >= 0xff00 && code <= 0xff60) ||
    (code >= 0x1f300 && code <= 0x1faff)
  )
}

/** Breaks at spaces; a word longer than a line is cut. `first` and `rest` begin the lines. */
export function wrap(text: string, columns: number, first = '', rest = first): string[] {
  const lines: string[] = []
  let line = first
  let empty = true
  const room = Math.max(MIN_COLUMNS, columns)
  const push = () => {
    lines.push(line)
    line = rest
    empty = true
  }
  for (const word of text.split(/\s+/).filter((part) => part !== '')) {
    if (!empty && columnsOf(line) + 1 + columnsOf(word) > room) push()
    let left = word
    while (columnsOf(line) + columnsOf(left) > room && empty) {
      const taken = takeColumns(left, room - columnsOf(line))
      line += taken
      left = left.slice(taken.length)
      push()
    }
    line += (empty ? '' : ' ') + left
    empty = empty && left === ''
  }
  if (!empty || lines.length === 0) lines.push(line)
  return lines
}

function takeColumns(text: string, columns: number): string {
  let taken = ''
  for (const char of text) {
    if (taken !== '' && columnsOf(taken) + columnsOf(char) > columns) break
    taken += char
  }
  return taken
}

export function padEnd(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - columnsOf(text)))
}

export function padStart(text: string, columns: number): string {
  return ' '.repeat(Math.max(0, columns - columnsOf(text))) + text
}

/** `term   text text` with the text hanging under itself; stacked where the terminal is narrow. */
export function hanging(
  term: string,
  text: string,
  termColumns: number,
  columns: number,
): string[] {
  const indent = '  '
  if (columns - termColumns < 36 || columnsOf(term) > termColumns) {
    return [...wrap(term, columns, indent), ...wrap(text, columns, `${indent}  `)]
  }
  const rest = indent + ' '.repeat(termColumns + 2)
  return wrap(text, columns, indent + padEnd(term, termColumns + 2), rest)
}
