import { describe, expect, it } from 'vitest'
import { EXIT } from '../../src/base/errors.ts'
import { run } from '../../src/cli/program.ts'
import type { Tools } from '../../src/cli/tools.ts'

const never = () => {
  throw new Error('a wrong command line must stop before anything is opened')
}
const tools: Tools = {
  version: '1.2.3',
  nowMs: () => 0,
  openAccessLog: never,
  readDisclosures: never,
  openLog: never,
  createIndex: never,
  readReports: never,
  readStaff: never,
  budgets: { peaks: never, openStore: never, wallMs: () => 0, account: () => 'tester' },
  desk: { serve: never, manage: never, untilAskedToEnd: never },
  map: { check: never, begin: never },
  witness: { init: never, add: never, serve: never, untilAskedToEnd: never },
  store: { backup: never, restore: never },
  people: { sync: never },
  log: {
    wallMs: () => 0,
    init: never,
    open: never,
    keys: never,
    tryLock: never,
    files: never,
    writers: never,
    serve: never,
    untilAskedToEnd: never,
    verify: {
      readFile: never,
      replaceFile: never,
      isFolder: never,
      folder: never,
      own: never,
      network: null,
    },
  },
}

async function say(...argv: string[]) {
  let out = ''
  let err = ''
  const terminal = {
    out: (text: string) => {
      out += text
    },
    err: (text: string) => {
      err += text
    },
    columns: 80,
    colour: false,
    live: false,
    input: async function* () {},
    drained: async () => {},
  }
  return { code: await run(tools, terminal, argv), out, err }
}

describe('the command line', () => {
  it.each([
    [[], /USAGE: No command was given\.\n/],
    [['xyzzy'], /^USAGE: Unknown command 'xyzzy'\.\n/],
    [
      ['investigate', '--accesses', 'a'],
      /^USAGE: Required option '--reports <file>' not specified\.\n/,
    ],
    [
      ['power', '--accesses', 'a', '--alpah', '1'],
      /^USAGE: Unknown option '--alpah' \(Did you mean --alpha\?\)\n/,
    ],
    [['power', '--accesses', 'a', '--others', '3'], /^USAGE: .* Either 1 or 2 is possible\.\n/],
    [['power', '--accesses', 'a', '--alpha', '0'], /^USAGE: .* A chance above 0 .*\.\n/],
    [['investigate', '--model', 'x'], /^USAGE: .* Allowed choices are e-value, guilt-2011\.\n/],
  ])('refuses %j with a sentence, advice and exit code 2', async (argv, sentence) => {
    const { code, out, err } = await say(...argv)
    expect(code).toBe(EXIT.badInput)
    expect(err).toMatch(sentence)
    expect(err).toMatch(/Run the command with --help to see what it takes\.\n$/)
    expect(out).toBe('')
  })

  it.each([['--help'], ['investigate', '--help'], ['help', 'power']])(
    'helps: %s %s',
    async (...argv) => {
      const { code, out, err } = await say(...argv)
      expect({ code, err }).toEqual({ code: EXIT.done, err: '' })
      expect(out).toMatch(/^Usage: telltale/)
    },
  )

  it('tells its version', async () => {
    expect(await say('--version')).toEqual({ code: EXIT.done, out: '1.2.3\n', err: '' })
  })

  it('tells a failure of its own without a stack trace', async () => {
    const { code, err } = await say('power', '--accesses', 'a')
    expect(code).toBe(EXIT.failed)
    expect(err).toMatch(/^INTERNAL: .* stop before anything is opened\.\n.*report this.*\n$/)
  })
})
