/** Decisions in a log, seen by the commands that read it. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decisionLine } from '../../src/disclosure/entries.ts'
import { decision } from '../tlog/decisions.ts'
import { desk } from './cli.ts'
import { type DeskLog, lines, makeLog } from './logs.ts'

const here = desk()
afterAll(() => here.clear())

const approved = decision({ customers: ['C1', 'C2'], reason: 'she asked\nfor it' })
const refused = decision({ act: 'reveal.refused', agent: 'agent-2', detail: 'passport' })

let log: DeskLog
/** Entries 0 to 2 and 4 are disclosures, 3 and 5 decisions. */
beforeAll(async () => {
  log = await makeLog(here)
  await log.append(lines(0, 3))
  await log.decide([approved])
  await log.append(lines(3, 4))
  await log.decide([refused])
})

const exported = (...argv: string[]) => here.run('log', 'export', log.dir, ...argv)

describe('log export', () => {
  it('writes disclosures alone unless asked, and says what it left out', async () => {
    const all = await exported()
    expect(all).toMatchObject({ code: 0, out: `${lines(0, 4).join('\n')}\n` })
    expect(all.err).toBe(
      'Exported 4 disclosures of 6 entries. 2 decisions left out: --kind all has them, too.\n',
    )
    expect(await exported('--kind', 'disclosures')).toEqual(all)
  })

  it('writes decisions, or all in the order of the log', async () => {
    const decided = [approved, refused].map(decisionLine)
    expect(await exported('--kind', 'decisions')).toEqual({
      code: 0,
      out: `${decided.join('\n')}\n`,
      err: 'Exported 2 decisions of 6 entries.\n',
    })
    const mixed = [...lines(0, 3), decided[0], ...lines(3, 4), decided[1]]
    expect(await exported('--kind', 'all')).toEqual({
      code: 0,
      out: `${mixed.join('\n')}\n`,
      err: 'Exported 4 disclosures and 2 decisions of 6 entries.\n',
    })
    const some = await exported('--kind', 'all', '--from', '3', '--to', '5')
    expect(some.out).toBe(`${mixed.slice(3, 5).join('\n')}\n`)
    expect(await exported('--kind', 'verdicts')).toMatchObject({
      code: 2,
      err: expect.stringMatching(/^USAGE/),
    })
  })

  it('of disclosures can be appended elsewhere; of decisions it cannot, from a line or a file', async () => {
    const copy = await makeLog(here, 'copy')
    await copy.append((await exported()).out.trim().split('\n'))
    const { out } = await exported('--kind', 'decisions')
    const taken = await here.feed(out, 'log', 'append', copy.dir)
    expect(taken).toMatchObject({ code: 2, err: expect.stringMatching(/^INPUT_LINE/) })
    expect(taken.err).toContain('it is a decision, which no line can put into a log')
    const file = here.file('decisions.jsonl', out)
    await here.run('log', 'append', copy.dir, '--accesses', file)
    const again = await here.run('log', 'export', copy.dir, '--kind', 'decisions')
    expect(again).toMatchObject({ code: 0, out: '' })
  })
})

describe('log open', () => {
  it('shows a decision', async () => {
    const opened = await here.run('log', 'open', log.dir, '3')
    expect(opened).toMatchObject({ code: 0, err: '' })
    const { index, kind, epoch, pseudonym, ...rest } = JSON.parse(opened.out)
    expect([index, kind, epoch]).toEqual([3, 'decision', 1])
    expect(pseudonym).toMatch(/^A-[0-9A-Z]{8}$/)
    expect(rest).toEqual(JSON.parse(decisionLine(approved)))
  })

  it('writes an opening of it for whoever has no keys, which shows no changed one', async () => {
    const file = join(here.folder, '3.json')
    expect((await here.run('log', 'open', log.dir, '3', '--for-third-party', file)).code).toBe(0)
    const found = await here.run('verify', file, '--key', log.vkey)
    expect(found.code).toBe(0)
    const text = found.out.replace(/\n {13}/g, ' ')
    expect(text).toMatch(/Decided {6}grant\.approved at 2026-01-02T00:00:00\.000Z, by A-\w{8}\n/)
    for (const [term, shown] of [
      ['Agent', 'lea'],
      ['About', 'ada'],
      ['Customers', 'C1 and C2'],
      ['Number', 'G-7'],
      ['Reason', 'she asked'],
    ]) {
      expect(text).toMatch(new RegExp(`\\n  ${term} +${shown}`))
    }
    const opening = JSON.parse(readFileSync(file, 'utf8'))
    const entry = Buffer.from(opening.entry, 'base64').toString('latin1')
    const denied = Buffer.from(entry.replace('grant.approved', 'grant.denied'), 'latin1')
    writeFileSync(file, `${JSON.stringify({ ...opening, entry: denied.toString('base64') })}\n`)
    const changed = await here.run('verify', file, '--key', log.vkey)
    expect(changed).toMatchObject({ code: 1, out: expect.stringMatching(/^TAMPERED/) })
    expect(changed.out).not.toMatch(/\b(lea|ada|G-7|grant)\b/)
  })

  it('proves one by a receipt, which shows no name', async () => {
    const [receipt, entry] = ['5.tlog-proof', '5.entry'].map((name) => join(here.folder, name))
    await here.run('log', 'prove', log.dir, '5', '--out', receipt, '--entry-out', entry)
    const found = await here.run('verify', receipt, '--entry', entry, '--key', log.vkey)
    expect(found.code).toBe(0)
    expect(found.out).toContain('reveal.refused at 2026-01-02T00:00:00.000Z')
    expect(found.out).not.toMatch(/agent-2|passport/)
  })
})

describe('checking a log with decisions', () => {
  it('counts them by epoch', async () => {
    const found = await here.run('log', 'fsck', log.dir)
    expect(found).toMatchObject({ code: 0, out: expect.stringMatching(/^IN ORDER/) })
    expect(found.out).toContain('Epoch 1: 4 disclosures and 2 decisions.')
  })

  it('finds that an act was changed in the folder', async () => {
    expect((await here.run('verify', log.dir, '--key', log.vkey)).code).toBe(0)
    const copy = log.copy('bent')
    const path = join(copy, 'tile/entries/000.p/6')
    const bytes = readFileSync(path)
    const at = bytes.indexOf('reveal.refused')
    writeFileSync(path, bytes.fill('R', at, at + 1))
    const found = await here.run('verify', copy, '--key', log.vkey)
    expect(found).toMatchObject({ code: 1, out: expect.stringContaining('entry 5 is not the one') })
  })
})
