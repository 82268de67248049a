/** `telltale map --init`: a telltale.yaml to begin with. What it guesses is undecided, and fails the check. */
import { type Queryable, readTables, type Table } from './catalog.ts'
import { sourceError } from './faults.ts'
import { partsOf } from './fit.ts'
import { detectProduct, type Guess, guessColumn, guessKey, guessTables, nameOf } from './guess.ts'
import { type Look, lookOf } from './looks.ts'
import { presetMap, SOURCE_MAP_FORMAT } from './mapping.ts'
import { type Mapping, tableText } from './model.ts'
import { type Reference, referencesTo } from './references.ts'
import { sampleOf } from './sample.ts'

/** A begun mapping; `product` is null where the help desk is none that Telltale knows. */
export interface BegunMap {
  readonly product: string | null
  readonly text: string
}

type Tables = ReadonlyMap<string, Table>

/** Looks at a database and writes what can be said of it. Throws SOURCE_UNAVAILABLE, PRESET_UNKNOWN. */
export async function beginMap(db: Queryable, preset: string | undefined): Promise<BegunMap> {
  try {
    const tables = await readTables(db, null)
    const product = preset ?? detectProduct(tables)
    const lines =
      product === null ? await unknownMap(db, tables) : await knownMap(db, tables, product)
    return { product, text: `${lines.join('\n')}\n` }
  } catch (error) {
    throw sourceError(error)
  }
}

const HEAD = [
  '# Which columns of your help desk are what: docs/source.md has every key.',
  '# "telltale map --check" says what is still open, and fails until it is decided.',
  `format: ${SOURCE_MAP_FORMAT}`,
]
const REGION = [
  '# Whose phone numbers are written without a country code, such as JP.',
  '# region: JP',
]

async function knownMap(db: Queryable, tables: Tables, preset: string): Promise<string[]> {
  const mapping = presetMap(preset)
  const lines = [...HEAD, `preset: ${preset}`, ...REGION]
  if (preset === 'chatwoot')
    lines.push(
      '# Numbers of conversations are unique within an account: say which one under `only`.',
      '# Channels whose senders nobody proves, and that you believe all the same:',
      '# trust: ["Channel::WebWidget"]',
      '# If only the router can assign: `assignment: routed` under tickets.',
    )
  for (const { part, map, whole } of partsOf(mapping)) {
    const table = tables.get(tableText(map.table))
    const known = new Set([...whole, ...map.never, ...map.notPersonal])
    const open = table ? await undecided(db, table, known) : []
    const only = preset === 'chatwoot' && part !== 'messages' ? ['  # only: { account_id: 1 }'] : []
    if (open.length > 0) lines.push(`${part}:`, ...only, ...open)
    else if (only.length > 0)
      lines.push(`# ${part}:`, ...only.map((line) => `#${line.replace('# ', '')}`))
  }
  const others = referencesTo(mapping, tables).filter(
    ({ table }) => mapping.elsewhere[tableText(table.name)] === undefined,
  )
  return [...lines, ...elsewhereLines(others)]
}

async function unknownMap(db: Queryable, tables: Tables): Promise<string[]> {
  const guess = guessTables(tables)
  const lines = [
    ...HEAD,
    ...REGION,
    "# How the tables name agents: by Telltale's id, by mail, or by the external id of your directory.",
    'agents: { by: external }',
    ...customerLines(guess),
    ...(await undecided(db, guess.customers, new Set([guessKey(guess.customers)]))),
    ...ticketLines(guess),
    ...(await undecided(db, guess.tickets, new Set())),
  ]
  if (guess.messages)
    lines.push(...messageLines(guess), ...(await undecided(db, guess.messages, new Set())))
  const shape = { ...presetMap('telltale'), authorColumns: [] } as Mapping
  const mapping = {
    ...shape,
    customers: withTable(shape.customers, guess.customers),
    tickets: withTable(shape.tickets, guess.tickets),
    messages: guess.messages && shape.messages ? withTable(shape.messages, guess.messages) : null,
    members: null,
  }
  return [...lines, ...elsewhereLines(referencesTo(mapping, tables))]
}

function withTable<Part extends { table: Mapping['customers']['table'] }>(
  part: Part,
  table: Table | null,
): Part {
  return table ? { ...part, table: table.name } : part
}

function customerLines({ customers }: Guess): string[] {
  return [
    '# Guessed. Move each column from `undecided` to `fields`, `never` or `not-personal`.',
    'customers:',
    `  table: ${nameOf(customers)}`,
    `  key: ${guessKey(customers)}`,
    '  # What may be shown, each with its class (identity, contact, reference, sensitive, text), its mask',
    '  # (name, mail, phone, reference, text) and by what it is searched, if at all (mail, phone, customer).',
    '  fields:',
    `    number: { column: ${guessKey(customers)}, class: reference, mask: reference }`,
  ]
}

function ticketLines({ tickets }: Guess): string[] {
  const column = (...names: readonly string[]) => guessColumn(tickets, names)
  return [
    '# Guessed. "?" is a column that nobody could guess.',
    'tickets:',
    `  table: ${nameOf(tickets)}`,
    `  number: ${column('number', 'display_id', 'ticket_number', 'id')}`,
    `  customer: ${column('customer_id', 'contact_id', 'client_id', 'customer', 'user_id', 'requester_id')}`,
    `  opened-at: ${column('created_at', 'opened_at', 'created', 'date_created')}`,
    `  assignee: ${column('assignee_id', 'owner_id', 'agent_id', 'assigned_to', 'assignee')}`,
    '  # Which values mean open; everything else is closed.',
    `  state: { column: ${column('state', 'status', 'state_id', 'status_id')}, open: ["?"] }`,
    "  # How it was opened and assigned. While unknown, both count as the agent's own doing.",
    '  origin: unknown',
    '  assignment: unknown',
  ]
}

function messageLines({ messages }: Guess): string[] {
  const column = (...names: readonly string[]) => guessColumn(messages, names)
  return [
    'messages:',
    `  table: ${nameOf(messages)}`,
    `  key: ${guessKey(messages)}`,
    `  ticket: ${column('ticket_id', 'conversation_id', 'case_id', 'issue_id', 'ticket')}`,
    '  ticket-key: id',
    `  at: ${column('created_at', 'sent_at', 'created')}`,
    `  body: ${column('body', 'content', 'text', 'message')}`,
    `  direction: { column: ${column('direction', 'type', 'message_type', 'sender_type')}, values: { in: ["?"] } }`,
  ]
}

/** A list in which each column stands with what it looks like. */
async function undecided(
  db: Queryable,
  table: Table | null,
  known: ReadonlySet<string>,
): Promise<string[]> {
  if (table === null) return []
  const sample = await sampleOf(db, table)
  const lines = [...table.columns.values()]
    .filter(({ name }) => !known.has(name))
    .map((column) => {
      const look = lookOf(column, sample.get(column.name) ?? [], null)
      return `    - ${JSON.stringify(column.name)} # ${hintOf(look, column.type)}`
    })
  return lines.length > 0 ? ['  undecided:', ...lines] : []
}

function hintOf(look: Look | null, type: string): string {
  if (look === null) return `nothing says what it holds (${type})`
  const field = look.field ? `: class ${look.field.class}, mask ${look.field.mask}` : ': never'
  return `by its ${look.by} it looks like ${look.what}${field}`
}

function elsewhereLines(references: readonly Reference[]): string[] {
  if (references.length === 0) return []
  return [
    '# Other tables that point to customers, tickets or messages: never, or not-personal.',
    'elsewhere:',
    ...references.map(
      ({ table, how }) => `  ${JSON.stringify(tableText(table.name))}: undecided # ${how}`,
    ),
  ]
}
