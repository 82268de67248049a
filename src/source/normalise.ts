/** Identifiers as people type them, in the one form that is searched for. */
import {
  type CountryCode,
  getCountryCallingCode,
  parsePhoneNumberFromString,
} from 'libphonenumber-js'
import { SOURCE_KEY_CHARS_MAX } from '../base/source-limits.ts'

/** Trimmed and in lower case, or null where it cannot be a mail address. */
export function normaliseMail(text: string): string | null {
  const mail = text.trim().toLowerCase()
  const isMail = /^[^\s@\p{Cc}]+@[^\s@\p{Cc}]+$/u.test(mail)
  return isMail && mail.length <= SOURCE_KEY_CHARS_MAX ? mail : null
}

export interface Phone {
  readonly e164: string
  /** The digits of every way to write this number that the source may hold. */
  readonly digits: readonly string[]
}

/** A number that exists in its country's plan, or null. `region` is whose numbers come without a code. */
export function normalisePhone(text: string, region: CountryCode | null): Phone | null {
  if (text.length > SOURCE_KEY_CHARS_MAX) return null
  // An international prefix is a plus, whatever the region.
  const plus = text.trim().replace(/^00(?=[1-9])/, '+')
  const number = parsePhoneNumberFromString(plus, {
    ...(region === null ? {} : { defaultCountry: region }),
    extract: false,
  })
  if (!number?.isPossible() || number.ext !== undefined) return null
  const code = number.countryCallingCode
  const full = `${code}${number.nationalNumber}`
  const national = number.formatNational().replace(/\D/g, '')
  // `+49 (0)30 ...` is a common way to write both forms at once.
  const digits = [full, `00${full}`, `${code}${national}`, `00${code}${national}`]
  if (region !== null && getCountryCallingCode(region) === code) digits.push(national)
  return { e164: number.number, digits: [...new Set(digits)] }
}

/** A key, number or alias: as it is, without space around it; null where no column could hold it. */
export function normaliseKey(text: string): string | null {
  const key = text.trim()
  return key !== '' && key.length <= SOURCE_KEY_CHARS_MAX && !/\p{Cc}/u.test(key) ? key : null
}

/**
 * Whether a key is written in the one way in which the database gives it. `007` and `7` are one row and
 * would be two customers to a budget.
 */
export function isCanonical(key: string, type: string): boolean {
  if (/^(smallint|integer|bigint|numeric)/.test(type)) {
    if (!/^(0|-?[1-9]\d{0,18})$/.test(key)) return false
    const value = BigInt(key)
    const bits = type === 'smallint' ? 16 : type === 'integer' ? 32 : 64
    return BigInt.asIntN(bits, value) === value
  }
  if (type === 'uuid') return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(key)
  return normaliseKey(key) === key
}

/** Column types whose values are keys that `isCanonical` knows. */
export function isKeyType(type: string): boolean {
  return /^(smallint|integer|bigint|uuid|text|numeric(\(\d+,0\))?|character varying(\(\d+\))?)$/.test(
    type,
  )
}
