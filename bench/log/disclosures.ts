/** Disclosures as a support desk makes them, for the log's benchmarks. */
import type { Disclosure } from '../../src/tlog/sealed.ts'

const FIELDS = [['email', 'name', 'phone'], ['name'], ['email', 'name', 'phone', 'ticket']]
const QUEUES = ['billing', 'complaints', 'delivery', 'returns', 'sales']
const GRADES = ['customer', 'routed', 'colleague', 'self'] as const

/** The disclosure number `i`: 500 agents, a million customers. */
export function disclosureAt(i: number): Disclosure {
  return {
    agent: `agent-${(i * 7919) % 500}`,
    atMs: 1_760_000_000_000 + i * 37,
    customers: [`C${(i * 104_729) % 1_000_000}`],
    fields: FIELDS[i % FIELDS.length],
    masked: [],
    query: null,
    queue: QUEUES[(i * 31) % QUEUES.length],
    session: null,
    writer: null,
    path: 'desk',
    purpose: 'ticket',
    reference: `T-${(i * 15_485_863) % 10_000_000}`,
    grade: GRADES[i % GRADES.length],
  }
}
