/** `telltale investigate`: from files to a verdict, on the terminal, as JSON and as HTML. */
import { investigate } from '../cases/investigate.ts'
import type { Investigation, Model } from '../cases/investigation.ts'
import { isoTime } from '../cases/names.ts'
import { csvLine } from './csv.ts'
import { renderHtml } from './html/report.ts'
import { checkSources, type LoadOptions, loadLog, progressOn, ruleOf } from './load.ts'
import { refuseClashes, safeJson, writeOut } from './output.ts'
import type { Terminal } from './stdio.ts'
import { renderTerminal } from './terminal.ts'
import type { Tools } from './tools.ts'

export interface InvestigateOptions extends LoadOptions {
  readonly reports: string
  readonly reportsTimeFormat?: string
  readonly staff?: string
  readonly lag?: number
  readonly model: Model
  readonly pseudonyms: boolean
  readonly json?: string
  readonly html?: string
  readonly affected?: string
}

export async function runInvestigate(
  tools: Tools,
  terminal: Terminal,
  options: InvestigateOptions,
): Promise<void> {
  const { accesses, mapping, population, staff: staffFile, rejects, json, html, affected } = options
  refuseClashes(
    {
      '--accesses': accesses,
      '--log': options.log,
      '--policy': options.policy,
      '--reports': options.reports,
      '--mapping': mapping,
      '--population': population,
      '--staff': staffFile,
    },
    { '--rejects': rejects, '--json': json, '--html': html, '--affected': affected },
  )
  checkSources(options)
  const progress = progressOn(terminal, tools)
  // The small files first: a mistake in them shows before a long import.
  const reports = await tools.readReports(options.reports, reportsOptions(options))
  const staff = options.staff === undefined ? undefined : await tools.readStaff(options.staff)
  const loaded = await loadLog(tools, options, progress)
  const { index, imports, checkpoints, populationAssumed, rejectsWritten } = loaded
  try {
    const found = await investigate({
      index,
      reports,
      ...(staff === undefined ? {} : { staff }),
      imports,
      checkpoints,
      populationAssumed,
      rule: ruleOf(options),
      lagS: options.lag ?? 0,
      lagGiven: options.lag !== undefined,
      model: options.model,
      pseudonyms: options.pseudonyms,
      onPhase: progress.phase,
    })
    progress.end()
    const files = await writeFiles(options, found, terminal)
    if (options.rejects !== undefined && rejectsWritten !== null) {
      files.push({ path: options.rejects, holds: `${rejectsWritten} rejected rows` })
    }
    if (options.json === '-') return
    const { columns, colour } = terminal
    terminal.out(renderTerminal(found.document, { columns, colour, files }))
  } finally {
    index.close()
  }
}

function reportsOptions({ timeZone, reportsTimeFormat }: InvestigateOptions) {
  return {
    ...(timeZone === undefined ? {} : { timeZone }),
    ...(reportsTimeFormat === undefined ? {} : { timeFormat: reportsTimeFormat }),
  }
}

async function writeFiles(options: InvestigateOptions, found: Investigation, terminal: Terminal) {
  const files: { path: string; holds: string }[] = []
  if (options.json === '-') terminal.out(safeJson(found.document))
  else if (options.json !== undefined) {
    await writeOut(options.json, safeJson(found.document))
    files.push({ path: options.json, holds: 'the verdict as JSON' })
  }
  if (options.html !== undefined) {
    await writeOut(options.html, renderHtml(found.document))
    files.push({ path: options.html, holds: 'the report with pictures' })
  }
  if (options.affected !== undefined) {
    await writeOut(options.affected, affectedCsv(found))
    files.push({ path: options.affected, holds: 'the affected customers' })
  }
  return files
}

/** One row a customer and agent: agent, customer, tier, first_at, fields. */
function affectedCsv({ affected }: Investigation): string {
  const lines = [csvLine(['agent', 'customer', 'tier', 'first_at', 'fields'])]
  for (const { agent, rows } of affected) {
    for (const { customer, tier, firstAtS, fields } of rows) {
      lines.push(csvLine([agent, customer, tier, isoTime(firstAtS), fields.join(';')]))
    }
  }
  return lines.join('')
}
