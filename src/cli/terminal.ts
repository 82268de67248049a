/**
 * The verdict on a terminal, for somebody who is tired: the answer first, then how sure, who else
 * cannot be excluded, what to do, who is affected, what to read with care, where the files went.
 */
import pc from 'picocolors'
import type { VerdictDocument } from '../cases/document.ts'
import { standings, summaryOf } from './facts.ts'
import { columnsOf, hanging, padStart, wrap } from './layout.ts'
import {
  count,
  day,
  listed,
  plural,
  share,
  shorten,
  TIER_WORD,
  VERDICT_WORD,
  visible,
} from './words.ts'

/** Lists on a terminal stop here and say how many more the files hold. */
const ROWS_MAX = 5
const NAME_COLUMNS_MAX = 28
const KEY_COLUMNS_MAX = 200
/** Lines longer than this tire the eye, however wide the terminal is. */
const COLUMNS_MAX = 96

export interface TerminalOptions {
  /** Width of the terminal; 80 where it is not known. */
  readonly columns: number
  readonly colour: boolean
  /** Files written, with what each holds. */
  readonly files?: readonly { readonly path: string; readonly holds: string }[]
}

interface Page {
  readonly lines: string[]
  readonly columns: number
  readonly paint: ReturnType<typeof pc.createColors>
}

/** True where colour is wanted: a terminal that knows it, unless NO_COLOR is set. */
export function wantsColour(stream: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv): boolean {
  if (env.NO_COLOR) return false
  if (env.FORCE_COLOR && env.FORCE_COLOR !== '0') return true
  return stream.isTTY === true && env.TERM !== 'dumb'
}

/** The whole answer, ending in a newline. */
export function renderTerminal(document: VerdictDocument, options: TerminalOptions): string {
  const page: Page = {
    lines: [],
    columns: Math.max(24, Math.min(options.columns || 80, COLUMNS_MAX)),
    paint: pc.createColors(options.colour),
  }
  headline(page, document)
  howSure(page, document)
  notExcluded(page, document)
  advice(page, document)
  questions(page, document)
  affected(page, document)
  caveats(page, document)
  checkpoints(page, document)
  files(page, options.files ?? [])
  return `${page.lines.join('\n')}\n`
}

function headline(page: Page, document: VerdictDocument): void {
  const { paint } = page
  page.lines.push(
    '',
    paint.bold(paint.inverse(` ${VERDICT_WORD[document.verdict].toUpperCase()} `)),
  )
  page.lines.push(...wrap(visible(document.headline), page.columns).map((line) => paint.bold(line)))
}

function title(page: Page, text: string): void {
  const heading = (line: string) => page.paint.bold(page.paint.cyan(line))
  page.lines.push('', ...wrap(text, page.columns).map(heading))
}

function howSure(page: Page, document: VerdictDocument): void {
  const all = standings(document)
  if (all.length === 0) return
  title(page, 'How sure')
  for (const { agent, status, facts } of all.slice(0, ROWS_MAX)) {
    if (agent !== null) {
      page.lines.push(...wrap(`${named(document, agent)}: ${status}`, page.columns, '  '))
    }
    const width = Math.max(...facts.map((fact) => fact.term.length))
    for (const { term, value, against } of facts) {
      page.lines.push(...hanging(term, `${value}; ${against}`, width, page.columns))
    }
  }
  more(page, all.length, 'agents')
  if (document.alpha > 0 && document.model === 'e-value') {
    const sentence = `Whenever you look, the chance that an innocent agent is ever named is at most ${share(document.alpha)}.`
    page.lines.push(...wrap(sentence, page.columns, '  ').map(page.paint.dim))
  }
}

/** An agent under the log's own name, with the pseudonym where that is another. */
function named(document: VerdictDocument, agent: string): string {
  const summary = summaryOf(document, agent)
  const name = shorten(visible(agent), NAME_COLUMNS_MAX * 2)
  return summary === undefined || summary.pseudonym === agent
    ? name
    : `${name} (${visible(summary.pseudonym)})`
}

function notExcluded(page: Page, document: VerdictDocument): void {
  if (document.rivals.length === 0) return
  title(page, 'Cannot be excluded')
  const shown = document.rivals.slice(0, ROWS_MAX)
  const width = widest(shown.map((rival) => rival.agent))
  for (const rival of shown) {
    page.lines.push(...hanging(name(rival.agent), visible(rival.because), width, page.columns))
  }
  more(page, document.rivals.length, 'agents')
}

function advice(page: Page, document: VerdictDocument): void {
  if (document.advice.length === 0) return
  title(page, 'What to do next')
  for (const [i, step] of document.advice.entries()) {
    page.lines.push(...wrap(visible(step), page.columns, `  ${i + 1}. `, '     '))
  }
}

function questions(page: Page, document: VerdictDocument): void {
  if (document.nextQuestions.length === 0) return
  title(page, 'Ask these customers whether they were called')
  const shown = document.nextQuestions.slice(0, ROWS_MAX)
  const width = widest(shown.map((question) => question.customer))
  for (const question of shown) {
    // A key is there to be copied, so it is shortened only where it would fill the screen.
    const key = shorten(visible(question.customer), KEY_COLUMNS_MAX)
    const to = listed(question.shownTo.map(name), 3)
    const not =
      question.notShownTo.length === 0 ? '' : `; not to ${listed(question.notShownTo.map(name), 3)}`
    page.lines.push(...hanging(key, `shown to ${to}${not}`, width, page.columns))
  }
  more(page, document.nextQuestions.length, 'customers')
}

function affected(page: Page, document: VerdictDocument): void {
  for (const scope of document.affected) {
    const total = scope.tiers.reduce((sum, tier) => sum + tier.customers, 0)
    title(page, `Affected through ${name(scope.agent)}: ${plural(total, 'customer')}`)
    const width = Math.max(0, ...scope.tiers.map((tier) => count(tier.customers).length))
    for (const tier of scope.tiers) {
      const amount = padStart(count(tier.customers), width)
      const painted = tier.tier === 'explained' ? amount : page.paint.red(amount)
      const lines = wrap(TIER_WORD[tier.tier], page.columns, `  ${amount}  `, ' '.repeat(width + 4))
      page.lines.push(
        lines[0].replace(amount, () => painted),
        ...lines.slice(1),
      )
    }
    page.lines.push(
      ...wrap(`from ${day(scope.window.from)} to ${day(scope.window.to)}`, page.columns, '  '),
    )
    const untouched = scope.segments.filter((segment) => segment.shown === 0)
    if (untouched.length > 0) {
      const names = listed(
        untouched.map((segment) => name(segment.segment)),
        ROWS_MAX,
      )
      page.lines.push(...wrap(`Nobody was shown in: ${names}.`, page.columns, '  '))
    }
  }
}

function caveats(page: Page, document: VerdictDocument): void {
  if (document.caveats.length === 0) return
  title(page, 'Read with care')
  for (const { says } of document.caveats)
    page.lines.push(...wrap(visible(says), page.columns, '  ! ', '    '))
}

/** What the verdict rests on, as anybody with a copy of the log can compare it. */
function checkpoints(page: Page, document: VerdictDocument): void {
  if (document.log.checkpoints.length === 0) return
  title(page, 'Read from the log')
  for (const { origin, size, root } of document.log.checkpoints) {
    page.lines.push(
      ...wrap(`${visible(origin)}, ${plural(size, 'entry', 'entries')}`, page.columns, '  '),
    )
    page.lines.push(...wrap(`root ${visible(root)}`, page.columns, '  '))
  }
}

function files(page: Page, written: TerminalOptions['files'] & {}): void {
  if (written.length === 0) return
  title(page, 'Written')
  const width = Math.max(...written.map((file) => columnsOf(file.path)))
  for (const file of written) {
    const fits = width + 4 + file.holds.length <= page.columns
    // A path is never broken: it is there to be copied.
    if (fits)
      page.lines.push(`  ${file.path}${' '.repeat(width - columnsOf(file.path))}  ${file.holds}`)
    else page.lines.push(`  ${file.path}`, ...wrap(file.holds, page.columns, '    '))
  }
}

function name(text: string): string {
  return shorten(visible(text), NAME_COLUMNS_MAX)
}

function widest(names: readonly string[]): number {
  return Math.max(...names.map((text) => columnsOf(name(text))))
}

function more(page: Page, total: number, what: string): void {
  if (total > ROWS_MAX)
    page.lines.push(page.paint.dim(`  and ${count(total - ROWS_MAX)} more ${what}: see the report`))
}
