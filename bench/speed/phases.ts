/** What is measured, each phase in a process of its own so that its memory is its own. */
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Evidence } from '../../src/attribution/evidence.ts'
import {
  addReport,
  judge,
  leaders,
  namings,
  startAttribution,
} from '../../src/attribution/judge.ts'
import type { ReportQuery } from '../../src/disclosure/exposures.ts'
import { openEngine } from '../../src/index/engine.ts'
import {
  ARRAYS_FILE,
  exposureIndexOver,
  openArrays,
  openExposureIndex,
} from '../../src/index/exposures.ts'
import { type BenchReport, drawReports, generateLog, LEAKER, scaleOf } from './log.ts'
import { answerBySql } from './sql.ts'

const REPORTS_FILE = 'reports.json'
/** The engine answers nothing but small questions here; the arrays do the work. */
const QUERY_MEMORY_MIB = 1024

/** Figures by name; times in milliseconds. */
export interface Phase {
  readonly figures: Readonly<Record<string, number | string>>
}

function timer(): () => number {
  const start = performance.now()
  return () => Math.round((performance.now() - start) * 10) / 10
}

/** Processor time of this process, all threads: what a busy machine cannot inflate much. */
function cpuTimer(): () => number {
  const start = process.cpuUsage()
  return () => {
    const used = process.cpuUsage(start)
    return Math.round((used.user + used.system) / 1000)
  }
}

const peakMiB = () => Math.round(process.resourceUsage().maxRSS / 1024)

/** Generates the log and builds and saves its index. */
export async function buildPhase(dir: string, rows: number): Promise<Phase> {
  const scale = scaleOf(rows)
  const engine = await openEngine({ dir })
  const generating = timer()
  await generateLog(engine.connection, scale)
  const generateMs = generating()
  writeFileSync(
    join(dir, REPORTS_FILE),
    JSON.stringify(await drawReports(engine.connection, scale)),
  )
  const building = timer()
  const buildingCpu = cpuTimer()
  const phases: [string, number][] = []
  const onPhase = (phase: string) => phases.push([phase.replace(/ \d+%$/, ''), performance.now()])
  const index = await openExposureIndex(engine.connection, { dir, onPhase })
  const buildMs = building()
  const buildCpuMs = buildingCpu()
  index.close()
  engine.close()
  const bytes = statSync(join(dir, ARRAYS_FILE)).size
  return {
    figures: {
      generateMs,
      buildMs,
      buildCpuMs,
      ...phaseTimes(phases),
      indexMiB: Math.round(bytes / 2 ** 20),
      bytesPerRow: Math.round((bytes / rows) * 100) / 100,
      buildPeakMiB: peakMiB(),
    },
  }
}

function phaseTimes(phases: [string, number][]): Record<string, number> {
  const ends = [...phases.slice(1).map(([, at]) => at), performance.now()]
  const out: Record<string, number> = {}
  phases.forEach(([name, at], i) => {
    const key = `build: ${name}, ms`
    out[key] = Math.round((out[key] ?? 0) + ends[i] - at)
  })
  return out
}

function queriesIn(dir: string): ReportQuery[] {
  const reports = JSON.parse(readFileSync(join(dir, REPORTS_FILE), 'utf8')) as BenchReport[]
  return reports.map((report) => ({ ...report, lagS: 0, knew: [], knowing: false }))
}

/** The verdict from evidence in order of arrival: what is named, and how long it takes. */
function investigateEvidence(agents: number, evidences: readonly Evidence[]) {
  const attribution = startAttribution(agents)
  for (const evidence of evidences) addReport(attribution, evidence)
  return { attribution, judgement: judge(attribution) }
}

/** Opens the saved index and answers all reports, once. */
export async function coldPhase(dir: string): Promise<Phase> {
  const opening = timer()
  const whole = timer()
  const wholeCpu = cpuTimer()
  const engine = await openEngine({ dir, memoryLimitMiB: QUERY_MEMORY_MIB })
  const index = await openExposureIndex(engine.connection, { dir })
  const coldOpenMs = opening()
  const queries = queriesIn(dir).slice(0, 1000)
  const answering = timer()
  await index.prepare(queries)
  const reported = new Set<string>()
  const evidences = queries.map((query) => {
    const found = index.evidenceFor(query, reported)
    reported.add(query.customer)
    return found
  })
  const coldEvidenceMs = answering()
  const judging = timer()
  const { judgement } = investigateEvidence(index.agents.length, evidences)
  const coldVerdictMs = judging()
  const figures = {
    coldOpenMs,
    coldEvidenceMs,
    coldVerdictMs,
    coldTotalMs: whole(),
    coldTotalCpuMs: wholeCpu(),
    verdict: judgement.verdict,
    coldPeakMiB: peakMiB(),
  }
  engine.close()
  return { figures }
}

/** Answers all reports again and again, then further ones singly, then all by plain SQL. */
export async function warmPhase(dir: string): Promise<Phase> {
  const engine = await openEngine({ dir, memoryLimitMiB: QUERY_MEMORY_MIB })
  const opened = await openArrays(engine.connection, { dir })
  const index = exposureIndexOver(engine.connection, opened)
  const all = queriesIn(dir)
  const queries = all.slice(0, 1000)
  const rounds: number[] = []
  const roundsCpu: number[] = []
  let evidences: Evidence[] = []
  for (let round = 0; round < 5; round++) {
    const answering = timer()
    const answeringCpu = cpuTimer()
    await index.prepare(queries)
    const reported = new Set<string>()
    evidences = queries.map((query) => {
      const found = index.evidenceFor(query, reported)
      reported.add(query.customer)
      return found
    })
    rounds.push(answering())
    roundsCpu.push(answeringCpu())
  }
  const evidenceMs = median(rounds)
  const judging = timer()
  const judgingCpu = cpuTimer()
  const { attribution, judgement } = investigateEvidence(index.agents.length, evidences)
  const verdictMs = judging()
  const verdictCpuMs = judgingCpu()
  const more: number[] = []
  const moreEvidence: number[] = []
  const reported = new Set(queries.map((query) => query.customer))
  for (const query of all.slice(1000)) {
    const one = timer()
    await index.prepare([query])
    const found = index.evidenceFor(query, reported)
    moreEvidence.push(one())
    addReport(attribution, found)
    // Who is named and who leads; exact gamma and margin are for the document.
    namings(attribution, false)
    leaders(attribution)
    more.push(one())
    reported.add(query.customer)
  }
  const warmPeakMiB = peakMiB()
  const sql = await answerBySql(engine.connection, opened, queries, evidences)
  engine.close()
  return {
    figures: {
      evidenceMs,
      evidenceCpuMs: median(roundsCpu),
      verdictMs,
      verdictCpuMs,
      answerMs: Math.round((evidenceMs + verdictMs) * 10) / 10,
      oneMoreEvidenceMs: median(moreEvidence),
      oneMoreReportMs: median(more),
      warmPeakMiB,
      verdict: judgement.verdict,
      named: judgement.namings
        .filter((n) => n.named)
        .map((n) => n.agent)
        .join(' '),
      leaker: LEAKER,
      ...sql,
      timesFaster: Math.round((sql.sqlMs / (evidenceMs + verdictMs)) * 10) / 10,
      timesFasterEvidenceAlone: Math.round((sql.sqlMs / evidenceMs) * 10) / 10,
    },
  }
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[sorted.length >> 1]
}
