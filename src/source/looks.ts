/** What a column looks like by its name, its type and a sample of its values, which are never shown. */
import { isIP } from 'node:net'
import type { CountryCode } from 'libphonenumber-js'
import { plain } from '../base/nearest.ts'
import type { FieldClass, MaskKind } from '../guard/facts.ts'
import type { Column } from './catalog.ts'
import { normalisePhone } from './normalise.ts'

export interface Look {
  /** As in "looks like ...". */
  readonly what: string
  readonly by: 'content' | 'name' | 'type'
  /** Of the values sampled, how many look so; null where it is not by content. */
  readonly share: number | null
  /** What it would be as a field; null: better shown to nobody. */
  readonly field: { readonly class: FieldClass; readonly mask: MaskKind } | null
}

type Field = Look['field']

const IDENTITY: Field = { class: 'identity', mask: 'name' }
const MAIL: Field = { class: 'contact', mask: 'mail' }
const PHONE: Field = { class: 'contact', mask: 'phone' }
const PLACE: Field = { class: 'contact', mask: 'text' }
const SENSITIVE: Field = { class: 'sensitive', mask: 'text' }
const TEXT: Field = { class: 'text', mask: 'text' }

/** By words of the name, in the order in which they tell most. */
const NAMES: readonly (readonly [RegExp, string, Field])[] = [
  [/(passw|secret|token|salt|otp|credential|private_key|cookie|session)/, 'a secret', null],
  [/(^|_)(e_?)?mails?(_|$)|(^|_)email/, 'a mail address', MAIL],
  [
    /(^|_)(phone|mobile|cell|fax|tel|telephone|telefon|msisdn|whatsapp|sms)(_|$)/,
    'a phone number',
    PHONE,
  ],
  [
    /(iban|bic|account_n(o|umber)|card|cvv|payment|bank|tax|vat|ssn|passport|national_id|licen[cs]e_n)/,
    'a number of payment or identity',
    SENSITIVE,
  ],
  [
    /(birth|(^|_)dob|gender|(^|_)sex(_|$)|religion|health|nationality|marital)/,
    'something about a person',
    SENSITIVE,
  ],
  [
    /(address|street|city|zip|postal|postcode|country|location|latitude|longitude|coordinates|(^|_)(lat|lng|lon)(_|$))/,
    'a place',
    PLACE,
  ],
  [/(^|_)ip(_|$)|_ip$|user_agent|device|fingerprint|referer/, 'a trace of a device', null],
  [
    /(^|_)(name|login|username|nick|alias|handle|firstname|lastname|surname|fullname|company|realname)(_|$)|name$/,
    'a name',
    IDENTITY,
  ],
  [
    /(note|comment|body|content|message|description|subject|title|text|remark|signature|bio|feedback)/,
    'free text',
    TEXT,
  ],
]

/** null: nothing that looks personal. */
export function lookOf(
  column: Column,
  values: readonly string[],
  region: CountryCode | null,
): Look | null {
  return contentLook(column, values, region) ?? nameLook(column) ?? typeLook(column.type)
}

function nameLook(column: Column): Look | null {
  if (/^(boolean|timestamp|date|interval)/.test(column.type)) return null
  const name = plain(column.name)
  const found = NAMES.find(([pattern]) => pattern.test(name))
  if (!found || /(^|_)(id|type|count|status|at)$/.test(name)) return null
  return { what: found[1], by: 'name', share: null, field: found[2] }
}

function typeLook(type: string): Look | null {
  const look = (what: string): Look => ({ what, by: 'type', share: null, field: null })
  if (/^(jsonb?|xml|hstore)/.test(type)) return look('anything: it has an inner structure')
  if (/^bytea/.test(type)) return look('anything: its bytes cannot be told')
  if (/^(inet|cidr|macaddr)/.test(type)) return look('a trace of a device')
  if (/^(point|geometry|geography|polygon|path|box|circle)/.test(type)) return look('a place')
  return null
}

/** What the values themselves say, which no decision of a person makes untrue. */
export function contentLook(
  column: Column,
  values: readonly string[],
  region: CountryCode | null,
): Look | null {
  // Numbers of ids, times and amounts would be phones and cards by chance.
  if (/^(boolean|timestamp|date|time|interval|uuid|smallint|integer|real|double)/.test(column.type))
    return null
  const parts = values.flatMap((value) =>
    /^jsonb?$/.test(column.type) ? leavesOf(value) : [value],
  )
  const filled = parts.map((value) => value.trim()).filter((value) => value !== '')
  for (const { what, field, fits, from } of CONTENTS) {
    const count = filled.filter((value) => fits(value, region)).length
    const share = count / filled.length
    if (count > 0 && share >= from) return { what, by: 'content', share, field }
  }
  return null
}

interface Content {
  readonly what: string
  readonly field: Field
  readonly fits: (value: string, region: CountryCode | null) => boolean
  /** Share of the values from which on it counts: what chance brings about is less. */
  readonly from: number
}

const CONTENTS: readonly Content[] = [
  { what: 'mail addresses', field: MAIL, fits: (value) => hasMail(value), from: 0 },
  { what: 'account numbers (IBAN)', field: SENSITIVE, fits: (value) => hasIban(value), from: 0 },
  { what: 'card numbers', field: SENSITIVE, fits: (value) => hasCard(value), from: 0.3 },
  { what: 'addresses of devices (IP)', field: null, fits: (value) => isIP(value) !== 0, from: 0.1 },
  { what: 'phone numbers', field: PHONE, fits: isPhone, from: 0.3 },
  { what: 'names of persons', field: IDENTITY, fits: (value) => isName(value), from: 0.4 },
]

function hasMail(value: string): boolean {
  return /[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}.-]{1,253}\.\p{L}{2,}/u.test(value)
}

/** ISO 13616: the remainder by 97 is 1. */
function hasIban(value: string): boolean {
  const found = value.match(/\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b/g) ?? []
  return found.some((text) => {
    const iban = text.replaceAll(' ', '')
    const digits = (iban.slice(4) + iban.slice(0, 4)).replace(/[A-Z]/g, (letter) =>
      String(letter.charCodeAt(0) - 55),
    )
    return iban.length >= 15 && BigInt(digits) % 97n === 1n
  })
}

/** ISO/IEC 7812: begins as the networks' numbers do, and its check digit (Luhn) fits. */
function hasCard(value: string): boolean {
  const found = value.match(/(?<!\d)[2-6](?:[ -]?\d){12,18}(?!\d)/g) ?? []
  return found.some((text) => {
    const digits = [...text.replace(/\D/g, '')].reverse().map(Number)
    const sum = digits.reduce((total, digit, i) => {
      const value = i % 2 === 0 ? digit : digit * 2
      return total + (value > 9 ? value - 9 : value)
    }, 0)
    return sum % 10 === 0
  })
}

/** A number without a sign of a phone, such as an id, is none. */
function isPhone(value: string, region: CountryCode | null): boolean {
  if (!/^[+0(][\d\s()./-]{6,24}$/.test(value)) return false
  if (/^\d{4}-\d\d-\d\d/.test(value)) return false
  const digits = value.replace(/\D/g, '').length
  return digits >= 7 && (!value.startsWith('+') || normalisePhone(value, region) !== null)
}

function isName(value: string): boolean {
  if (
    /^\p{Lu}[\p{Ll}'’-]+( \p{Lu}\.?)?( (\p{Lu}[\p{L}'’-]+|von|van|de|der|da|di|bin)){1,3}$/u.test(
      value,
    )
  )
    return true
  return /^[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}]{1,4}[ \u3000][\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}]{1,5}$/u.test(
    value,
  )
}

function leavesOf(text: string): string[] {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return [text] // Cut short.
  }
  const found: string[] = []
  const open: unknown[] = [value]
  while (open.length > 0) {
    const next = open.pop()
    if (typeof next === 'string' || typeof next === 'number') found.push(String(next))
    else if (typeof next === 'object' && next !== null) open.push(...Object.values(next))
  }
  return found
}
