/** The truth behind a simulated incident: written apart, opened by the scorer alone. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { TelltaleError } from '../src/base/errors.ts'
import { FIELDS, namesOf } from './accesses.ts'
import { reasonOf } from './failure.ts'
import { arrivals, makeFolder, writeLines } from './files.ts'
import { COPY_DAY, DAY_S, END_S, type Options, START_S } from './scales.ts'
import { isoTime } from './text.ts'
import type { World } from './world.ts'

export interface TruthReport {
  readonly report: string
  readonly customer: string
  readonly cause: 'leak' | 'noise'
  readonly by: string | null
  readonly calledAt: string
  readonly reportedAt: string
  readonly falseMemory: boolean
}

/** `truth.json`. Counts are of records (one a customer); `logged` counts those in the access log. */
export interface TruthSummary {
  readonly format: 'telltale-truth/1'
  readonly options: Options
  readonly log: { readonly from: string; readonly to: string }
  readonly leakers: readonly string[]
  readonly taken: number
  readonly logged: number
  readonly sold: number
  readonly called: number
  /** Customers and taken records by segment. */
  readonly segments: readonly { segment: string; customers: number; taken: number }[]
  readonly regions: readonly { region: string; customers: number; taken: number }[]
  /** Fields of the world, and those of them that any taken record showed. */
  readonly fields: { readonly all: readonly string[]; readonly taken: readonly string[] }
  readonly copy: { readonly at: string; readonly region: string; readonly segment: string } | null
  readonly reports: readonly TruthReport[]
}

export interface TruthTaking {
  readonly customer: string
  readonly agent: string
  readonly logged: boolean
  /** Whether the buyer had called this customer by the end of the log. */
  readonly called: boolean
}

export interface Truth {
  readonly summary: TruthSummary
  readonly takings: readonly TruthTaking[]
}

/** The truth of a world whose days have all run. */
export function truthOf(world: World): Truth {
  const { agents, customers } = world.org
  const takings = world.takings.map((t) => ({
    customer: customers.key(t.customer),
    agent: agents[t.agent].name,
    logged: world.logged(t.agent, t.customer),
    called: t.calledS !== null,
  }))
  const tally = <T extends string>(name: T, of: (group: number) => string) => {
    const counts = new Map<string, { customers: number; taken: number }>()
    for (const [g, group] of customers.groups.entries()) {
      const count = counts.get(of(g)) ?? { customers: 0, taken: 0 }
      count.customers += group.count
      count.taken += world.takings.filter((t) => customers.group[t.customer] === g).length
      counts.set(of(g), count)
    }
    return [...counts].map(([key, c]) => ({ [name]: key, ...c }) as Record<T, string> & typeof c)
  }
  const { leak, region, segment } = world.options
  const copied = leak === 'outside' && { region: region ?? 'all', segment: segment ?? 'all' }
  return {
    takings,
    summary: {
      format: 'telltale-truth/1',
      options: world.options,
      log: { from: isoTime(START_S), to: isoTime(END_S) },
      leakers: world.leakers.map((l) => agents[l.agent].name),
      taken: takings.length,
      logged: takings.filter((t) => t.logged).length,
      sold: world.takings.filter((t) => t.soldS !== null).length,
      called: world.takings.filter((t) => t.calledS !== null).length,
      segments: tally('segment', (g) => customers.groups[g].segment),
      regions: tally('region', (g) => customers.regions[customers.groups[g].region].name),
      fields: { all: FIELDS, taken: namesOf(world.takings.reduce((m, t) => m | t.fields, 0)) },
      copy: copied ? { at: isoTime(START_S + (COPY_DAY + 1) * DAY_S), ...copied } : null,
      reports: arrivals(world).map((r) => ({
        report: r.id,
        customer: customers.key(r.customer),
        cause: r.cause,
        by: r.by === null ? null : agents[r.by].name,
        calledAt: isoTime(r.calledS),
        reportedAt: isoTime(r.reportedS),
        falseMemory: r.falseMemory,
      })),
    },
  }
}

const TAKEN_HEADER = 'customer,agent,taken_at,fields,how,logged,sold_at,called_at'

export async function writeTruth(world: World, folder: string): Promise<Truth> {
  await makeFolder(folder)
  const truth = truthOf(world)
  const text = JSON.stringify(truth.summary, null, 2)
  await writeLines(join(folder, 'truth.json'), text, [])
  const lines = world.takings.map((t, i) => {
    const { customer, agent, logged } = truth.takings[i]
    const [soldAt, calledAt] = [t.soldS, t.calledS].map((s) => (s === null ? '' : isoTime(s)))
    const fields = namesOf(t.fields).join(';')
    return [customer, agent, isoTime(t.atS), fields, t.how, logged ? 1 : 0, soldAt, calledAt].join(
      ',',
    )
  })
  await writeLines(join(folder, 'taken.csv'), TAKEN_HEADER, lines)
  return truth
}

export async function readTruth(folder: string): Promise<Truth> {
  const summary = JSON.parse(await readText(join(folder, 'truth.json')))
  const [, ...lines] = (await readText(join(folder, 'taken.csv'))).trim().split('\n')
  const takings = lines.map((line) => {
    const [customer, agent, , , , logged, , calledAt] = line.split(',')
    return { customer, agent, logged: logged === '1', called: calledAt !== '' }
  })
  return { summary, takings }
}

export async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    throw new TelltaleError('FILE_UNREADABLE', { file, reason: reasonOf(error) }, { cause: error })
  }
}
