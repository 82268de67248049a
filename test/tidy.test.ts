import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { consoleViolations, deadStyles, physicalStyles } from './tidy/console.ts'
import { parseSource } from './tidy/source.ts'
import {
  deadExports,
  deadFiles,
  importCycles,
  impurities,
  layerViolations,
  undocumented,
} from './tidy/structure.ts'
import { longFiles, longFunctions, testsWithoutAssertion, unexplainedSkips } from './tidy/style.ts'
import {
  brokenLinks,
  documentedCommands,
  machineTraces,
  missingOptions,
  missingScripts,
} from './tidy/texts.ts'

/** Every exception to a rule, by name, with its reason. One that is not needed any more fails. */
const EXCEPTIONS = {
  layers: [
    // A case is told in the terms of the disclosures that it rests on.
    'cases -> disclosure',
    // An audit reads a log's files the way its writer and its followers do.
    'audit -> sequencer',
    // A ticket shows of its customer what is released, and opens by what a search found.
    'tickets -> disclosure',
    // What an exception shows is released like everything else.
    'grants -> disclosure',
    // A purpose and its grade are words of the log, and mean there what they mean in the guard.
    'guard -> tlog',
  ],
  impurities: [
    // Policies are evaluated in WebAssembly: the same question has the same answer, always.
    'guard -> @cedar-policy/cedar-wasm/nodejs',
  ],
  /** Exported only so that a test can reach it. */
  exports: [] as string[],
}

const root = join(import.meta.dirname, '..')
const paths = spawnSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .stdout.split('\0')
  .filter((path) => path && existsSync(join(root, path)))
const read = (path: string) => ({ path, text: readFileSync(join(root, path), 'utf8') })
const texts = paths.filter((path) => !/\.(png|gz|parquet|ico)$/.test(path)).map(read)
const sources = texts
  .filter(({ path }) => /\.m?[jt]sx?$/.test(path))
  .map(({ path, text }) => parseSource(path, text))
const documents = texts.filter(({ path }) => path.endsWith('.md'))
const packageJson = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

/** What a person, a tool or the program starts: the program, scripts that package.json or a page
 * names, threads, tests. */
const commands = [JSON.stringify(packageJson.scripts), ...documents.map(({ text }) => text)]
  .flatMap(
    (text) => text.match(/\b(simulate|bench|scripts|test\/soak)\/[\w/.-]+\.m?[jt]s\b/g) ?? [],
  )
  .concat(
    'src/main.ts',
    'src/verify.ts',
    'vitest.config.ts',
    'console/main.tsx',
    'test/store/server.ts',
  )
  .concat(paths.filter((path) => /^src\/.*\/worker\.ts$/.test(path)))
const tests = paths.filter((path) => path.endsWith('.test.ts'))

/** Fails also where an exception has nothing left to except. */
function expectOnlyExceptions(
  rule: (exceptions: readonly string[]) => string[],
  exceptions: readonly string[],
) {
  expect(rule(exceptions)).toEqual([])
  const unneeded = exceptions.filter(
    (one) => rule(exceptions.filter((other) => other !== one)).length === 0,
  )
  expect(unneeded, 'exceptions that nothing needs').toEqual([])
}

describe('structure', () => {
  it('imports only from lower layers', () => {
    expectOnlyExceptions((exceptions) => layerViolations(sources, exceptions), EXCEPTIONS.layers)
  })

  it('lets the console know of the server nothing but the shapes of its API', () => {
    expect(consoleViolations(sources)).toEqual([])
  })

  it('keeps the pure layer pure', () => {
    expectOnlyExceptions((exceptions) => impurities(sources, exceptions), EXCEPTIONS.impurities)
  })

  it('has no import cycle', () => {
    expect(importCycles(sources)).toEqual([])
  })

  it('has no dead file', () => {
    const product = sources.filter(({ path }) => !path.startsWith('test/'))
    expect(deadFiles(product, commands)).toEqual([])
    expect(deadFiles(sources, [...commands, ...tests])).toEqual([])
  })

  it('has no dead export', () => {
    expectOnlyExceptions(
      (exceptions) => deadExports(sources, [...commands, ...tests], exceptions),
      EXCEPTIONS.exports,
    )
  })
})

describe('style', () => {
  it('has no long file or function', () => {
    expect([...longFiles(sources), ...longFunctions(sources)]).toEqual([])
  })

  it('documents what crosses a folder', () => {
    expect(undocumented(sources)).toEqual([])
  })

  it('has styles of the console that are used and work from right to left', () => {
    const styles = texts.filter(({ path }) => /^console\/.*\.css$/.test(path))
    expect([...deadStyles(styles, sources), ...physicalStyles(styles)]).toEqual([])
  })

  it('has no test without an assertion', () => {
    expect(testsWithoutAssertion(sources)).toEqual([])
  })

  it('skips no test without a reason', () => {
    expect(unexplainedSkips(sources)).toEqual([])
  })
})

describe('texts', () => {
  it('names no registry and no folder of one machine', () => {
    expect(machineTraces(texts)).toEqual([])
  })

  it('has no link that leads nowhere', () => {
    expect(brokenLinks(texts, (path) => existsSync(join(root, path)))).toEqual([])
  })

  it('documents only commands and options that exist', () => {
    const documented = documentedCommands(documents)
    expect(missingScripts(documented, Object.keys(packageJson.scripts))).toEqual([])
    expect(missingOptions(documented, helpOf)).toEqual([])
  })
})

const helps = new Map<string, string | null>()

/** The program's own help for a subcommand ('' for the program's), or null where it knows none. */
function helpOf(subcommand: string): string | null {
  if (!helps.has(subcommand)) {
    const args = [join(root, 'src/main.ts'), ...subcommand.split(' ').filter(Boolean), '--help']
    const help = spawnSync(process.execPath, args, { encoding: 'utf8' })
    const isKnown = help.status === 0 && help.stdout.includes(`telltale ${subcommand}`.trim())
    helps.set(subcommand, isKnown ? help.stdout : null)
  }
  return helps.get(subcommand) ?? null
}
