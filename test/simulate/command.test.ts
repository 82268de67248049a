import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'simulate-command-'))
afterAll(() => rmSync(folder, { recursive: true }))

function command(script: string, ...args: string[]) {
  const root = join(import.meta.dirname, '..', '..')
  const run = spawnSync(process.execPath, [join(root, 'simulate', script), ...args], {
    encoding: 'utf8',
  })
  return { exit: run.status, out: run.stdout, err: run.stderr }
}

test('writes the files, says where they are, and scores a verdict on them', () => {
  const out = join(folder, 'world')
  const truth = join(folder, 'apart')
  const made = command('main.ts', '--scale', 'small', '--seed', '7', '--out', out, '--truth', truth)
  expect(made.exit).toBe(0)
  expect(made.out).toContain(join(out, 'accesses.csv'))
  expect(made.out).toContain(truth)
  expect(made.err).toContain('day 90 of 90')
  const { leakers } = JSON.parse(readFileSync(join(truth, 'truth.json'), 'utf8'))
  const score = (agent: string) => {
    const verdict = join(folder, 'verdict.json')
    const named = [{ agent }]
    writeFileSync(verdict, JSON.stringify({ verdict: 'named', named, leading: [], affected: [] }))
    return command('scoring.ts', '--verdict', verdict, '--truth', truth)
  }
  expect(score(leakers[0])).toMatchObject({
    exit: 0,
    out: expect.stringContaining('Naming: right'),
  })
  const innocent = leakers[0] === 'agent-0001' ? 'agent-0002' : 'agent-0001'
  expect(score(innocent)).toMatchObject({ exit: 1, out: expect.stringContaining('Naming: wrong') })
})

test.each([
  [['--seed', 'x'], 'not a whole number'],
  [['--noise', '1.5'], 'not a share'],
  [['--missing', ''], 'not a share'],
  [['--region', 'br'], 'only us, gb, jp'],
  [['--taken', '4000'], 'at most'],
  [['--scale', 'huge'], 'small, medium, full'],
  [['--leak', 'everybody'], 'agent, two, outside, none'],
])('%j is a clear error', (args, says) => {
  const run = command('main.ts', '--out', join(folder, 'never'), ...args)
  expect(run.exit).toBe(2)
  expect(run.err).toContain(says)
  expect(run.err).not.toMatch(/^\s+at /m)
})

test('a folder that cannot be made and a verdict that is not there are clear errors', () => {
  const file = join(folder, 'file')
  writeFileSync(file, '')
  const made = command('main.ts', '--out', join(file, 'below'))
  expect(made.exit).toBe(3)
  expect(made.err).toContain('Cannot write')
  const scored = command('scoring.ts', '--verdict', join(folder, 'none'), '--truth', folder)
  expect(scored.exit).toBe(2)
  expect(scored.err).toContain('Cannot read')
})
