/** Texts that somebody else decides by, or has to answer for. */
import {
  GRANT_TEXT_CHARS_MAX,
  GRANT_TEXT_CHARS_MIN,
  GRANT_TEXT_WORDS_MIN,
} from '../base/desk-limits.ts'
import { TelltaleError } from '../base/errors.ts'

const WORDS = new Intl.Segmenter('und', { granularity: 'word' })

/** The text as it is kept, which says something; throws GRANT_INVALID. */
export function sayingSomething(text: string): string {
  const kept = asKept(text)
  const letters = lettersOf(kept).length
  const words = [...WORDS.segment(kept)].flatMap(({ segment, isWordLike }) =>
    isWordLike && /\p{L}/u.test(segment) ? [segment.toLowerCase()] : [],
  )
  const isSaying =
    [...kept].length >= GRANT_TEXT_CHARS_MIN &&
    // Dots and numbers fill a line, and say nothing.
    letters >= GRANT_TEXT_CHARS_MIN / 2 &&
    new Set(words).size >= GRANT_TEXT_WORDS_MIN
  if (isSaying) return kept
  throw invalid('the text says too little for somebody else to decide by')
}

/** The text as it is kept, which may be empty; throws GRANT_INVALID. */
export function asKept(text: string): string {
  const kept = text.normalize('NFC').replaceAll('\r\n', '\n').trim()
  if ([...kept].length > GRANT_TEXT_CHARS_MAX) {
    throw invalid(`the text has more than ${GRANT_TEXT_CHARS_MAX} characters`)
  }
  // What the log takes (docs/formats.md, section 10.2), and nothing that hides what a reader sees.
  if (/[\p{Cs}\u202a-\u202e\u2066-\u2069]|[^\P{Cc}\t\n]/u.test(kept)) {
    throw invalid('the text has characters that cannot be seen')
  }
  return kept
}

/** Throws GRANT_INVALID where a text is one of those before it but for numbers and signs. */
export function checkNew(text: string, earlier: readonly string[]): void {
  const letters = lettersOf(text)
  if (earlier.some((one) => lettersOf(one) === letters)) {
    throw invalid('the text is the same as one before: say what is different this time')
  }
}

function lettersOf(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}]/gu, '')
}

/** `why` is a clause without a full stop. */
export function invalid(why: string): TelltaleError {
  return new TelltaleError('GRANT_INVALID', { why })
}
