/** The same counts by plain SQL over the disclosure table, and whether they are the same. */
import { type DuckDBConnection, DuckDBDataChunk, INTEGER, UINTEGER } from '@duckdb/node-api'
import type { Evidence } from '../../src/attribution/evidence.ts'
import type { ReportQuery } from '../../src/disclosure/exposures.ts'
import type { OpenedArrays } from '../../src/index/exposures.ts'
import { groupAt } from '../../src/index/groups.ts'
import { idOfKey } from '../../src/index/keys.ts'

/**
 * Who had been shown each reported customer, and how many of each report's comparison customers
 * each agent had been shown. The groups themselves are given to the SQL for nothing. Throws where
 * the counts differ from the evidence.
 */
export async function answerBySql(
  db: DuckDBConnection,
  opened: OpenedArrays,
  queries: readonly ReportQuery[],
  evidences: readonly Evidence[],
): Promise<{ sqlMs: number; sqlCpuMs: number; countsCompared: number }> {
  await giveGroups(db, opened, queries)
  await db.run("SET memory_limit = '8GiB'")
  const start = performance.now()
  const startCpu = process.cpuUsage()
  const reader = await db.runAndReadAll(
    `SELECT m.report::DOUBLE, d.agent::DOUBLE, (count(DISTINCT d.customer) FILTER (m.own = 1))::DOUBLE,
       (count(DISTINCT d.customer) FILTER (m.own = 0))::DOUBLE
     FROM disclosure d JOIN member m ON m.customer = d.customer AND d."at" < m.t GROUP BY ALL`,
  )
  const rows = reader.getRowsJS() as number[][]
  const sqlMs = Math.round(performance.now() - start)
  const cpu = process.cpuUsage(startCpu)
  const sqlCpuMs = Math.round((cpu.user + cpu.system) / 1000)
  return { sqlMs, sqlCpuMs, countsCompared: compare(rows, evidences) }
}

async function giveGroups(
  db: DuckDBConnection,
  { arrays, keys }: OpenedArrays,
  queries: readonly ReportQuery[],
): Promise<void> {
  await db.run(
    'CREATE TEMP TABLE member (report INTEGER, customer INTEGER, t UINTEGER, own INTEGER)',
  )
  const appender = await db.createAppender('member', 'main', 'temp')
  const types = [INTEGER, INTEGER, UINTEGER, INTEGER]
  const reported = new Set<number>()
  for (const [report, query] of queries.entries()) {
    const own = idOfKey(keys, query.customer)
    const group = groupAt(arrays, own, query.contactedAtS) ?? new Uint32Array(0)
    const members = [...group].filter((member) => member !== own && !reported.has(member))
    const all = [own, ...members]
    for (let i = 0; i < all.length; i += 2048) {
      const part = all.slice(i, i + 2048)
      const chunk = DuckDBDataChunk.create(types, part.length)
      chunk.setColumns([
        part.map(() => report),
        part,
        part.map(() => query.contactedAtS),
        part.map((member) => (member === own ? 1 : 0)),
      ])
      appender.appendDataChunk(chunk)
    }
    reported.add(own)
  }
  appender.closeSync()
}

function compare(rows: number[][], evidences: readonly Evidence[]): number {
  const bySql = new Map<string, string>()
  for (const [report, agent, hit, seen] of rows) bySql.set(`${report} ${agent}`, `${hit} ${seen}`)
  let compared = 0
  evidences.forEach((evidence, report) => {
    const seen = new Map<number, number>()
    for (const agent of evidence.group.agents) seen.set(agent, (seen.get(agent) ?? 0) + 1)
    const hits = new Set(evidence.hits)
    for (const agent of new Set([...hits, ...seen.keys()])) {
      const mine = `${hits.has(agent) ? 1 : 0} ${seen.get(agent) ?? 0}`
      const theirs = bySql.get(`${report} ${agent}`)
      if (mine !== theirs)
        throw new Error(`report ${report}, agent ${agent}: ${mine}, SQL ${theirs}`)
      compared++
    }
  })
  if (compared !== bySql.size)
    throw new Error(`${bySql.size} counts by SQL, ${compared} by the index`)
  return compared
}
