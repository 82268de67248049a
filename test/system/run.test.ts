// How a clone starts: scripts/run.mjs, which every npm script and ./telltale go through.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')
const folder = mkdtempSync(join(tmpdir(), 'telltale run '))
const clone = join(folder, 'clone')
const start = join(clone, 'scripts', 'run.mjs')

beforeAll(() => {
  mkdirSync(clone)
  for (const name of ['scripts', 'telltale', 'package.json', 'package-lock.json'])
    cpSync(join(root, name), join(clone, name), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(clone, 'node_modules'))
  mkdirSync(join(clone, 'src'))
  const echo = `const said: string = JSON.stringify(process.argv.slice(2))
    console.log(said, process.cwd(), process.version)`
  writeFileSync(join(clone, 'src/main.ts'), echo)
  writeFileSync(join(clone, 'exit.ts'), 'process.exit(Number(process.argv[2]))')
  const patient = `process.on('SIGTERM', () => { console.log('tidied up'); process.exit(7) })
    setInterval(() => {}, 1000)\nconsole.log('ready')`
  writeFileSync(join(clone, 'patient.ts'), patient)
  writeFileSync(join(clone, 'plain.ts'), `setInterval(() => {}, 1000)\nconsole.log('ready')`)
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Starts a script of the clone, waits until it says that it is ready, and sends a signal. */
async function signalled(script: string, signal: NodeJS.Signals) {
  const child = spawn(process.execPath, [start, script], { stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  child.stdout.on('data', (chunk) => {
    said += chunk
  })
  await once(child.stdout, 'data')
  child.kill(signal)
  const [code, endedBy] = await once(child, 'exit')
  return { code, endedBy, said }
}

describe('starting in a clone', () => {
  it('runs TypeScript in the folder where it was called, arguments untouched', () => {
    const args = ['a b', '', '*', '"']
    const told = spawnSync(join(clone, 'telltale'), args, { cwd: tmpdir(), encoding: 'utf8' })
    expect(told.stderr).toBe('')
    const [said, cwd, version] = told.stdout.trim().split(/ (?=\/|v)/)
    expect({ said: JSON.parse(said), cwd }).toEqual({ said: args, cwd: tmpdir() })
    expect(Number(version.slice(1).split('.')[0])).toBeGreaterThanOrEqual(24)
  })

  it('runs through a link to it', () => {
    const link = join(folder, 'link')
    symlinkSync(join(clone, 'telltale'), link)
    expect(spawnSync(link, ['x'], { encoding: 'utf8' }).stdout).toMatch(/^\["x"\]/)
  })

  it.each([0, 1, 3])('ends with the exit code %i of the script', (code) => {
    const told = spawnSync(process.execPath, [start, 'exit.ts', String(code)])
    expect(told.status).toBe(code)
  })

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    'ends by the %s that ended the script',
    async (signal) => {
      expect(await signalled('plain.ts', signal)).toMatchObject({ code: null, endedBy: signal })
    },
  )

  it('lets a script that is told to stop tidy up first', async () => {
    const ended = await signalled('patient.ts', 'SIGTERM')
    expect(ended).toEqual({ code: 7, endedBy: null, said: 'ready\ntidied up\n' })
  })
})

describe('installing what is missing', () => {
  /** A clone that lacks one small package, with an npm that only notes how it was called. */
  function incomplete(npm: string) {
    const here = mkdtempSync(join(folder, 'incomplete '))
    cpSync(join(root, 'scripts'), join(here, 'scripts'), { recursive: true })
    writeFileSync(join(here, 'exit.ts'), 'process.exit(0)')
    const lock = { packages: { '': {}, 'node_modules/x': { integrity: 'sha512-x' } } }
    writeFileSync(join(here, 'package-lock.json'), JSON.stringify(lock))
    const tools = join(here, 'tools')
    mkdirSync(tools)
    writeFileSync(join(tools, 'npm'), `#!/bin/sh\n${npm}\n`, { mode: 0o755 })
    const env = { ...process.env, PATH: `${tools}:${process.env.PATH}`, NODE_ENV: 'production' }
    const begin = () => spawn(process.execPath, [join(here, 'scripts/run.mjs'), 'exit.ts'], { env })
    return { here, begin }
  }

  const INSTALL = `echo "$@" >> calls; sleep 0.5
    mkdir -p node_modules && cp package-lock.json node_modules/.package-lock.json`

  it('installs once, also for two that start together, development packages included', async () => {
    const { here, begin } = incomplete(INSTALL)
    const both = [begin(), begin()]
    const codes = await Promise.all(both.map(async (child) => (await once(child, 'exit'))[0]))
    expect(codes).toEqual([0, 0])
    const calls = readFileSync(join(here, 'calls'), 'utf8').trim().split('\n')
    expect(calls).toEqual([expect.stringMatching(/^ci .*--include=dev .*--ignore-scripts/)])
    expect(readdirSync(join(here, '.telltale'))).toEqual([])
    expect((await once(begin(), 'exit'))[0]).toBe(0)
    expect(readFileSync(join(here, 'calls'), 'utf8').trim().split('\n')).toHaveLength(1)
  })

  it('ends as npm ended where it fails, and leaves no claim behind', async () => {
    const { here, begin } = incomplete('exit 5')
    expect((await once(begin(), 'exit'))[0]).toBe(5)
    expect(existsSync(join(here, '.telltale/installing'))).toBe(false)
  })

  it('takes over from an installer that was killed', async () => {
    const { here, begin } = incomplete(INSTALL)
    mkdirSync(join(here, '.telltale'))
    writeFileSync(join(here, '.telltale/installing'), '1')
    const long = new Date(Date.now() - 60_000)
    utimesSync(join(here, '.telltale/installing'), long, long)
    expect((await once(begin(), 'exit'))[0]).toBe(0)
    expect(existsSync(join(here, '.telltale/installing'))).toBe(false)
  })
})
