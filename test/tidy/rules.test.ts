// Every rule of tidy.test.ts is seen to fail here, on the smallest input that breaks it.
import { describe, expect, it } from 'vitest'
import { consoleViolations, deadStyles, physicalStyles } from './console.ts'
import { parseSource, type Source } from './source.ts'
import {
  deadExports,
  deadFiles,
  importCycles,
  impurities,
  layerViolations,
  undocumented,
} from './structure.ts'
import { longFiles, longFunctions, testsWithoutAssertion, unexplainedSkips } from './style.ts'
import {
  brokenLinks,
  documentedCommands,
  machineTraces,
  missingOptions,
  missingScripts,
} from './texts.ts'

const parse = (files: Record<string, string>): Source[] =>
  Object.entries(files).map(([path, text]) => parseSource(path, text))

describe('layers', () => {
  it.each([
    ['src/base/a.ts', '../cases/b.ts'],
    ['src/attribution/a.ts', '../tlog/b.ts'],
    ['src/index/a.ts', '../importers/b.ts'],
    ['src/cli/a.ts', '../app.ts'],
    ['src/cases/a.ts', '../../bench/b.ts'],
  ])('%s may not import %s', (path, module) => {
    for (const text of [`import { b } from '${module}'`, `export type { B } from '${module}'`])
      expect(layerViolations(parse({ [path]: text }), [])).toHaveLength(1)
  })

  it('lets a file import lower layers, its own folder and what is excepted', () => {
    const text = `import '../base/errors.ts'\nimport './b.ts'\nimport '../disclosure/c.ts'`
    const sources = parse({ 'src/cases/a.ts': text, 'simulate/a.ts': `import '../src/app.ts'` })
    expect(layerViolations(sources, [])).toEqual([
      'src/cases/a.ts: may not import src/disclosure/c.ts',
    ])
    expect(layerViolations(sources, ['cases -> disclosure'])).toEqual([])
  })

  it('refuses a folder that belongs to no layer', () => {
    const sources = parse({ 'src/helpers/a.ts': '' })
    expect(layerViolations(sources, [])).toEqual([expect.stringContaining('belongs to no layer')])
  })
})

describe('purity', () => {
  it.each([
    `import { readFileSync } from 'node:fs'`,
    `import { createHash } from 'node:crypto'`,
    `import pg from 'pg'`,
    'export const t = Date.now()',
    'export const t = new Date()',
    'export const r = Math.random()',
    'export const e = process.env.HOME',
    'export const e = { process }',
    'export const p = performance.now()',
    `export const f = fetch('/')`,
    'setTimeout(() => {}, 1)',
    `console.log('x')`,
  ])('layer 1 may not hold: %s', (text) => {
    expect(impurities(parse({ 'src/attribution/a.ts': text }), [])).toHaveLength(1)
    expect(impurities(parse({ 'src/cases/a.ts': text }), [])).toEqual([])
  })

  it('lets tlog hash, and lets names stand that only look like it', () => {
    const hashing = `import { hash } from 'node:crypto'`
    const names = 'const a = { fetch: 1 }\nconst b = a.fetch + task.process\nnew Date(b)'
    const sources = parse({ 'src/tlog/a.ts': hashing, 'src/guard/a.ts': names })
    expect(impurities(sources, [])).toEqual([])
  })
})

describe('reach', () => {
  it('finds a cycle, also of types, once', () => {
    const sources = parse({
      'src/a.ts': `import './b.ts'`,
      'src/b.ts': `import type { C } from './c.ts'`,
      'src/c.ts': `export { a } from './a.ts'`,
    })
    expect(importCycles(sources)).toEqual(['src/a.ts -> src/b.ts -> src/c.ts -> src/a.ts'])
  })

  it('finds a file that no entry reaches, and follows workers and late imports', () => {
    const sources = parse({
      'src/main.ts': `await import('./late.ts')\nnew Worker(new URL('./worker.ts', import.meta.url))`,
      'src/late.ts': '',
      'src/worker.ts': '',
      'src/dead.ts': `import './late.ts'`,
    })
    expect(deadFiles(sources, ['src/main.ts'])).toEqual(['src/dead.ts: nothing uses it'])
  })

  it('finds exports that nobody imports, or only a test', () => {
    const sources = parse({
      'src/a.ts': [
        'export const used = 1',
        'export const testedOnly = 2',
        'export const shownToTests = 3',
        'export const nobody = shownToTests',
        'export interface Part { n: number }',
        'export interface Whole { part: Part }',
      ].join('\n'),
      'src/b.ts': `import { used } from './a.ts'`,
      'test/a.test.ts': `import { testedOnly, shownToTests } from '../src/a.ts'`,
    })
    const dead = ['src/a.ts#testedOnly', 'src/a.ts#nobody', 'src/a.ts#Whole']
    expect(deadExports(sources, [], [])).toEqual(dead.map((name) => `${name}: dead export`))
    expect(deadExports(sources, [], dead)).toEqual([])
    expect(deadExports(sources, ['src/a.ts'], [])).toEqual([])
  })

  it('finds a test helper that no test imports', () => {
    const sources = parse({ 'test/help.ts': 'export const help = 1', 'test/a.test.ts': '' })
    expect(deadExports(sources, ['test/a.test.ts'], [])).toHaveLength(1)
    expect(deadFiles(sources, ['test/a.test.ts'])).toHaveLength(1)
  })

  it('asks a docstring of what crosses a folder', () => {
    const sources = parse({
      'src/base/a.ts':
        '/** Documented. */\nexport const a = 1\n// A remark.\nexport const b = 2\n/** Other. */\nconst x = 1\nexport const c = x',
      'src/cases/b.ts': `import { a, b, c } from '../base/a.ts'`,
    })
    const missing = ['src/base/a.ts#b: no docstring', 'src/base/a.ts#c: no docstring']
    expect(undocumented(sources)).toEqual(missing)
  })
})

describe('console', () => {
  const shapes = '../src/http/desk/shapes/tickets.ts'

  it.each([
    ['console/a.ts', `import { ticketRow } from '${shapes}'`],
    ['console/a.ts', `import { type TicketRow, ticketRow } from '${shapes}'`],
    ['console/a.ts', `import type { Caller } from '../src/guard/facts.ts'`],
    ['console/a.ts', `import { join } from 'node:path'`],
    ['console/a.tsx', `await import('../src/base/errors.ts')`],
    ['src/http/a.ts', `import { act } from '../../console/api/client.ts'`],
    ['scripts/a.ts', `import '../console/main.tsx'`],
  ])('%s may not hold: %s', (path, text) => {
    expect(consoleViolations(parse({ [path]: text }))).toHaveLength(1)
  })

  it('lets the console import packages, its own files and types of shapes', () => {
    const text = `import type { TicketRow } from '${shapes}'\nimport './b.ts'\nimport 'react'`
    expect(consoleViolations(parse({ 'console/a.ts': text, 'test/a.ts': '' }))).toEqual([])
  })

  it('follows a page that comes late', () => {
    const sources = parse({
      'console/main.tsx': `const Page = lazy(() => import('./page.tsx'))`,
      'console/page.tsx': 'export const Page = () => <p />',
      'console/dead.tsx': '',
    })
    expect(deadFiles(sources, ['console/main.tsx'])).toEqual(['console/dead.tsx: nothing uses it'])
  })

  it('finds classes that no component has, and sides that do not turn around', () => {
    const sources = parse({ 'console/a.tsx': 'export const A = () => <p className="used also" />' })
    const style = (text: string) => [{ path: 'console/a.css', text }]
    expect(deadStyles(style('.used .also, .mantine-x {}\n/* .remark */'), sources)).toEqual([])
    expect(deadStyles(style('.use {}'), sources)).toHaveLength(1)
    for (const line of ['margin-left: 0', 'width: 1px', 'text-align: right', 'left: 0'])
      expect(physicalStyles(style(`a {\n  ${line};\n}`))).toHaveLength(1)
    for (const line of [
      'margin-inline: 0',
      'inline-size: 1px',
      'text-align: start',
      'line-height: 1',
    ])
      expect(physicalStyles(style(`a {\n  ${line};\n}`))).toEqual([])
  })
})

describe('style', () => {
  it('finds long files and functions', () => {
    const line = 'x()\n'
    expect(longFiles(parse({ 'a.ts': line.repeat(300) }))).toEqual([])
    expect(longFiles(parse({ 'a.ts': line.repeat(301) }))).toHaveLength(1)
    expect(longFunctions(parse({ 'a.ts': `function f() {\n${line.repeat(68)}}` }))).toEqual([])
    expect(longFunctions(parse({ 'a.ts': `function f() {\n${line.repeat(69)}}` }))).toHaveLength(1)
    expect(longFunctions(parse({ 'a.ts': `const f = () => {\n${line.repeat(69)}}` }))).toHaveLength(
      1,
    )
  })

  it.each([
    `it('x', () => { run() })`,
    `it.each([1])('x', () => {})`,
    `test('x', body)`,
    `const check = () => run()\nit('x', () => check())`,
    `it.skipIf(no)('x (needs y)', () => {})`,
  ])('finds a test that asserts nothing: %s', (text) => {
    expect(testsWithoutAssertion(parse({ 'test/a.test.ts': text }))).toHaveLength(1)
  })

  it.each([
    `it('x', () => { expect(1).toBe(1) })`,
    `it('x', () => fc.assert(property))`,
    `const check = () => expect(1).toBe(1)\nconst twice = () => check()\nit('x', twice)`,
  ])('lets a test stand that asserts, itself or by a helper: %s', (text) => {
    expect(testsWithoutAssertion(parse({ 'test/a.test.ts': text }))).toEqual([])
  })

  it.each([
    `it.only('x', () => {})`,
    `describe.only('x (because y)', () => {})`,
    `it.skip('x', () => {})`,
    `it.skipIf(no)('x', () => {})`,
    `it.todo('x')`,
    `it('x', (context) => context.skip())`,
    `it('x', (context) => context.skip(no))`,
  ])('finds a skipped test without a reason: %s', (text) => {
    expect(unexplainedSkips(parse({ 'test/a.test.ts': text }))).toHaveLength(1)
  })

  it.each([
    `it.skipIf(no)('x (needs ../shared/data)', () => {})`,
    `it('x', (context) => context.skip(no, 'no browser on this machine'))`,
  ])('lets a skip stand that says why: %s', (text) => {
    expect(unexplainedSkips(parse({ 'test/a.test.ts': text }))).toEqual([])
  })
})

describe('texts', () => {
  it.each([
    ['https://registry', 'npmjs.org/x'].join('.'),
    `cd ${['', 'root', 'x'].join('/')}`,
    `'${['', 'work', 'main'].join('/')}'`,
    ['', 'tmp', 'bash_jobs'].join('/'),
    `"${['', 'Users', 'ada', 'x'].join('/')}"`,
    `${'"resolved"'}: "https://example.org/x.tgz"`,
  ])('finds a trace of one machine: %s', (text) => {
    expect(machineTraces([{ path: 'a.md', text }])).toHaveLength(1)
  })

  it('lets ordinary addresses and paths stand', () => {
    const text = 'https://example.org/work/x, docs/root/x, "npm", /tmp/x'
    expect(machineTraces([{ path: 'a.md', text }])).toEqual([])
  })

  it('finds links that lead nowhere, by file or heading', () => {
    const files = [
      {
        path: 'docs/a.md',
        text: '[b](b.md) [c](../c.md#two-words) [d](#here) ![e](e.png) `[f](f)`',
      },
      { path: 'c.md', text: '# Two words\n' },
    ]
    const exists = (path: string) => ['docs/a.md', 'docs/b.md', 'c.md'].includes(path)
    expect(brokenLinks(files, exists)).toEqual([
      'docs/a.md: the link #here leads nowhere',
      'docs/a.md: the link e.png leads nowhere',
    ])
  })

  it('finds documented commands and options that do not exist', () => {
    const text = [
      '```sh',
      'npm test',
      'npm run demo && npm run gone',
      './telltale investigate --reports FILE \\',
      '  [--wrong X]',
      './telltale nothing',
      './telltale log append DIR --json < input',
      './telltale log append DIR --gone',
      './telltale --version',
      '```',
      'or `npm run lost`',
    ].join('\n')
    const documented = documentedCommands([{ path: 'a.md', text }])
    expect(documented).toHaveLength(9)
    expect(missingScripts(documented, ['test', 'demo'])).toEqual([
      'a.md:3: there is no script gone',
      'a.md:11: there is no script lost',
    ])
    const helps: Record<string, string> = {
      '': '  -V, --version',
      investigate: '  --reports <file>',
      log: 'Commands:',
      'log append': '  --json',
    }
    expect(missingOptions(documented, (name) => helps[name] ?? null)).toEqual([
      'a.md:4: investigate has no --wrong',
      'a.md:6: there is no command nothing',
      'a.md:8: log append has no --gone',
    ])
  })
})
