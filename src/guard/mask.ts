/**
 * Values as they may be recognised and not used: `Aiko T.`, `a•••@e•••.com`, `+81 ••• ••12`.
 *
 * | kind | of the value remains |
 * |---|---|
 * | `name` | the first word, and the first letter of the last where it has more |
 * | `mail` | the first letter of the part before `@` and of the domain, and the top-level domain |
 * | `phone` | the country's code, and the last two digits |
 * | `reference` | the last two characters |
 * | `text` | nothing |
 *
 * Where a value is not like its kind, less remains. Dots stand in a fixed number, whatever they hide.
 */
import type { MaskKind } from './facts.ts'

const DOTS = '•••'
/** A first word or a top-level domain of more is none, and its length would tell something. */
const SHOWN_CHARACTERS_MAX = 20
/** Fewer digits or characters are known by the two that would remain. */
const PHONE_DIGITS_MIN = 7
const REFERENCE_CHARACTERS_MIN = 6

/** The mask of a value: never the value itself, never longer than what remains and a few dots. */
export function mask(kind: MaskKind, value: string): string {
  const masked = MASKS[kind](value.normalize('NFKC').trim())
  // A value that is its own mask is not one to hide, but it must not pass for shown clear.
  return [masked, DOTS].find((one) => one !== value) ?? `${DOTS}•`
}

const MASKS: Readonly<Record<MaskKind, (value: string) => string>> = {
  name: maskName,
  mail: maskMail,
  phone: maskPhone,
  reference: maskReference,
  text: () => DOTS,
}

function maskName(value: string): string {
  const words = value.split(/\s+/u)
  const last = words[words.length - 1]
  // Of a last word of one letter, as many given names are, the first letter would be all of it.
  const isLastHidden = [...last.matchAll(/[\p{L}\p{N}]/gu)].length > 1
  const isFirstShown = words.length > 1 && isPlainWord(words[0])
  if (!isFirstShown || !isLastHidden) return initialOf(words[0]) + DOTS
  return `${words[0]} ${initialOf(last)}.`
}

function maskMail(value: string): string {
  const at = value.lastIndexOf('@')
  if (at < 1) return DOTS
  const labels = value.slice(at + 1).split('.')
  const top = labels.length > 1 ? labels[labels.length - 1] : ''
  const isTop = /^[a-z]+$/i.test(top) && top.length <= SHOWN_CHARACTERS_MAX
  const domain = initialOf(labels[0]) + DOTS
  return `${initialOf(value.slice(0, at))}${DOTS}@${domain}${isTop ? `.${top}` : ''}`
}

// ITU-T E.164: zones 1 and 7 have one digit, these countries two, all others three.
const TWO_DIGITS = /^(2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58])/

function maskPhone(value: string): string {
  if (!/^[+\d\s().\-/]+$/.test(value)) return DOTS
  const digits = value.replace(/\D/g, '')
  if (digits.length < PHONE_DIGITS_MIN) return DOTS
  const hidden = `${DOTS} ••${digits.slice(-2)}`
  if (!value.startsWith('+')) return hidden
  const code = /^[17]/.test(digits) ? 1 : TWO_DIGITS.test(digits) ? 2 : 3
  return digits.length < PHONE_DIGITS_MIN + code ? DOTS : `+${digits.slice(0, code)} ${hidden}`
}

function maskReference(value: string): string {
  const isLongEnough = value.length >= REFERENCE_CHARACTERS_MIN
  return isLongEnough && /[\p{L}\p{N}]{2}$/u.test(value)
    ? DOTS + [...value].slice(-2).join('')
    : DOTS
}

/** The first letter or digit, without what is combined with it; '' where there is none. */
function initialOf(word: string): string {
  return /[\p{L}\p{N}]/u.exec(word)?.[0] ?? ''
}

/** A word of letters, with as few marks as languages write: no address, number or invisible sign. */
function isPlainWord(word: string): boolean {
  return (
    /^\p{L}\p{M}{0,2}(['’.-]?\p{L}\p{M}{0,2})*\.?$/u.test(word) &&
    [...word].length <= SHOWN_CHARACTERS_MAX
  )
}
