/** The one file for auditors: alone in an empty folder, it finds what the command finds. */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bundleVerify } from '../../scripts/bundle-verify.ts'
import { desk } from './cli.ts'
import { type DeskLog, lines, makeLog } from './logs.ts'

const here = desk()
afterAll(() => here.clear())

/** The machine's own Node, which may be older than the project's. */
const own = (process.env.PATH ?? '')
  .split(delimiter)
  .filter((entry) => !/node_modules[\\/]\.bin|node-gyp-bin/.test(entry))
  .map((entry) => join(entry, 'node'))
  .find((node) => spawnSync(node, ['--version']).status === 0)
const nodes = [process.execPath, ...(own === undefined ? [] : [own])].map((node) => ({
  node,
  version: spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim(),
}))

let log: DeskLog
let yesterday: string
let bundle: string
const empty = join(here.folder, 'empty')

beforeAll(async () => {
  bundle = await bundleVerify()
  mkdirSync(empty)
  writeFileSync(join(empty, 'verify.js'), bundle)
  log = await makeLog(here)
  await log.append(lines(0, 100))
  yesterday = log.copy('yesterday')
  await log.append(lines(100, 600))
  await here.run('log', 'prove', log.dir, '5', '--out', at('5.tlog-proof'), '--entry-out', at('5'))
  await here.run('log', 'open', log.dir, '5', '--for-third-party', at('5.json'))
})

const at = (name: string) => join(here.folder, name)

function run(node: string, ...argv: string[]) {
  const env = { TZ: 'UTC' }
  const done = spawnSync(node, ['verify.js', ...argv], { cwd: empty, env, encoding: 'utf8' })
  return { code: done.status, out: done.stdout, err: done.stderr }
}

/** Ways to ask, each with the exit code that is right. */
const asked = (): [number, string[]][] => {
  const bent = log.copy('bent')
  const bytes = readFileSync(join(bent, 'tile/entries/001'))
  bytes[50] ^= 1
  writeFileSync(join(bent, 'tile/entries/001'), bytes)
  const cut = log.copy('cut')
  rmSync(join(cut, 'tile/0/001'))
  const key = ['--key', log.vkey]
  const known = ['--known', join(log.dir, 'checkpoint')]
  const policy = here.file('policy', `log ${log.vkey}\nquorum none\n`)
  return [
    [0, [log.dir, ...key]],
    [0, [log.dir, '--policy', policy, ...known]],
    [2, [yesterday]],
    [1, [bent, ...key]],
    [1, [cut, ...key]],
    [0, [yesterday, ...key]],
    [1, [yesterday, ...key, ...known]],
    [0, [at('5.tlog-proof'), '--entry', at('5'), ...key]],
    [1, [at('5.tlog-proof'), '--entry', at('5.json'), ...key]],
    [0, [at('5.json'), ...key]],
    [2, [at('5.json')]],
    [2, [here.folder, ...key]],
    [2, [at('nothing'), ...key]],
    [2, [log.dir, '--key', 'nonsense']],
  ]
}

describe('verify.js', () => {
  it('imports nothing but Node, tells how to use it, and can be read', () => {
    const imports = [...bundle.matchAll(/^import .* from '([^']+)'/gm)].map((match) => match[1])
    expect(imports.filter((name) => !name.startsWith('node:'))).toEqual([])
    expect(bundle).not.toMatch(/\b(require|import)\(/)
    expect(bundle).not.toMatch(/node:(http|https|net|child_process|dgram|tls)/)
    expect(bundle.slice(0, 1500)).toMatch(/node verify\.js FOLDER --key VKEY[\s\S]*Apache License/)
    const rows = bundle.split('\n')
    expect(rows.filter((row) => row.startsWith('// src/')).length).toBeGreaterThan(20)
    expect(Math.max(...rows.map((row) => row.length))).toBeLessThan(400)
    expect(rows.length).toBeLessThan(4000)
  })

  it.each(nodes)('finds what the command finds, on $version', async ({ node }) => {
    for (const [code, argv] of asked()) {
      const command = await here.run('verify', ...argv)
      expect(command.code, argv.join(' ')).toBe(code)
      const alone = run(node, ...argv)
      // Its width is that of a terminal, as is the command's.
      expect(alone, argv.join(' ')).toEqual(command)
      const json = await here.run('verify', ...argv, '--json')
      expect(run(node, ...argv, '--json'), argv.join(' ')).toEqual(json)
    }
  })

  it('remembers like the command', () => {
    const [{ node }] = nodes
    const memory = at('memory')
    const growing = at('growing')
    cpSync(yesterday, growing, { recursive: true })
    const ask = () => run(node, growing, '--key', log.vkey, '--remember', memory)
    expect(ask().code).toBe(0)
    expect(readFileSync(memory, 'utf8')).toBe(readFileSync(join(yesterday, 'checkpoint'), 'utf8'))
    rmSync(growing, { recursive: true })
    cpSync(log.dir, growing, { recursive: true })
    expect(ask().out).toContain('only added to')
    rmSync(growing, { recursive: true })
    cpSync(yesterday, growing, { recursive: true })
    expect(ask().code).toBe(1)
  })

  it('says how to use it, and that it fetches nothing', () => {
    const [{ node }] = nodes
    expect(run(node, '--help')).toMatchObject({ code: 0, out: expect.stringMatching(/--remember/) })
    expect(run(node)).toMatchObject({ code: 2, err: expect.stringMatching(/^USAGE/) })
    expect(run(node, '--wrong', 'x').err).toMatch(/^USAGE/)
    const served = run(node, 'https://log.example', '--key', log.vkey)
    expect(served).toMatchObject({ code: 2, err: expect.stringMatching(/fetches nothing/) })
  })
})
