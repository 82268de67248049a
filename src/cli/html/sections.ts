/** The parts of the report that are words and tables. */
import type { VerdictDocument } from '../../cases/document.ts'
import { REJECT_REASONS } from '../../disclosure/rejects.ts'
import { accusedOf, standings, summaryOf } from '../facts.ts'
import { count, day, minute, plural, share, VERDICT_WORD } from '../words.ts'
import { type Markup, markup, NOTHING } from './markup.ts'
import { raised } from './svg.ts'
import { key, keys, table } from './table.ts'

const ROWS_MAX = 1000
const AGENTS_MAX = 12
/** A longer headline is set smaller. */
const LONG_HEADLINE = 90

const MEANS: Record<VerdictDocument['verdict'], string> = {
  named:
    'Neither chance nor another leaker nor a few false reports would explain whom the callers reached. This is evidence for people to weigh; it decides nothing for them.',
  leading:
    'The evidence is strong, and not yet enough for a name: somebody else, a hidden likeness or a false report could still explain it.',
  outside:
    'The customers reached do not follow what anyone was shown: look for a copy that left by a path the log does not see.',
  undecided: 'Nobody is accused. The reports so far fit several explanations, chance among them.',
}

export function top(document: VerdictDocument): Markup {
  const { log, verdict } = document
  const word = markup`<p class="word ${verdict}">${VERDICT_WORD[verdict]}</p>`
  return markup`<header>
<p class="over">Telltale verdict · ${plural(document.reports.length, 'report')} · access log from ${day(log.firstAt)} to ${day(log.lastAt)} · times in UTC</p>
${word}
<h1 class="${document.headline.length > LONG_HEADLINE ? 'long' : 'short'}"><bdi>${mention(document, document.headline)}</bdi></h1>
<p class="means">${document.reports.length === 0 ? 'Nobody is accused: there is nothing to judge by yet.' : MEANS[verdict]}</p>
</header>
`
}

/** A sentence in which the names of those the evidence points to are not broken over lines. */
function mention(document: VerdictDocument, sentence: string): Markup {
  const names = accusedOf(document).map((entry) => entry.agent)
  let parts: (Markup | string)[] = [sentence]
  for (const name of names.filter((one) => one.length > 2)) {
    parts = parts.flatMap((part) =>
      typeof part === 'string'
        ? part.split(name).flatMap((piece, i) => (i === 0 ? [piece] : [key(name), piece]))
        : [part],
    )
  }
  return markup`${parts.map((part) => markup`${part}`)}`
}

export function sure(document: VerdictDocument): Markup {
  const all = standings(document)
  const parts = all.slice(0, AGENTS_MAX).map(({ agent, status, facts }) => {
    const tiles = facts.map(
      (fact) =>
        markup`<div><dt>${fact.term}</dt><dd class="value">${raised(fact.value)}</dd><dd class="against">${fact.against}</dd></div>`,
    )
    const head =
      agent === null
        ? NOTHING
        : markup`<p class="agent">${who(document, agent)} <small>${status}</small></p>`
    return markup`${head}<dl class="facts">${tiles}</dl>`
  })
  const bound =
    document.model === 'e-value'
      ? `Whenever and however often one looks, the chance that an innocent agent is ever named is at most ${share(document.alpha)}, whatever ${document.othersConsidered === 1 ? 'any other agent' : `any ${count(document.othersConsidered)} other agents`} sold.`
      : 'Shown by the 2011 guilt model, a baseline for comparison: it has no bound on accusing an innocent.'
  const none =
    all.length === 0 ? markup`<p class="none">There is no report to judge by.</p>` : NOTHING
  const rest = beyond(all.length - AGENTS_MAX, 'agents the evidence points to')
  return block('sure', 'How sure', markup`${none}${parts}${rest}<p class="bound">${bound}</p>`)
}

/** What is left out is said. */
export function beyond(rest: number, one: string): Markup {
  return rest > 0
    ? markup`<p class="note">And ${count(rest)} more: ${one}. The JSON document holds them.</p>`
    : NOTHING
}

function who(document: VerdictDocument, agent: string): Markup {
  const summary = summaryOf(document, agent)
  return summary === undefined || summary.pseudonym === agent
    ? key(agent)
    : markup`${key(agent)} (${key(summary.pseudonym)})`
}

export function next(document: VerdictDocument): Markup {
  const steps = document.advice.map(
    (step) => markup`<li><bdi>${mention(document, step)}</bdi></li>`,
  )
  const list =
    steps.length === 0
      ? markup`<p class="none">Nothing more to do.</p>`
      : markup`<ol class="next">${steps}</ol>`
  return block('next', 'What to do next', list)
}

export function care(document: VerdictDocument): Markup {
  if (document.caveats.length === 0) return NOTHING
  const items = document.caveats.map(
    (caveat) => markup`<li data-code="${caveat.code}"><bdi>${caveat.says}</bdi></li>`,
  )
  return block('care', 'Read with care', markup`<ul class="care">${items}</ul>`)
}

export function others(document: VerdictDocument): Markup {
  const rivals = table({
    caption: 'Agents not excluded, and why',
    columns: [
      { name: 'Agent', kind: 'key' },
      { name: 'Reported customers shown', kind: 'figure' },
      { name: 'Why' },
    ],
    rows: document.rivals
      .slice(0, ROWS_MAX)
      .map((rival) => [
        who(document, rival.agent),
        `${count(rival.hits)} of ${count(document.reports.length)}`,
        rival.because,
      ]),
    total: document.rivals.length,
    none: 'No other agent is close.',
  })
  const questions = table({
    caption: 'Customers to ask whether they were called',
    columns: [
      { name: 'Customer', kind: 'key' },
      { name: 'Shown to' },
      { name: 'Not shown to' },
      { name: 'Worth (bits)', kind: 'figure' },
    ],
    rows: document.nextQuestions
      .slice(0, ROWS_MAX)
      .map((question) => [
        question.customer,
        keys(question.shownTo),
        keys(question.notShownTo),
        question.bits.toFixed(2),
      ]),
    total: document.nextQuestions.length,
    none: 'No answer in sight would tell more.',
  })
  return block(
    'others',
    'Who cannot be excluded, and whom to ask',
    markup`<p class="reading">These customers have not reported. Whether they were called tells the agents apart; the first says most.</p>${questions}${rivals}`,
  )
}

/** The report and what became of it; unusable ones apart. */
export function reports(document: VerdictDocument): Markup {
  const first = new Set(standings(document).flatMap(({ agent }) => (agent === null ? [] : [agent])))
  const rows = document.reports.slice(0, ROWS_MAX).map((report) => {
    const mine = report.shownTo.filter((to) => first.has(to.agent))
    const rest = report.shownTo.filter((to) => !first.has(to.agent))
    const names = [...mine, ...rest].map((to) => to.agent)
    return [
      report.report,
      key(report.customer),
      minute(report.contactedAt),
      report.knew.join(', '),
      report.ghost ? 'nobody, by any logged path' : keys(names, 4),
      report.comparisonCustomers,
    ]
  })
  const unusable = table({
    caption: 'Reports that could not be used',
    columns: [{ name: 'Line', kind: 'figure' }, { name: 'Why' }, { name: 'Text', kind: 'key' }],
    rows: document.unusableReports
      .slice(0, ROWS_MAX)
      .map((one) => [one.line, one.reason, one.text]),
    total: document.unusableReports.length,
  })
  const used = table({
    caption: 'Reports, in order of arrival',
    columns: [
      { name: 'Report', kind: 'key' },
      { name: 'Customer', kind: 'key' },
      { name: 'Call (UTC)', kind: 'figure' },
      { name: 'Caller knew' },
      { name: 'Shown before the call to' },
      { name: 'Comparable customers', kind: 'figure' },
    ],
    rows,
    total: document.reports.length,
    none: 'There is no usable report.',
  })
  const apart = document.unusableReports.length === 0 ? NOTHING : unusable
  return block('reports', 'Reports', markup`${used}${apart}`)
}

export function assumptions(document: VerdictDocument): Markup {
  const items = document.assumptions.map((one) => markup`<li><bdi>${one}</bdi></li>`)
  return block('assumptions', 'What this rests on', markup`<ul>${items}</ul>`)
}

export function log(document: VerdictDocument): Markup {
  const { log: facts } = document
  const rows: [string, string][] = [
    ['Disclosures', count(facts.disclosures)],
    ['Agents', count(facts.agents)],
    ['Customers in the log', count(facts.customers)],
    [
      'Customers in all',
      facts.population === null
        ? 'not known: no population file was given'
        : count(facts.population),
    ],
    ['From', minute(facts.firstAt)],
    ['To', minute(facts.lastAt)],
  ]
  const list = rows.map(([term, value]) => markup`<dt>${term}</dt><dd>${value}</dd>`)
  const imports = table({
    caption: 'Files read',
    columns: [
      { name: 'File', kind: 'key' },
      { name: 'Rows read', kind: 'figure' },
      { name: 'Added', kind: 'figure' },
      { name: 'Already there', kind: 'figure' },
      { name: 'Left out', kind: 'figure' },
      { name: 'Assumed in reading' },
    ],
    rows: facts.imports.map((one) => [
      one.file,
      one.rowsRead,
      one.rowsAdded,
      one.rowsDuplicate,
      one.rejects.reduce((sum, reject) => sum + reject.count, 0),
      one.assumed.join('; '),
    ]),
    none: 'No file was read.',
  })
  return block(
    'log',
    'The access log',
    markup`<dl class="log">${list}</dl>${imports}${checkpoints(document)}${rejects(document)}`,
  )
}

function checkpoints(document: VerdictDocument): Markup {
  const all = document.log.checkpoints
  if (all.length === 0) return NOTHING
  return table({
    caption: 'Checkpoints of the logs read',
    columns: [
      { name: 'Log', kind: 'key' },
      { name: 'Entries', kind: 'figure' },
      { name: 'Root', kind: 'key' },
      { name: 'Key', kind: 'key' },
      { name: 'Read from', kind: 'key' },
    ],
    rows: all.map(({ origin, size, root, vkey, file }) => [origin, count(size), root, vkey, file]),
  })
}

function rejects(document: VerdictDocument): Markup {
  const all = document.log.imports.flatMap((one) => one.rejects)
  if (all.length === 0) return NOTHING
  return table({
    caption: 'Rows left out, with the first of each kind',
    columns: [
      { name: 'Why' },
      { name: 'Rows', kind: 'figure' },
      { name: 'First in', kind: 'key' },
      { name: 'Line', kind: 'figure' },
      { name: 'Text', kind: 'key' },
    ],
    rows: all.map((one) => [
      REJECT_REASONS[one.reason] ?? one.reason,
      one.count,
      one.first.file,
      String(one.first.line),
      one.first.text,
    ]),
  })
}

function block(id: string, title: string, content: Markup): Markup {
  return markup`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>${content}</section>
`
}
