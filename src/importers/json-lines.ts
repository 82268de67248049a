/** JSON lines: one object a line. A column is a key or a path of keys (`actor.user.uid`); a path
 * through a list, and a list of plain values, gives its values joined by `;`. */
import { REJECT_TEXT_MAX } from '../base/limits.ts'
import { holdsControlCharacter } from './csv.ts'
import type { LineBlock } from './lines.ts'
import type { RawRows } from './raw-rows.ts'

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
type JsonObject = { [key: string]: Json }

/** Deep enough for any log format known here, shallow enough to list the names to a person. */
const PATH_DEPTH_MAX = 5

/** Deeper than any log, shallow enough to be walked without end of the stack. The reject's sentence
 * (src/disclosure/rejects.ts) names it. */
const NESTING_MAX = 200

/** Whether brackets and braces, outside strings, are open more than NESTING_MAX deep. */
function isTooDeep(line: string): boolean {
  // Each level takes a character to open it and one to close it.
  if (line.length < 2 * NESTING_MAX) return false
  let depth = 0
  for (let i = 0; i < line.length; i++) {
    const code = line.charCodeAt(i)
    if (code === QUOTE) i = closingQuote(line, i)
    else if (code === OPEN_BRACE || code === OPEN_BRACKET) {
      if (++depth > NESTING_MAX) return true
    } else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) depth--
  }
  return false
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const [OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] = [0x7b, 0x7d, 0x5b, 0x5d]

/** The place of the quote that closes the string opened at `from`; the line's end where none does. */
function closingQuote(line: string, from: number): number {
  for (let end = line.indexOf('"', from + 1); end !== -1; end = line.indexOf('"', end + 1)) {
    let escapes = 0
    while (line.charCodeAt(end - 1 - escapes) === BACKSLASH) escapes++
    if (escapes % 2 === 0) return end
  }
  return line.length
}

/** The object of a line, or null. Whole numbers beyond 2^53 keep every digit. */
function parseObject(line: string): JsonObject | null {
  try {
    const exact = /\d{16}/.test(line) ? quoteLongNumbers(line) : line
    const value = JSON.parse(exact) as Json
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null
  } catch {
    return null
  }
}

/** Outside strings, puts whole numbers of 16 digits or more in quotes: an identifier is a text. */
function quoteLongNumbers(line: string): string {
  return line.replace(/"(?:[^"\\]|\\.)*"|-?\d{16,}(?![\d.eE])/g, (part) =>
    part[0] === '"' ? part : `"${part}"`,
  )
}

export function jsonSample(sample: string, limit: number): JsonObject[] {
  const objects: JsonObject[] = []
  for (const line of sample.split('\n', limit)) {
    const object = isTooDeep(line) ? null : parseObject(line)
    if (object) objects.push(object)
  }
  return objects
}

/** The paths to plain values in the objects, in order of appearance. */
export function jsonNames(objects: readonly JsonObject[]): string[] {
  const names = new Set<string>()
  const walk = (value: Json, path: string, depth: number) => {
    if (Array.isArray(value)) {
      const objectsIn = value.filter((item) => typeof item === 'object' && item !== null)
      if (objectsIn.length === 0) names.add(path)
      for (const item of objectsIn) walk(item, path, depth + 1)
    } else if (typeof value === 'object' && value !== null) {
      if (depth > PATH_DEPTH_MAX) return
      for (const [key, inner] of Object.entries(value)) {
        walk(inner, path === '' ? key : `${path}.${key}`, depth + 1)
      }
    } else names.add(path)
  }
  for (const object of objects) walk(object, '', 0)
  names.delete('')
  return [...names]
}

/** Reads the named columns of an object, as texts; absent or null is null. */
export function jsonReader(names: readonly string[]) {
  const paths = names.map((name) => ({ name, keys: name.split('.') }))
  const read = (object: JsonObject): (string | null)[] =>
    paths.map(({ name, keys }) => {
      const direct = object[name]
      if (direct !== undefined) return textOf(direct)
      return keys.length === 1 ? null : textOf(follow(object, keys, 0))
    })
  return Object.assign(read, {
    /** Reads a block's lines into `rows`. */
    block(block: LineBlock, rows: RawRows): void {
      let line = block.line - 1
      for (const text of block.text().split('\n')) {
        line++
        if (text.trim() === '') continue
        const reject = (reason: RawRows['rejects'][number]['reason']) =>
          rows.rejects.push({ line, reason, text: text.slice(0, REJECT_TEXT_MAX) })
        if (block.invalid.has(line)) {
          reject('not-utf8')
          continue
        }
        if (isTooDeep(text)) {
          reject('too-deep')
          continue
        }
        const object = parseObject(text)
        if (object === null) {
          reject('not-json')
          continue
        }
        const values = read(object)
        if (text.includes('\\u00') && values.some((value) => holdsControlCharacter(value ?? ''))) {
          reject('control-character')
          continue
        }
        for (const [column, value] of values.entries()) rows.columns[column].push(value)
        rows.lines.push(line)
        rows.count++
      }
    },
  })
}

function follow(value: Json | undefined, keys: readonly string[], from: number): Json {
  if (value === undefined || value === null) return null
  if (Array.isArray(value)) {
    return value.map((item) => follow(item, keys, from)).filter((item) => item !== null)
  }
  if (from === keys.length) return value
  return typeof value === 'object' ? follow(value[keys[from]], keys, from + 1) : null
}

function textOf(value: Json): string | null {
  if (typeof value === 'string') return value
  if (value === null) return null
  if (Array.isArray(value)) {
    const texts = value.map(textOf).filter((text) => text !== null)
    return texts.length > 0 ? texts.join(';') : null
  }
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
