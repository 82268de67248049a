/** `telltale power`: before any leak, what this log could prove. */
import { namesOf } from '../cases/names.ts'
import { type AgentPower, powerOf } from '../cases/power.ts'
import { padEnd, padStart } from './layout.ts'
import { checkSources, type LoadOptions, loadLog, progressOn, ruleOf } from './load.ts'
import { refuseClashes, safeJson, writeOut } from './output.ts'
import type { Terminal } from './stdio.ts'
import type { Tools } from './tools.ts'
import { count, listed, plural, share, shorten } from './words.ts'

export interface PowerOptions extends LoadOptions {
  readonly noise: number
  readonly json?: string
}

/** Rows on the terminal; the JSON holds all. */
const ROWS_MAX = 40
/** An agent so far hidden by others is said not to be told apart from them. */
const HIDDEN_SHARE = 0.8

export async function runPower(
  tools: Tools,
  terminal: Terminal,
  options: PowerOptions,
): Promise<void> {
  const { accesses, mapping, population, rejects, json: jsonFile } = options
  refuseClashes(
    {
      '--accesses': accesses,
      '--log': options.log,
      '--mapping': mapping,
      '--population': population,
    },
    { '--rejects': rejects, '--json': jsonFile },
  )
  checkSources(options)
  const progress = progressOn(terminal, tools)
  const { index } = await loadLog(tools, options, progress)
  try {
    progress.phase('Weighing each agent')
    const agents = await powerOf({
      index,
      rule: ruleOf(options),
      noise: options.noise,
      names: namesOf(index.agents, false),
      onAgent: progress.rows,
    })
    progress.end()
    const json = safeJson({
      format: 'telltale-power/1',
      alpha: options.alpha,
      noise: options.noise,
      agents,
    })
    if (options.json === '-') return terminal.out(json)
    if (options.json !== undefined) await writeOut(options.json, json)
    terminal.out(describePower(agents, options))
  } finally {
    index.close()
  }
}

function describePower(agents: readonly AgentPower[], { noise, alpha }: PowerOptions): string {
  const nameable = agents.filter((agent) => agent.toName !== null)
  const hidden = agents.filter((agent) => agent.hiddenShare >= HIDDEN_SHARE)
  const median = nameable[Math.floor(nameable.length / 2)]?.toName
  const lines = [
    `If ${share(noise)} of the reports were unrelated, ${nameable.length} of ${plural(agents.length, 'agent')} could be named`,
    median === undefined || median === null
      ? 'by this log.'
      : `by this log; half of them within ${plural(median, 'report')} (alpha ${alpha}).`,
    '',
    `${padEnd('agent', 24)} ${padStart('customers', 10)} ${padStart('to lead', 8)} ${padStart('to name', 8)}  hidden most by`,
  ]
  for (const agent of agents.slice(0, ROWS_MAX)) lines.push(row(agent))
  if (agents.length > ROWS_MAX)
    lines.push(`... and ${count(agents.length - ROWS_MAX)} more (--json holds all)`)
  if (hidden.length > 0) {
    lines.push(
      '',
      'Hard to tell apart, since most of what they were shown was shown to others too:',
    )
    for (const agent of hidden.slice(0, ROWS_MAX)) {
      lines.push(
        `  ${shorten(agent.agent, 24)}: ${share(agent.hiddenShare)} by ${listed(agent.hiddenBy)}`,
      )
    }
  }
  return `${lines.join('\n')}\n`
}

function row({ agent, customers, toLead, toName, hiddenBy, hiddenShare }: AgentPower): string {
  const reports = (value: number | null) => (value === null ? 'never' : count(value))
  const by = hiddenBy.length === 0 ? '' : `${listed(hiddenBy)} (${share(hiddenShare)})`
  return `${padEnd(shorten(agent, 24), 24)} ${padStart(count(customers), 10)} ${padStart(reports(toLead), 8)} ${padStart(reports(toName), 8)}  ${by}`.trimEnd()
}
