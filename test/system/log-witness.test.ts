/** A log whose policy asks for a witness, and readers who ask it. */
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createWitnessTools } from '../../src/witness-tools.ts'
import { desk } from './cli.ts'
import { type DeskLog, lines, makeLog } from './logs.ts'

const here = desk()
const witnesses = createWitnessTools()
const dir = join(here.folder, 'witness')
let running: Awaited<ReturnType<typeof witnesses.serve>>
let policy: string
let log: DeskLog
let yesterday: string

const serve = (port: number) =>
  witnesses.serve(dir, { host: '127.0.0.1', port }, (error) => {
    throw error
  })

beforeAll(async () => {
  const [vkey] = await witnesses.init(dir, 'witness.example/north', false)
  running = await serve(0)
  policy = here.file('policy', `witness north ${vkey} ${running.url}\nquorum north\n`)
  log = await makeLog(here, 'log', '--policy', policy)
  await running.close()
  await witnesses.add(dir, log.vkey)
  running = await serve(Number(new URL(running.url).port))
  await log.append(lines(0, 20))
  yesterday = log.copy('yesterday')
  await log.append(lines(20, 30))
})

afterAll(async () => {
  await running.close()
  here.clear()
})

async function verify(target: string, ...more: string[]) {
  const asked = ['--key', log.vkey, '--policy', policy, ...more, '--json']
  const found = await here.run('log', 'verify', target, ...asked)
  return { code: found.code, report: JSON.parse(found.out) }
}

describe('a witnessed log', () => {
  it('is cosigned before it is published', async () => {
    const { code, report } = await verify(log.dir)
    expect(code).toBe(0)
    expect(report.checkpoint).toMatchObject({ quorum: 'reached', cosigned: [{ witness: 'north' }] })
  })

  it('is what its witness saw last', async () => {
    const { code, report } = await verify(log.dir, '--ask-witnesses')
    expect(code).toBe(0)
    expect(report.compared).toEqual([{ what: 'the witness north', size: 30 }])
  })

  it('is found to be rolled back by whoever asks the witness', async () => {
    expect((await verify(yesterday)).code).toBe(0)
    const { code, report } = await verify(yesterday, '--ask-witnesses')
    expect(code).toBe(1)
    expect(report.findings[0].problem).toContain('the witness north has 30 entries, here are 20')
  })

  it('is found to be forked by whoever asks the witness', async () => {
    // The same keys wrote another history behind the witness's back.
    const fork = join(here.folder, 'fork')
    cpSync(yesterday, fork, { recursive: true })
    cpSync(log.keys, `${fork}.keys`, { recursive: true })
    for (const one of [fork, `${fork}.keys`]) rmSync(join(one, 'policy'))
    const { chmodSync } = await import('node:fs')
    chmodSync(`${fork}.keys`, 0o700)
    writeFileSync(join(`${fork}.keys`, 'signed'), readFileSync(join(fork, 'checkpoint')))
    const forked = await here.feed(`${lines(100, 120).join('\n')}\n`, 'log', 'append', fork)
    expect(forked.code, forked.err).toBe(0)
    const { code, report } = await verify(fork, '--ask-witnesses')
    expect(code).toBe(1)
    const problems = report.findings.map(({ problem }: { problem: string }) => problem)
    expect(problems.join()).toContain('no quorum')
    expect(problems.join()).toContain(
      'forked: its first 30 entries are not those of the witness north',
    )
  })

  it('is not published while the witness is away, and loses nothing', async () => {
    const port = Number(new URL(running.url).port)
    await running.close()
    const done = await here.feed(`${lines(30, 31)[0]}\n`, 'log', 'append', log.dir)
    expect(done.code).toBe(1)
    expect(done.out).toMatch(/31 entries; its published checkpoint has 30\.\n.*not cosigned yet/)
    expect((await verify(log.dir)).report).toMatchObject({ verdict: 'valid', entries: 30 })
    const silent = await verify(log.dir, '--ask-witnesses')
    expect(silent.code).toBe(2)
    expect(silent.report.doubts[0]).toContain('north')
    const checked = await here.run('log', 'fsck', log.dir)
    expect(checked.code, checked.out).toBe(0)
    expect(checked.out).toContain('1 entry is durable and not published yet')
    running = await serve(port)
    const after = await here.feed('', 'log', 'append', log.dir)
    expect(after).toMatchObject({ code: 0, out: expect.stringMatching(/checkpoint has 31\./) })
    expect((await verify(log.dir, '--ask-witnesses')).code).toBe(0)
  })

  it('cannot be asked about without a policy', async () => {
    const asked = await here.run('log', 'verify', join(here.folder, 'yesterday'), '--ask-witnesses')
    expect(asked).toMatchObject({ code: 2, err: expect.stringMatching(/^USAGE/) })
  })
})
