/** A log as the source of a verdict: the same disclosures give the same verdict, as a file or sealed. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeWorld } from '../../simulate/files.ts'
import { makeWorld } from '../../simulate/world.ts'
import type { VerdictDocument } from '../../src/cases/document.ts'
import { parseDisclosureLine } from '../../src/disclosure/entries.ts'
import { formatVkey, KEY_TYPE, signingKey } from '../../src/tlog/vkey.ts'
import { type MadeLog, makeLog } from '../index/log/made.ts'
import { DEFAULTS } from '../simulate/worlds.ts'
import { desk } from './cli.ts'

const here = desk()
afterAll(() => here.clear())

let log: MadeLog
let common: string[]
let csv: string

/** The rows; some fields become masked ones. */
function asLogged(text: string): string[] {
  const [, ...rows] = text.trimEnd().split('\n')
  return rows.map((row, i) => {
    const [agent, customer, time, fields, ticket, purpose, grade, path, queue] = row.split(',')
    const names = fields.split(';').sort().join(';')
    const shown = i % 10 === 0 ? `,${names}` : `${names},`
    return [agent, customer, time, shown, ticket, purpose, grade, path, queue].join(',')
  })
}

function disclosureOf(row: string) {
  const [agent, customer, at, fields, masked, ticket, purpose, grade, path, given] = row.split(',')
  const [reference, queue] = [ticket, given].map((text) => (text === '' ? null : text))
  return parseDisclosureLine(
    JSON.stringify({ agent, customer, at, fields, masked, purpose, reference, grade, path, queue }),
  )
}

beforeAll(async () => {
  const world = makeWorld(DEFAULTS)
  const files = await writeWorld(world, join(here.folder, 'world'), 'csv')
  const rows = asLogged(readFileSync(files.accesses, 'utf8'))
  csv = join(here.folder, 'accesses.csv')
  writeFileSync(
    csv,
    `agent,customer,time,fields,masked,ticket,purpose,grade,path,queue\n${rows.join('\n')}\n`,
  )
  log = await makeLog(join(here.folder, 'desk.log'))
  await log.append(rows.map(disclosureOf))
  const { population, staff, reports } = files
  common = ['--reports', reports, '--population', population, '--staff', staff]
}, 300_000)

/** All but where it came from. */
function conclusion(verdict: VerdictDocument) {
  const { log: facts, assumptions, ...rest } = verdict
  const { imports, checkpoints, ...counts } = facts
  return {
    ...rest,
    counts,
    assumptions: assumptions.filter((line) => !line.startsWith(here.folder)),
  }
}

describe('telltale investigate --log', () => {
  it('comes to the verdict that the same disclosures in a file lead to', async () => {
    const [fromFile, fromLog] = [
      await here.verdict('--accesses', csv, ...common),
      await here.verdict('--log', log.dir, '--key', log.vkey, ...common),
    ]
    expect(conclusion(fromLog)).toEqual(conclusion(fromFile))
    expect(fromLog.named).toHaveLength(1)
    expect(fromLog.log.disclosures).toBeGreaterThan(10_000)
    const { checkpoint } = await log.open()
    expect(fromLog.log.checkpoints).toEqual([
      {
        file: log.dir,
        origin: checkpoint.origin,
        vkey: log.vkey,
        size: checkpoint.size,
        root: checkpoint.root.toString('base64'),
      },
    ])
    expect(fromFile.log.checkpoints).toEqual([])
    expect(fromLog.assumptions.join()).not.toMatch(/no key was given/)
  })

  it('keeps its place in an index, beside a file, and shows both', async () => {
    const index = join(here.folder, 'index')
    const html = join(here.folder, 'report.html')
    const asked = ['--accesses', csv, '--log', log.dir, '--index', index, ...common]
    const first = await here.run('investigate', ...asked, '--html', html)
    expect(first).toMatchObject({ code: 0 })
    const { checkpoint } = await log.open()
    const root = checkpoint.root.toString('base64')
    expect(first.out).toContain(`root ${root}`)
    expect(readFileSync(html, 'utf8')).toContain(root)
    const again = await here.verdict(...asked)
    expect(again.log.imports.map(({ rowsAdded }) => rowsAdded)).toEqual([0, 0])
    expect(again.assumptions.join()).toMatch(/no key was given/)
    // Of the log every row was in the file already; the file had each of its own.
    const alone = await here.run('investigate', '--log', log.dir, '--index', index, ...common)
    expect(alone.err).toMatch(/^INDEX_HOLDS_MORE.*accesses\.csv/)
  })

  it('refuses a log that is not the one whose key was given, or not cosigned as asked', async () => {
    const other = await makeLog(join(here.folder, 'other.log'))
    const asked = (...argv: string[]) =>
      here.run('investigate', '--log', log.dir, ...argv, ...common)
    expect((await asked('--key', other.vkey)).err).toMatch(/^LOG_UNKNOWN/)
    const key = here.file('key', `${log.vkey}\n`)
    const seed = Buffer.alloc(32, 3)
    const witness = formatVkey(signingKey('witness.example', KEY_TYPE.cosignature, seed))
    const lines = [`log ${log.vkey}`, `witness w1 ${witness}`, 'quorum w1']
    const policy = here.file('policy', `${lines.join('\n')}\n`)
    expect((await asked('--key', key, '--policy', policy)).err).toMatch(/^QUORUM_MISSING/)
    const power = await here.run('power', '--log', log.dir, '--key', key)
    expect(power).toMatchObject({ code: 0, out: expect.stringMatching(/could be named/) })
    expect((await asked('--keys', 'one', 'two')).err).toMatch(/^USAGE/)
  })
})
