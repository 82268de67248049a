/** Salesforce EventLogFile CSV (event monitoring). Source: the object reference's "EventLogFile
 * Supported Event Types"; field names in capitals as the files write them. */
import { NOT_AN_ACCESS, type Preset, type RowView, toldOf } from './preset.ts'

/** Event types in which a person is shown something; others (Login, Logout, ...) are no access. */
const ACCESSES: ReadonlySet<string> = new Set([
  'URI',
  'LightningPageView',
  'LightningInteraction',
  'API',
  'RestApi',
  'BulkApi',
  'Report',
  'ReportExport',
  'Search',
  'VisualforceRequest',
  'AuraRequest',
])

/** Account, Contact, Lead: the objects that stand for a customer. A case (500) is a ticket. */
const CUSTOMER_PREFIX = /^(?:001|003|00Q)/
const CASE_PREFIX = '500'
const ID_IN_PATH = /(?:^|[/=])([a-zA-Z0-9]{15}(?:[a-zA-Z0-9]{3})?)(?=[/?&#]|$)/g

export const SALESFORCE_ELF: Preset = {
  needs: ['EVENT_TYPE'],
  reads: [
    'USER_ID',
    'USER_ID_DERIVED',
    'TIMESTAMP',
    'TIMESTAMP_DERIVED',
    'URI',
    'URI_ID_DERIVED',
    'PAGE_ENTITY_ID',
    'PAGE_URL',
    'RECORD_ID',
    'ENTITY_ID',
  ],
  gives: ['ticket', 'path'],
  time: { format: 'iso' },
  needsPattern: false,
  problem: (sample) =>
    sample('TIMESTAMP_DERIVED').length + sample('TIMESTAMP').length > 0
      ? null
      : 'it has neither TIMESTAMP_DERIVED nor TIMESTAMP',
  tell(row) {
    const type = row.get('EVENT_TYPE')
    if (!ACCESSES.has(type)) return NOT_AN_ACCESS
    const ids = idsOf(row)
    const customers = ids.flatMap(
      (id) => row.customersIn(id) ?? (CUSTOMER_PREFIX.test(id) ? [id] : []),
    )
    const ticket = ids.find((id) => id.startsWith(CASE_PREFIX)) ?? ''
    const user = row.get('USER_ID_DERIVED') || row.get('USER_ID')
    const values = {
      agent: isId(user) ? longId(user) : user,
      time: timeOf(row),
      ticket,
      path: pathOf(type),
    }
    return toldOf(row, values, customers)
  },
}

function pathOf(type: string): string {
  if (type === 'ReportExport') return 'export'
  return /API$/i.test(type) ? 'api' : 'desk'
}

function idsOf(row: RowView): string[] {
  const named = ['URI_ID_DERIVED', 'PAGE_ENTITY_ID', 'RECORD_ID', 'ENTITY_ID']
    .map((name) => row.get(name))
    .filter(isId)
  const inPaths = [row.get('URI'), row.get('PAGE_URL')].flatMap((path) =>
    [...path.matchAll(ID_IN_PATH)].map(([, id]) => id),
  )
  return [...new Set([...named, ...inPaths].map(longId))]
}

function isId(text: string): boolean {
  return /^[a-zA-Z0-9]{15}(?:[a-zA-Z0-9]{3})?$/.test(text)
}

/** The 18-character form of an id: for each five characters, one that says which are capitals. So
 * the same record has one key, however an event wrote it. */
function longId(id: string): string {
  if (id.length !== 15) return id
  let suffix = ''
  for (let from = 0; from < 15; from += 5) {
    let capitals = 0
    for (let i = 0; i < 5; i++) if (/[A-Z]/.test(id[from + i])) capitals |= 1 << i
    suffix += 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345'[capitals]
  }
  return id + suffix
}

/** TIMESTAMP is in GMT: yyyyMMddHHmmss.SSS. */
function timeOf(row: RowView): string {
  const derived = row.get('TIMESTAMP_DERIVED')
  if (derived !== '') return derived
  return row
    .get('TIMESTAMP')
    .replace(/^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(?:\.\d+)?$/, '$1-$2-$3T$4:$5:$6Z')
}
