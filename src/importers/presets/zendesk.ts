/** Zendesk access logs (the Access Logs API's objects, one a line, or the same columns as CSV).
 * Source: the API reference, "Access Logs". */
import { NAMES_NO_RECORD, NOT_AN_ACCESS, type Preset, type Told, toldOf } from './preset.ts'

const ONE_USER = /\/(?:users|end_users)\/(\d+)(?=[/.?]|$)/
const MANY_USERS = /\/users\/show_many(?:\.json)?\?(?:.*&)?ids=([\d,%C]+)/i
const TICKET = /\/tickets\/(\d+)(?=[/.?]|$)/
const OWN_RECORD = /\/users\/me(?=[/.?]|$)/
const RECORD_PATH = /\/(?:users|end_users|tickets|search|organizations|requests)(?=[/.?]|$)/

export const ZENDESK_ACCESS: Preset = {
  needs: ['user_id', 'timestamp', 'url'],
  reads: ['status'],
  gives: ['ticket', 'path'],
  time: { format: 'iso' },
  needsPattern: false,
  tell(row): Told {
    const url = row.get('url')
    const agent = row.get('user_id')
    // An error page shows nobody a record.
    if (Number(row.get('status')) >= 400) return NOT_AN_ACCESS
    const values = {
      agent,
      time: row.get('timestamp'),
      ticket: TICKET.exec(url)?.[1] ?? '',
      path: 'api',
    }
    const customers = row.customersIn(url) ?? usersIn(url)
    const others = customers.filter((customer) => customer !== agent)
    if (others.length > 0 || row.customer !== null) return toldOf(row, values, others)
    if (customers.length > 0 || OWN_RECORD.test(url)) return NOT_AN_ACCESS
    return RECORD_PATH.test(url) || url === '' ? NAMES_NO_RECORD : NOT_AN_ACCESS
  },
}

function usersIn(url: string): string[] {
  const many = MANY_USERS.exec(url)
  if (many) return many[1].split(/,|%2C/i).filter((id) => /^\d+$/.test(id))
  const one = ONE_USER.exec(url)
  return one ? [one[1]] : []
}
