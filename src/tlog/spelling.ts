/** Texts of what is sealed: the canonical JSON of each, and what reads it back (docs/formats.md section
 * 10.1). */
import { TelltaleError } from '../base/errors.ts'
import { KEY_BYTES_MAX, QUERY_BYTES_MAX } from '../base/limits.ts'
import { malformed } from './header.ts'

/** Spells texts as JSON; throws the error of its kind of entry where one is none. `what` a text is is
 * said in errors. */
export interface Speller {
  /** A text of 1 to 256 bytes without control characters. */
  short(text: string, what: string): string
  /** A text of 1 to 8,192 bytes, in which tabs and line breaks may stand. */
  long(text: string, what: string): string
  /** Short texts, at least one, ascending by UTF-16 code unit, each once; joined by commas. */
  list(texts: readonly string[], what: string): string
}

// Nothing in it that JSON escapes and no character of more than a byte: nearly every text.
const SIMPLE = /^[ !#-[\]-~]{1,256}$/
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is refused
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is refused
const CONTROL_IN_LONG = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/

/** A speller whose errors `wrong` makes, out of a clause without a full stop. */
export function spellerOf(wrong: (problem: string) => TelltaleError): Speller {
  function within(text: string, what: string, bytesMax: number, control: RegExp): string {
    const found = (problem: string) => wrong(`a text in its ${what} ${problem}`)
    if (typeof text !== 'string') throw found('is no text')
    if (text === '') throw found('is empty')
    if (text.length > bytesMax || Buffer.byteLength(text) > bytesMax) {
      throw found(`is longer than ${bytesMax} bytes`)
    }
    if (control.test(text)) throw found('holds a control character')
    if (!text.isWellFormed()) throw found('is not Unicode')
    return JSON.stringify(text)
  }

  function short(text: string, what: string): string {
    return typeof text === 'string' && SIMPLE.test(text)
      ? `"${text}"`
      : within(text, what, KEY_BYTES_MAX, CONTROL)
  }

  return {
    short,
    long: (text, what) => within(text, what, QUERY_BYTES_MAX, CONTROL_IN_LONG),
    list: (texts, what) => {
      let out = short(texts[0], what)
      for (let i = 1; i < texts.length; i++) {
        out += `,${short(texts[i], what)}`
        if (!(texts[i - 1] < texts[i])) throw wrong(`its ${what} are not in order, each once`)
      }
      return out
    },
  }
}

/** The values of a JSON object, of no type that is known yet. */
export type Raw = Readonly<Record<string, never>>

/**
 * Reads the canonical JSON of what is sealed and nothing else; throws ENTRY_MALFORMED. `read` takes the
 * values that are known, `lists` are the lists among them, and `spell` writes them again: whatever was
 * misspelt, not known, of the wrong type or out of order differs then.
 */
export function readCanonical<Sealed>(
  text: string,
  lists: readonly string[],
  read: (raw: Raw) => Sealed,
  spell: (sealed: Sealed) => string,
): Sealed {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw malformed('what is sealed in it is not JSON')
  }
  const raw = Object(value) as Raw
  if (!lists.every((key) => raw[key] === undefined || Array.isArray(raw[key]))) {
    throw malformed('what is sealed in it has a list that is none')
  }
  const sealed = read(raw)
  try {
    if (spell(sealed) === text) return sealed
  } catch (error) {
    if (!(error instanceof TelltaleError)) throw error
  }
  throw malformed('what is sealed in it is not in canonical form')
}
