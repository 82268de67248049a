// What npm publishes, installed elsewhere and run by the machine's own Node.
import { spawnSync } from 'node:child_process'
import {
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')
const folder = mkdtempSync(join(tmpdir(), 'telltale pack '))
const clone = join(folder, 'clone')
const elsewhere = join(folder, 'elsewhere')
const installed = join(elsewhere, 'node_modules')

/** The path as it was before npm and scripts/run.mjs put this clone's tools and Node first. */
const PATH = (process.env.PATH ?? '')
  .split(delimiter)
  .filter((entry) => !/node_modules[\\/]\.bin|node-gyp-bin/.test(entry))
  .join(delimiter)
const env: NodeJS.ProcessEnv = { PATH, HOME: process.env.HOME, TZ: 'UTC' }
if (process.env.npm_config_cache) env.npm_config_cache = process.env.npm_config_cache

function run(cwd: string, command: string, ...args: string[]) {
  return spawnSync(command, args, { cwd, env, encoding: 'utf8' })
}

/** A copy of the clone, so that two runs of the tests at once do not build into one dist/. */
function copyClone() {
  const names = readdirSync(root).filter((name) => !/^(\..*|node_modules|dist|bench)$/.test(name))
  for (const name of names) cpSync(join(root, name), join(clone, name), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(clone, 'node_modules'))
}

function filesIn(packed: string): string[] {
  return globSync('**/*', { cwd: packed, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(packed.length + 1))
}

beforeAll(() => {
  copyClone()
  mkdirSync(elsewhere)
  writeFileSync(join(elsewhere, 'package.json'), '{"private":true}\n')
  const packing = run(clone, 'npm', 'pack', '--pack-destination', elsewhere)
  expect(packing.status, packing.stderr).toBe(0)
  const tarball = readdirSync(elsewhere).find((name) => name.endsWith('.tgz'))
  const options = ['--prefer-offline', '--no-audit', '--no-fund']
  const installing = run(elsewhere, 'npm', 'install', ...options, `./${tarball}`)
  expect(installing.status, installing.stderr).toBe(0)
}, 180_000)

afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('the published package', () => {
  it('holds what a user needs and nothing of how it is made', () => {
    const files = filesIn(join(installed, 'telltale'))
    for (const file of ['README.md', 'LICENSE', 'NOTICE', 'package.json', 'dist/main.js'])
      expect(files).toContain(file)
    const allowed =
      /^(dist\/.*\.js|dist\/console\/.*|docs\/.*\.(md|png|csv)|policies\/.*\.cedar(schema)?|schemas\/.*\.json|[A-Z]+(\.md)?|package\.json)$/
    expect(files.filter((file) => !allowed.test(file))).toEqual([])
    const isBuilt = (file: string) =>
      files.includes(file.replace(/^src/, 'dist').replace(/ts$/, 'js'))
    expect(globSync('src/**/*.ts', { cwd: clone }).filter((file) => !isBuilt(file))).toEqual([])
  })

  it('brings its dependencies and neither a Node nor a tool', () => {
    const packages = readdirSync(installed).filter((name) => !name.startsWith('.'))
    const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    const wanted = ['telltale', ...Object.keys(dependencies).map((name) => name.split('/')[0])]
    expect(packages).toEqual(expect.arrayContaining(wanted))
    expect(
      packages.filter((name) => /^(node-|vitest|typescript|vite|@biomejs)/.test(name)),
    ).toEqual([])
  })

  it('runs as a command, from any folder', () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    const told = run(tmpdir(), join(installed, '.bin', 'telltale'), '--version')
    expect(told.stderr).toBe('')
    expect(told).toMatchObject({ status: 0, stdout: `${version}\n` })
  })

  it("investigates, on the machine's own Node", () => {
    const rows = Array.from({ length: 600 }, (_, i) => {
      const time = new Date(Date.UTC(2025, 0, 1, 0, i * 17)).toISOString()
      return `agent-${i % 30},C${(i * 7) % 600},${time},T${i}`
    })
    const called = rows.filter((row) => row.startsWith('agent-3,')).slice(0, 15)
    const reports = called.map((row) => `${row.split(',')[1]},2025-02-01T10:00:00Z`)
    writeFileSync(join(elsewhere, 'log.csv'), `agent,customer,time,ticket\n${rows.join('\n')}\n`)
    writeFileSync(join(elsewhere, 'reports.csv'), `customer,contacted_at\n${reports.join('\n')}\n`)
    const files = ['--accesses', 'log.csv', '--reports', 'reports.csv', '--json', '-']
    const found = run(elsewhere, join(installed, '.bin', 'telltale'), 'investigate', ...files)
    expect(found.status, found.stderr).toBe(0)
    expect(JSON.parse(found.stdout)).toMatchObject({
      verdict: 'named',
      named: [{ agent: 'agent-3' }],
    })
  })

  it("keeps a log, and verifies it by the one file, on the machine's own Node", () => {
    const telltale = join(installed, '.bin', 'telltale')
    const made = run(elsewhere, telltale, 'log', 'init', 'desk.log', '--origin', 'pack.example')
    expect(made.status, made.stderr).toBe(0)
    const input = '{"agent":"a","customer":"C1","at":1767322000}\n'.repeat(1000)
    const appended = spawnSync(telltale, ['log', 'append', 'desk.log'], {
      cwd: elsewhere,
      env,
      input,
      encoding: 'utf8',
    })
    expect(appended.status, appended.stderr).toBe(0)
    expect(appended.stdout).toContain('published checkpoint has 1,000.')
    const key = readFileSync(join(elsewhere, 'desk.log/vkey'), 'utf8').trim()
    const file = join(installed, 'telltale/dist/verify.js')
    const verified = run(elsewhere, 'node', file, 'desk.log', '--key', key)
    expect(verified).toMatchObject({ status: 0, stdout: expect.stringMatching(/^VALID/) })
  })
})
