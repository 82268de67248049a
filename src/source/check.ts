/** `telltale map --check`: whether every column that may hold personal data was decided about. */
import type { CountryCode } from 'libphonenumber-js'
import { type Column, type Queryable, readTables, type Table } from './catalog.ts'
import { sourceError } from './faults.ts'
import { mismatches, partsOf } from './fit.ts'
import { indexFindings } from './indexes.ts'
import { contentLook, type Look, lookOf } from './looks.ts'
import { type Decisions, type Mapping, tableText } from './model.ts'
import { type Reference, referencesTo } from './references.ts'
import type { Finding, MapReport } from './report.ts'
import { excessRights } from './rights.ts'
import { type Sample, sampleOf } from './sample.ts'

/** Throws SOURCE_UNAVAILABLE. */
export async function checkMap(db: Queryable, mapping: Mapping): Promise<MapReport> {
  try {
    const tables = await readTables(db, null)
    const misfits = mismatches(mapping, tables)
    const findings: Finding[] = misfits.map((says) => problem(mapping.product, says))
    let columns = 0
    for (const part of partsOf(mapping)) {
      const table = tables.get(tableText(part.map.table))
      if (!table) continue
      columns += table.columns.size
      findings.push(
        ...columnFindings({ ...part, table }, await sampleOf(db, table), mapping.region),
      )
    }
    findings.push(...(await elsewhereFindings(db, mapping, tables)))
    if (misfits.length === 0) findings.push(...indexFindings(mapping, tables), ...adviceOf(mapping))
    findings.push(...(await rightsFindings(db, mapping, tables)))
    return { product: mapping.product, columns, findings }
  } catch (error) {
    throw sourceError(error)
  }
}

function problem(where: string, says: string): Finding {
  return { level: 'problem', where, says, write: null }
}

interface PartOfTable {
  readonly part: string
  readonly map: Decisions
  readonly whole: ReadonlySet<string>
  readonly into: ReadonlySet<string>
  readonly table: Table
}

function columnFindings(
  { part, map, whole, into, table }: PartOfTable,
  sample: Sample,
  region: CountryCode | null,
): Finding[] {
  const found: Finding[] = []
  for (const column of table.columns.values()) {
    const where = `${tableText(table.name)}.${column.name}`
    const values = sample.get(column.name) ?? []
    if (whole.has(column.name) || map.never.includes(column.name)) continue
    if (map.notPersonal.includes(column.name)) {
      const look = contentLook(column, values, region)
      if (look) found.push(contradiction(where, look, part))
      continue
    }
    const look = lookOf(column, values, region)
    const rest = into.has(column.name) ? 'fields read parts of it; the rest is undecided. ' : ''
    found.push({
      level: 'undecided',
      where,
      says: rest + (look ? wordsOf(look) : `nothing says what it holds (${column.type})`),
      write: suggestion(column, look, part),
    })
  }
  return found
}

function contradiction(where: string, look: Look, part: string): Finding {
  return {
    level: 'problem',
    where,
    says: `is said to be not personal, but ${wordsOf(look)}`,
    write: `${part}: never, or a field of its own`,
  }
}

function wordsOf({ what, by, share }: Look): string {
  if (by === 'content')
    return `${Math.max(1, Math.round((share ?? 0) * 100))}% of its sample look like ${what}`
  return `by its ${by} it looks like ${what}`
}

/** For the yaml. A guess is never more than a proposal: a person writes it. */
function suggestion(column: Column, look: Look | null, part: string): string {
  if (look === null) return `${part}: not-personal, if it is not; else never`
  if (look.field === null || part !== 'customers') return `${part}: never`
  const { class: fieldClass, mask } = look.field
  return `customers: never, or a field { column: ${column.name}, class: ${fieldClass}, mask: ${mask} }`
}

async function elsewhereFindings(
  db: Queryable,
  mapping: Mapping,
  tables: ReadonlyMap<string, Table>,
): Promise<Finding[]> {
  const found: Finding[] = []
  for (const { table, how } of openTables(mapping, tables)) {
    const where = tableText(table.name)
    const sample = await sampleOf(db, table)
    const personal = [...table.columns.values()].flatMap((column) => {
      const look = lookOf(column, sample.get(column.name) ?? [], mapping.region)
      return look ? [`${column.name} (${look.what})`] : []
    })
    const names = [...table.columns.keys()].join(', ')
    const isPersonal = personal.length > 0
    found.push({
      level: 'undecided',
      where,
      says: isPersonal
        ? `${how}; looks personal: ${personal.join(', ')}; all of it: ${names}`
        : `${how}; its columns: ${names}`,
      write: `elsewhere: { ${where}: ${isPersonal ? 'never' : 'not-personal, if it is not; else never'} }`,
    })
  }
  return found
}

/** What points to us and was not decided about, and what the mapping itself calls undecided. */
function openTables(mapping: Mapping, tables: ReadonlyMap<string, Table>): readonly Reference[] {
  const { elsewhere } = mapping
  const pointing = referencesTo(mapping, tables).filter(
    ({ table }) => elsewhere[tableText(table.name)] === undefined,
  )
  const said = Object.keys(elsewhere).flatMap((name) => {
    const table = elsewhere[name] === 'undecided' ? tables.get(name) : undefined
    return table ? [{ table, how: 'is undecided in the mapping' }] : []
  })
  return [...pointing.map(({ table, how }) => ({ table, how: `has ${how}` })), ...said]
}

function adviceOf({ tickets, customers, region, messages, members }: Mapping): Finding[] {
  const advice = (where: string, says: string): Finding => ({
    level: 'advice',
    where,
    says,
    write: null,
  })
  const found: Finding[] = []
  const searches = Object.values(customers.fields).map(({ search }) => search)
  if (searches.includes('phone') && region === null)
    found.push(advice('region', 'is not said: numbers without a country code are not found'))
  if (tickets.assignment === null)
    found.push(
      advice(
        'tickets.assignment',
        "is unknown: every assignment counts as the agent's own doing, unless webhooks tell",
      ),
    )
  if (tickets.origin === null)
    found.push(
      advice(
        'tickets.origin',
        'is unknown: every ticket counts as opened by its agent, unless webhooks tell',
      ),
    )
  if (tickets.contactAt === null)
    found.push(
      advice(
        'tickets.contact-at',
        'is unknown: tickets end their purpose 14 days after they were opened',
      ),
    )
  if (messages === null)
    found.push(advice('messages', 'are not mapped: agents see no conversation'))
  if (members === null)
    found.push(advice('members', 'are not mapped: agents are not told what waits'))
  return found
}

/** Our own tables are changed by us. */
async function rightsFindings(
  db: Queryable,
  mapping: Mapping,
  tables: ReadonlyMap<string, Table>,
): Promise<Finding[]> {
  if (mapping.product === 'Telltale') return []
  const names = partsOf(mapping).map(({ map }) => map.table)
  const rights = await excessRights(
    db,
    names.filter((name) => tables.has(tableText(name))),
  )
  return rights.map((says) => ({
    level: 'warning',
    where: 'the database user',
    says,
    write: 'a user of its own that may only select',
  }))
}
