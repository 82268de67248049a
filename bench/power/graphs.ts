/** The access graphs of the power benchmark: real logs of who touched which record, and a simulated
 * one. Each is loaded once, into the index's own columns. */
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { idsFor, sortedRows } from '../../src/index/rows.ts'
import type { Graph } from './graph.ts'
import { simulatedGraph } from './simulated.ts'

interface Source {
  readonly file: string
  /** SQL of the columns agent, customer, at (epoch seconds), ticket, queue, segment. */
  readonly columns: string
  readonly where: string
  readonly leakerMin: number
}

const DATA = join(dirname(dirname(dirname(import.meta.dirname))), 'shared', 'data')
const UCI = 'uci_incident/incident_event_log.csv.gz'

function uci(agent: string, where: string): Source {
  return {
    file: UCI,
    columns: `${agent} AS agent, caller_id AS customer, number AS ticket,
      epoch(strptime(sys_updated_at, '%d/%m/%Y %H:%M')) AS seconds,
      nullif(assignment_group, '?') AS queue, location AS segment`,
    where: `${agent} <> '?' AND caller_id <> '?' AND ${where}`,
    leakerMin: 40,
  }
}

/** The accounts left out are automation: each has touched nearly every record, so that it would
 * explain any report there is, and nobody could be named beside it. */
const SOURCES: Record<string, Source> = {
  'uci-assigned': uci('assigned_to', 'true'),
  'uci-updated': uci('sys_updated_by', `sys_updated_by <> '908'`),
  'uci-updated-automation': uci('sys_updated_by', 'true'),
  helpdesk: {
    file: 'helpdesk/helpdesk.csv.gz',
    columns: `Resource AS agent, customer, "Case ID" AS ticket, workgroup AS queue,
      epoch(strptime("Complete Timestamp", '%Y/%m/%d %H:%M:%S.%g')) AS seconds, product AS segment`,
    where: 'true',
    leakerMin: 30,
  },
  bpic2013: {
    file: 'bpic2013/bpic2013_incidents.csv.gz',
    columns: `"org:resource" AS agent, "case:concept:name" AS customer,
      "case:concept:name" AS ticket, "org:group" AS queue,
      epoch("time:timestamp"::TIMESTAMPTZ) AS seconds, lower("organization country") AS segment`,
    where: `"org:resource" <> 'Siebel'`,
    leakerMin: 40,
  },
}

/** Those that the suite runs on. */
export const GRAPHS = ['uci-assigned', 'helpdesk', 'simulated', 'bpic2013', 'uci-updated'] as const

/** The graph, or null where its data is absent. */
export async function loadGraph(name: string, seed = 1): Promise<Graph | null> {
  if (name === 'simulated') return simulatedGraph(seed)
  const source = SOURCES[name]
  if (!source) throw new Error(`no graph is called ${name}`)
  const path = join(DATA, source.file)
  if (!existsSync(path)) return null
  const db = await (await DuckDBInstance.create()).connect()
  const read = await db.runAndReadAll(
    `SELECT agent, customer, ticket, queue, segment, seconds::DOUBLE AS seconds FROM (
       SELECT ${source.columns} FROM read_csv('${path}', all_varchar = true)
       WHERE ${source.where}) ORDER BY customer, agent, seconds, ticket, queue`,
  )
  const columns = read.getColumnsJS() as (string | null)[][]
  db.closeSync()
  return graphOf(name, columns, source.leakerMin)
}

function graphOf(name: string, columns: (string | null)[][], leakerMin: number): Graph {
  const [agents, customers, tickets, queues, segments] = columns.slice(0, 5).map(coded)
  const at = Uint32Array.from(columns[5] as unknown as number[])
  const agent = idsFor(agents.count, at.length)
  agent.set(agents.codes)
  const queue = idsFor(queues.count + 1, at.length)
  queue.set(queues.codes.map((code) => code + 1))
  const ticket = tickets.codes.map((code) => code + 1)
  return {
    name,
    rows: sortedRows({ agent, customer: customers.codes, at, ticket, queue }),
    shape: {
      agents: agents.count,
      customers: customers.count,
      cell: segmentsOf(customers.codes, customers.count, segments.codes, segments.count),
      everyCustomer: false,
    },
    leakerMin,
  }
}

/** Dense codes in order of first appearance; an absent value is a value of its own. */
function coded(values: (string | null)[]): { codes: Uint32Array; count: number } {
  const known = new Map<string | null, number>()
  const codes = Uint32Array.from(values, (value) => {
    const code = known.get(value) ?? known.size
    known.set(value, code)
    return code
  })
  return { codes, count: known.size }
}

/** Each customer's most frequent segment; segments of fewer than 4% of the customers (or 40) are put
 * together as segment 0, as an organisation would that matches on regions and not on offices. */
function segmentsOf(customer: Uint32Array, customers: number, segment: Uint32Array, count: number) {
  const times = new Map<number, number>()
  const own = new Int32Array(customers).fill(-1)
  const best = new Uint32Array(customers)
  for (let i = 0; i < customer.length; i++) {
    const key = customer[i] * count + segment[i]
    const now = (times.get(key) ?? 0) + 1
    times.set(key, now)
    if (now <= best[customer[i]]) continue
    best[customer[i]] = now
    own[customer[i]] = segment[i]
  }
  const sizes = new Uint32Array(count)
  for (const s of own) if (s >= 0) sizes[s]++
  const large = [...sizes.keys()].filter((s) => sizes[s] >= Math.max(40, 0.04 * customers))
  return Uint16Array.from(own, (s) => large.indexOf(s) + 1)
}
