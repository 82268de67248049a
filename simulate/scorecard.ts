/** The score as text for a person, and scoring of files. */
import { pseudonym } from '../src/base/ids.ts'
import { type AffectedLine, type Score, scoreVerdict, type Verdict } from './score.ts'
import { readText, readTruth, type Truth } from './truth.ts'

/** Scores the files of an investigation; `affectedFile` is absent when no list was written. */
export async function scoreFiles(
  verdictFile: string,
  affectedFile: string | undefined,
  truthFolder: string,
): Promise<{ score: Score; truth: Truth }> {
  const truth = await readTruth(truthFolder)
  const verdict: Verdict = withNames(JSON.parse(await readText(verdictFile)), truth)
  const affected = affectedFile === undefined ? [] : readAffected(await readText(affectedFile))
  return { score: scoreVerdict(verdict, affected, truth), truth }
}

/** A verdict may write pseudonyms for names; the leakers' are known from the truth. */
function withNames(verdict: Verdict, truth: Truth): Verdict {
  const names = new Map(truth.summary.leakers.map((name) => [pseudonym(name), name]))
  const real = (accused: Verdict['named']) =>
    accused.map((a) => ({ ...a, agent: names.get(a.agent) ?? a.agent }))
  return { ...verdict, named: real(verdict.named), leading: real(verdict.leading) }
}

/** Reads a list with at least the columns `customer`, `tier` and `fields`. */
export function readAffected(csv: string): AffectedLine[] {
  const [head, ...lines] = csv.trim().split(/\r?\n/)
  const columns = cells(head)
  const [customer, tier, fields] = ['customer', 'tier', 'fields'].map((c) => columns.indexOf(c))
  return lines.filter(Boolean).map((line) => {
    const cell = cells(line)
    const shown = (cell[fields] ?? '').split(/[;, ]+/).filter(Boolean)
    return { customer: cell[customer], tier: cell[tier], fields: shown }
  })
}

function cells(line: string): string[] {
  const found = line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)
  return [...found].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain)
}

export function describeScore(score: Score, truth: Truth): string {
  const { naming, complete, leakersNamed, innocentsNamed } = score
  const partly = naming === 'right' && !complete ? ', but not everybody' : ''
  const lines = [`Naming: ${naming}${partly}. ${whatHappened(truth)}`]
  if (leakersNamed.length > 0) lines.push(`  leakers named: ${leakersNamed.join(', ')}`)
  if (innocentsNamed.length > 0) lines.push(`  INNOCENT and named: ${innocentsNamed.join(', ')}`)
  if (score.innocentsLeading.length > 0) {
    lines.push(`  innocent and leading: ${score.innocentsLeading.join(', ')}`)
  }
  const filled = score.tiers.filter((t) => t.listed > 0)
  if (filled.length > 0) {
    lines.push('Affected list   listed     taken  precision  recall  recall of what the log holds')
  }
  for (const { tier, listed, taken, precision, recall, recallLogged } of filled) {
    const counts = `${count(listed).padStart(9)} ${count(taken).padStart(9)}`
    const shares = `${share(precision, 10)} ${share(recall, 7)} ${share(recallLogged, 8)}`
    lines.push(`  ${tier.padEnd(11)} ${counts} ${shares}`)
  }
  if (filled.length > 0) {
    const { customers, takenLogged, takenUnlogged } = score.notListed
    const missed = `${count(takenLogged)} missed, ${count(takenUnlogged)} with no trace in the log`
    lines.push(`Not on the list: ${count(customers)} customers; taken among them: ${missed}`)
  }
  for (const { what, holds } of score.untouched) {
    lines.push(`  ${what}: ${holds ? 'true' : 'FALSE'}`)
  }
  return lines.join('\n')
}

function whatHappened({ summary }: Truth): string {
  const { leak } = summary.options
  if (leak === 'none') return 'In truth nobody leaked.'
  if (leak === 'outside') return 'In truth a copy had left by no logged path.'
  return `In truth ${summary.leakers.join(' and ')} took ${count(summary.taken)} records.`
}

function count(n: number): string {
  return n.toLocaleString('en')
}

function share(value: number, width: number): string {
  return (Number.isNaN(value) ? '-' : `${(100 * value).toFixed(1)}%`).padStart(width)
}
