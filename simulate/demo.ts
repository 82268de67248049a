/**
 * `npm run demo`: the incident, replayed. A support employee takes records beyond their tickets and
 * sells them; customers report calls; after each report the verdict moves, until the evidence names
 * somebody. Then the affected list is scored against the truth, which the investigation never saw.
 * Then the accesses are sealed into a log, which is changed and found to be. Last, the same agent tries
 * the same at a guarded desk, which stays open for whoever wants to look (`-- desk` for that alone).
 */
import { rm } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { performance } from 'node:perf_hooks'
import pc from 'picocolors'
import { createTools } from '../src/app.ts'
import {
  type Attribution,
  addReport,
  DEFAULT_RULE,
  leaders,
  namings,
  startAttribution,
  threshold,
} from '../src/attribution/judge.ts'
import { hitCount } from '../src/attribution/record.ts'
import { logAlone, strongestFirst } from '../src/attribution/suspect.ts'
import { pseudonym } from '../src/base/ids.ts'
import { gather } from '../src/cases/gather.ts'
import { loadLog, progressOn } from '../src/cli/load.ts'
import { run } from '../src/cli/program.ts'
import type { Terminal } from '../src/cli/stdio.ts'
import type { ExposureIndex } from '../src/disclosure/exposures.ts'
import { endWith } from './failure.ts'
import { type WrittenFiles, writeWorld } from './files.ts'
import { guardedDesk, identities, untilEnded } from './guarded/demo.ts'
import { describeScore, scoreFiles } from './scorecard.ts'
import { sealAndTamper } from './sealed.ts'
import { writeTruth } from './truth.ts'
import { makeWorld } from './world.ts'

const OUT = 'demo-out'
/** Imported once, then opened again by the last command. */
const INDEX = join(OUT, 'index')
const SEED = 2019
/** Bars of the evidence, in steps of a factor of ten. */
const BAR_MAX = 24

const terminal: Terminal = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  input: async function* () {},
  drained: async () => {},
  columns: process.stdout.columns ?? 80,
  colour: pc.isColorSupported,
  live: process.stderr.isTTY === true,
}
const tools = createTools()

async function demo(): Promise<void> {
  await rm(OUT, { recursive: true, force: true })
  if (process.argv[2] !== 'desk') await incident()
  say(pc.bold('\n6. The same agent at a guarded desk\n'))
  const desk = await guardedDesk(tools, terminal, OUT)
  if (!desk.held) process.exitCode = 1
  say(pc.bold(`\nThe desk is at ${desk.url}`))
  say(pc.red('Nothing guards its doors: it is a demonstration, for this machine alone. One can be'))
  say(identities())
  if (process.stdin.isTTY) say('\nCtrl-C ends it.')
  await untilEnded(desk)
}

async function incident(): Promise<void> {
  const started = performance.now()
  say(pc.bold('1. An organisation, 90 days, and somebody who takes what they may see'))
  const world = makeWorld({ scale: 'medium', seed: SEED, leak: 'agent', noise: 0.1, missing: 0 })
  const files = await writeWorld(world, OUT, 'csv')
  await writeTruth(world, join(OUT, 'truth'))
  const customers = world.org.customers.count.toLocaleString('en')
  say(
    `   ${files.rows.toLocaleString('en')} accesses by ${world.org.agents.length} agents to ${customers} customers are in the log.`,
  )
  say(`   Who leaked is in ${OUT}/truth, which only the last step opens.\n`)
  say(pc.bold('2. Customers report scam calls, one by one'))
  await replay(files)
  say(pc.bold('\n3. The verdict, as `telltale investigate` gives it\n'))
  const verdict = await investigateFiles(files)
  say(pc.bold('\n4. Scored against the truth\n'))
  const { score, truth } = await scoreFiles(verdict.json, verdict.affected, join(OUT, 'truth'))
  say(describeScore(score, truth))
  say(pc.bold('\n5. The accesses sealed into a log that nobody can edit unseen\n'))
  const isSealed = await sealAndTamper(tools, terminal, files.accesses, OUT)
  say(`\nThe report with pictures: ${relative('.', verdict.html)}`)
  say(`${((performance.now() - started) / 1000).toFixed(0)} seconds in all.`)
  if (score.naming === 'wrong' || !isSealed) process.exitCode = 1
}

function say(text: string): void {
  terminal.out(`${text}\n`)
}

/** Every report is one update of the evidence, and one line. */
async function replay(files: WrittenFiles): Promise<void> {
  const progress = progressOn(terminal, tools)
  const options = {
    accesses: [files.accesses],
    population: files.population,
    strict: true,
    index: INDEX,
  }
  const { index } = await loadLog(
    tools,
    { ...options, alpha: DEFAULT_RULE.alpha, others: 1 },
    progress,
  )
  progress.end()
  try {
    const { reports } = await tools.readReports(files.reports, {})
    const { evidence, reports: counted } = await gather(index, reports, 0)
    const attribution = startAttribution(index.agents.length, DEFAULT_RULE)
    say('   report  called on   the evidence points to            log10 of the evidence, | names')
    for (const [i, one] of evidence.entries()) {
      addReport(attribution, one)
      say(`   ${line(index, attribution, counted[i].contactedAtS)}`)
      if (namings(attribution, false).some((naming) => naming.named)) break
    }
  } finally {
    index.close()
  }
}

function line(index: ExposureIndex, attribution: Attribution, contactedAtS: number): string {
  const { record } = attribution
  const number = String(record.count).padStart(6)
  const day = new Date(contactedAtS * 1000).toISOString().slice(0, 10)
  const [first] = strongestFirst(record)
  if (first === undefined) return `${number}  ${day}  nobody yet`
  const who = `${pseudonym(index.agents[first])}, shown ${hitCount(record, first)} of ${record.count}`
  return `${number}  ${day}  ${who.padEnd(32)}  ${bar(attribution, first)}${standing(attribution, first)}`
}

function bar(attribution: Attribution, agent: number): string {
  const decades = logAlone(attribution.record, agent) / Math.LN10
  const line = Math.round(threshold(attribution) / Math.LN10)
  const filled = Math.max(0, Math.min(BAR_MAX, Math.round(decades)))
  const cells = Array.from({ length: BAR_MAX }, (_, i) =>
    i === line ? '|' : i < filled ? '=' : '.',
  )
  return `${cells.join('')} ${decades.toFixed(1).padStart(5)}`
}

function standing(attribution: Attribution, agent: number): string {
  if (namings(attribution, false).some((n) => n.named && n.agent === agent))
    return pc.bold('  named')
  return leaders(attribution).some((leader) => leader.agent === agent) ? '  leading' : ''
}

async function investigateFiles(files: WrittenFiles) {
  const [json, html, affected] = ['verdict.json', 'verdict.html', 'affected.csv'].map((name) =>
    join(OUT, name),
  )
  const code = await run(tools, terminal, [
    ...['investigate', '--accesses', files.accesses, '--reports', files.reports],
    ...['--population', files.population, '--staff', files.staff, '--index', INDEX],
    ...['--json', json, '--html', html, '--affected', affected],
  ])
  if (code !== 0) process.exit(code)
  return { json, html, affected }
}

await demo().catch(endWith)
