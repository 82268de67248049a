/** The walk-through in docs/ shows what the command really prints, to the letter. */
import { existsSync, readFileSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import { desk } from './cli.ts'

const LOG = '../shared/data/uci_incident/incident_event_log.csv.gz'
const here = desk()
afterAll(() => here.clear())

function blocks(): string[] {
  const page = readFileSync('docs/walkthrough.md', 'utf8')
  return [...page.matchAll(/^```\w*\n([\s\S]*?)^```$/gm)].map((match) => match[1])
}

/** Splits a command line as a shell does, as far as the page needs it. */
function words(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map((match) => match[1] ?? match[2])
}

describe.skipIf(!existsSync(LOG))('the walk-through (skipped where the UCI log is absent)', () => {
  it('prints what the page shows', async () => {
    const [, command, output] = blocks()
    const [program, ...argv] = words(command.replaceAll('\\\n', ' '))
    expect(program).toBe('./telltale')
    const outcome = await here.run(...argv)
    expect(outcome.code).toBe(0)
    expect(outcome.out.trim()).toBe(output.trim())
  })

  it('names nobody after the first eight reports', async () => {
    const rows = readFileSync('docs/walkthrough/reports.csv', 'utf8').split('\n')
    const [, command] = blocks()
    const [, , ...argv] = words(command.replaceAll('\\\n', ' '))
    const few = here.file('few.csv', `${rows.slice(0, 9).join('\n')}\n`)
    const at = argv.indexOf('--reports')
    const verdict = await here.verdict(
      ...argv.slice(0, at),
      '--reports',
      few,
      ...argv.slice(at + 2),
    )
    expect(verdict.named).toEqual([])
  })
})
