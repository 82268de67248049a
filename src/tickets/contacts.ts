/** Contacts on record, as the desk itself uses them: no agent is shown one. */
import type { SourcePort } from '../disclosure/ports.ts'
import type { FieldSpec } from '../guard/facts.ts'
import type { CodeChannel } from './ports.ts'

/** A way to reach a customer that is on record. */
export interface Contact {
  readonly field: FieldSpec
  readonly channel: CodeChannel
  readonly value: string
  /** The customer's language where the record says it, such as `ja` or `de-CH`. */
  readonly locale: string | null
}

/** By which way a field reaches a customer; null: it is no contact. */
export function channelOf({ class: kind, mask }: FieldSpec): CodeChannel | null {
  if (kind !== 'contact') return null
  return mask === 'mail' || mask === 'phone' ? mask : null
}

/** The contact in the field of this name; null where there is none. Throws what the source throws. */
export async function contactOf(
  source: Pick<SourcePort, 'fields' | 'values'>,
  customer: string,
  name: string,
): Promise<Contact | null> {
  const field = source.fields.find((one) => one.name === name)
  const channel = field === undefined ? null : channelOf(field)
  if (field === undefined || channel === null) return null
  const hasLocale = source.fields.some((one) => one.name === LOCALE)
  const values = await source.values(customer, hasLocale ? [name, LOCALE] : [name])
  const value = values?.[name]?.trim() ?? ''
  return value === '' ? null : { field, channel, value, locale: values?.[LOCALE] ?? null }
}

/** The mail address on record; null where there is none that is one mailbox. Throws what the source throws. */
export async function mailboxOf(
  source: Pick<SourcePort, 'fields' | 'values'>,
  customer: string,
): Promise<Contact | null> {
  for (const field of source.fields.filter((one) => channelOf(one) === 'mail')) {
    const contact = await contactOf(source, customer, field.name)
    if (contact !== null && isMailbox(contact.value)) return contact
  }
  return null
}

const LOCALE = 'locale'

/** Whether this is one mail address: not a list of them, and without a name that would pass for another's.
 * Mail programs read several out of what looks like one. */
export function isMailbox(text: string): boolean {
  return /^[^\s@,;:<>()[\]\\"\p{C}]+@[^\s@,;:<>()[\]\\"\p{C}]+$/u.test(text) && text.length <= 254
}

/** What went wrong on the way to a customer, by its code alone: servers repeat addresses and numbers. */
export function withoutValues(error: unknown): Error {
  const { code, responseCode, name } = error as Readonly<Record<string, unknown>>
  const said = [code, responseCode].filter((one) => /^[A-Z0-9_]{2,30}$/.test(String(one)))
  return new Error(said.length > 0 ? said.join(' ') : String(name ?? 'Error'))
}
