/** The files that the system sees: access log, population, staff, reports. */
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { TelltaleError } from '../src/base/errors.ts'
import { GRADES, NO_QUEUE, namesOf, PATHS, PURPOSES, type Rows } from './accesses.ts'
import { reasonOf } from './failure.ts'
import type { Organisation } from './organisation.ts'
import { DAY_S } from './scales.ts'
import { isoTime, openText, ticketNumber } from './text.ts'
import type { World } from './world.ts'

export type AccessFormat = 'csv' | 'csv.gz' | 'parquet'

export interface WrittenFiles {
  readonly accesses: string
  readonly population: string
  readonly staff: string
  readonly reports: string
  readonly rows: number
}

export interface Steps {
  onDay?(day: number, rows: number): void
  onPhase?(phase: string): void
}

const ACCESS_HEADER = 'agent,customer,time,fields,ticket,purpose,grade,path,queue\n'
/** Rows turned into text before they are handed to the file: bounds memory, keeps writes large. */
const ROWS_PER_WRITE = 8192
const CUSTOMERS_PER_WRITE = 65_536

/** Runs the world and writes what the system sees. */
export async function writeWorld(
  world: World,
  folder: string,
  format: AccessFormat,
  steps: Steps = {},
): Promise<WrittenFiles> {
  await makeFolder(folder)
  const log = join(folder, format === 'csv.gz' ? 'accesses.csv.gz' : 'accesses.csv')
  const rows = await writeAccesses(world, log, steps)
  steps.onPhase?.('customers, staff and reports')
  const people = join(folder, 'population.csv')
  await writePopulation(world.org, people)
  const staff = join(folder, 'staff.csv')
  await writeLines(staff, 'agent,team,role,kind', staffLines(world.org))
  const reports = join(folder, 'reports.csv')
  await writeLines(reports, 'customer,contacted_at,knew,report,ticket', reportLines(world))
  if (format !== 'parquet') return { accesses: log, population: people, staff, reports, rows }
  steps.onPhase?.('Parquet')
  const accesses = await toParquet(log, ['time'])
  return { accesses, population: await toParquet(people, []), staff, reports, rows }
}

export async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true })
  } catch (error) {
    throw new TelltaleError(
      'FILE_UNWRITABLE',
      { file: folder, reason: reasonOf(error) },
      { cause: error },
    )
  }
}

export async function writeLines(file: string, header: string, lines: Iterable<string>) {
  const out = openText(file)
  await out.write(`${[header, ...lines].join('\n')}\n`)
  await out.close()
}

async function writeAccesses(world: World, file: string, steps: Steps): Promise<number> {
  const out = openText(file)
  const texts = tableOf(world.org)
  await out.write(ACCESS_HEADER)
  let rows = 0
  let day = 0
  for (const batch of world.days()) {
    for (let i = 0; i < batch.count; i += ROWS_PER_WRITE) {
      await out.write(
        linesOf(batch, i, Math.min(batch.count, i + ROWS_PER_WRITE), world.org, texts),
      )
    }
    rows += batch.count
    steps.onDay?.(++day, rows)
  }
  await out.close()
  return rows
}

interface Texts {
  readonly fields: string[]
  readonly queues: string[]
  readonly times: string[]
}

function tableOf(org: Organisation): Texts {
  const queues = org.queues.map((q) => q.name)
  queues[NO_QUEUE] = ''
  return {
    fields: Array.from({ length: 256 }, (_, mask) => namesOf(mask).join(';')),
    queues,
    times: Array.from({ length: DAY_S }, (_, s) => isoTime(s).slice(10)),
  }
}

function linesOf(rows: Rows, from: number, to: number, org: Organisation, texts: Texts): string {
  let text = ''
  const date = isoTime(rows.at[from]).slice(0, 10)
  for (let i = from; i < to; i++) {
    const agent = org.agents[rows.agent[i]].name
    const customer = org.customers.key(rows.customer[i])
    const time = date + texts.times[rows.at[i] % DAY_S]
    const fields = texts.fields[rows.fields[i]]
    const purpose = PURPOSES[rows.purpose[i]]
    const grade = GRADES[rows.grade[i]]
    const path = PATHS[rows.path[i]]
    const queue = texts.queues[rows.queue[i]]
    const ticket = ticketNumber(rows.ticket[i])
    text += `${agent},${customer},${time},${fields},${ticket},${purpose},${grade},${path},${queue}\n`
  }
  return text
}

async function writePopulation({ customers }: Organisation, file: string): Promise<void> {
  const out = openText(file)
  const ends = customers.groups.map((g) => `,${g.segment},${customers.regions[g.region].name}\n`)
  let text = 'customer,segment,region\n'
  for (let n = 0; n < customers.count; n++) {
    const customer = customers.nth(n)
    text += customers.key(customer) + ends[customers.group[customer]]
    if (n % CUSTOMERS_PER_WRITE > 0) continue
    await out.write(text)
    text = ''
  }
  await out.write(text)
  await out.close()
}

function staffLines({ agents }: Organisation): string[] {
  return agents.map((a) => [a.name, a.team, a.role, a.kind].join(',')).sort()
}

/** Reports in order of arrival, numbered as they arrive. */
export function arrivals({ reports }: World) {
  const order = [...reports].sort((a, b) => a.reportedS - b.reportedS || a.customer - b.customer)
  return order.map((report, i) => ({ id: `R-${String(10_001 + i).slice(1)}`, ...report }))
}

function reportLines(world: World): string[] {
  return arrivals(world).map((r) => {
    const knew = namesOf(r.knew).join(';')
    const customer = world.org.customers.key(r.customer)
    return [customer, isoTime(r.contactedS), knew, r.id, ticketNumber(r.ticket)].join(',')
  })
}

/** Converts a CSV of ours to Parquet beside it and removes the CSV. Times become timestamps in UTC. */
async function toParquet(csv: string, times: readonly string[]): Promise<string> {
  const parquet = csv.replace(/\.csv$/, '.parquet')
  const quoted = (path: string) => `'${path.replaceAll("'", "''")}'`
  const instance = await DuckDBInstance.create(':memory:', { memory_limit: '1GB', threads: '2' })
  const connection = await instance.connect()
  const columns = ['*', ...times.map((t) => `CAST(${t} AS TIMESTAMPTZ) AS ${t}`)]
  const select = times.length > 0 ? `* REPLACE (${columns.slice(1).join(', ')})` : '*'
  await connection.run(
    `COPY (SELECT ${select} FROM read_csv(${quoted(csv)}, header = true, all_varchar = true, delim = ','))
     TO ${quoted(parquet)} (FORMAT parquet, COMPRESSION zstd)`,
  )
  connection.closeSync()
  instance.closeSync()
  await rm(csv)
  return parquet
}
