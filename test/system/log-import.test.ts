/** An access log sealed into a log: what its rows say is kept, what they do not say is not made up. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { VerdictDocument } from '../../src/cases/document.ts'
import { desk } from './cli.ts'
import { makeLog } from './logs.ts'

const here = desk()
afterAll(() => here.clear())

/** All but where it came from. */
function conclusion({ log, assumptions, ...rest }: VerdictDocument) {
  const { imports, checkpoints, ...counts } = log
  return { ...rest, counts, assumptions: assumptions.filter((one) => !one.includes(here.folder)) }
}

async function sealed(name: string, csv: string, ...options: string[]) {
  const log = await makeLog(here, name)
  const file = here.file(`${name}.csv`, csv)
  const done = await here.run('log', 'append', log.dir, '--accesses', file, ...options)
  const exported = await here.run('log', 'export', log.dir)
  const lines = exported.out.trim() === '' ? [] : exported.out.trim().split('\n')
  return { done, log, disclosures: lines.map((line) => JSON.parse(line)) }
}

describe('log append --accesses', () => {
  it('seals each row with what it says', async () => {
    const { done, disclosures } = await sealed(
      'whole',
      [
        'agent,customer,time,fields,masked,ticket,purpose,grade,queue',
        'ann,C1,2026-01-02T03:04:05.678Z,mail;Phone,card,T-1,ticket,routed,Billing',
        'bob,C2,2026-01-02T04:04:05+01:00,,,,call,customer,',
        'bob,C3,2026-01-02T05:04:05Z,mail,,T-2,,,N/A',
        'eve,C4,2026-01-02T06:04:05Z,mail,,,snooping,odd, sales ',
      ].join('\n'),
    )
    expect(done).toMatchObject({ code: 0 })
    const path = 'import'
    expect(disclosures).toEqual([
      {
        agent: 'ann',
        customer: 'C1',
        at: '2026-01-02T03:04:05.678Z',
        fields: ['mail', 'phone'],
        masked: ['card'],
        purpose: 'ticket',
        reference: 'T-1',
        grade: 'routed',
        path,
        queue: 'Billing',
      },
      {
        agent: 'bob',
        customer: 'C2',
        at: '2026-01-02T03:04:05.000Z',
        purpose: 'call',
        grade: 'customer',
        path,
      },
      {
        agent: 'bob',
        customer: 'C3',
        at: '2026-01-02T05:04:05.000Z',
        fields: ['mail'],
        purpose: 'ticket',
        reference: 'T-2',
        grade: 'none',
        path,
      },
      {
        agent: 'eve',
        customer: 'C4',
        at: '2026-01-02T06:04:05.000Z',
        fields: ['mail'],
        purpose: 'none',
        grade: 'none',
        path,
        queue: 'sales',
      },
    ])
  })

  it('grades a ticket where the file has no grades, and no more', async () => {
    const { disclosures } = await sealed(
      'ungraded',
      'agent,customer,time,ticket\nann,C1,1767322000,T-1\nbob,C2,1767322001,\n',
    )
    expect(disclosures.map(({ grade, purpose }) => [grade, purpose])).toEqual([
      ['colleague', 'ticket'],
      ['none', 'none'],
    ])
  })

  it('reads columns and times as it is told', async () => {
    const { disclosures } = await sealed(
      'told',
      'who;whom;when\nann;C1;02/01/2026 03:04\n',
      ...['--map', 'agent=who,customer=whom,time=when', '--time-format', '%d/%m/%Y %H:%M'],
      ...['--time-zone', 'Europe/Berlin'],
    )
    expect(disclosures).toMatchObject([
      { agent: 'ann', customer: 'C1', at: '2026-01-02T02:04:00.000Z' },
    ])
  })

  it('leaves out what it does not understand, counts it, and says which', async () => {
    const csv = [
      'agent,customer,time',
      'ann,C1,2026-01-02T03:04:05Z',
      ',C2,2026-01-02T03:04:06Z',
      'bob,C3,long ago',
      'bob,"C\t4",2026-01-02T03:04:07Z',
      'bob,C5,2026-01-02T03:04:08Z',
      'too,few',
    ].join('\n')
    const rejects = join(here.folder, 'rejects.csv')
    const { done, disclosures } = await sealed('some', csv, '--rejects', rejects)
    expect(done.code).toBe(0)
    expect(disclosures.map(({ customer }) => customer)).toEqual(['C1', 'C5'])
    expect(done.out).toContain('Left out 1: no agent is named (first at line 3).')
    expect(done.out).toContain('Left out 1: the time is not understood (first at line 4).')
    expect(done.out).toContain('holds a control character (first at line 5)')
    expect(done.out).toContain('more or fewer columns than the header (first at line 7).')
    expect(readFileSync(rejects, 'utf8').trim().split('\n')).toHaveLength(5)
    const strict = await sealed('strict', csv, '--strict')
    expect(strict.done).toMatchObject({ code: 2, err: expect.stringMatching(/ROW_REJECTED: Line/) })
  })

  it('comes to the same verdict from the log as from the file, queues and all', async () => {
    const rows = Array.from({ length: 600 }, (_, i) => {
      const time = new Date(Date.UTC(2025, 0, 1, 0, i * 17)).toISOString()
      return `agent-${i % 30},C${(i * 7) % 600},${time},T${i},${i % 2 ? 'Billing' : 'sales'}`
    })
    const called = rows.filter((row) => row.startsWith('agent-3,')).slice(0, 15)
    const reports = here.file(
      'reports.csv',
      `customer,contacted_at\n${called.map((row) => `${row.split(',')[1]},2025-02-01T10:00:00Z`).join('\n')}\n`,
    )
    const csv = `agent,customer,time,ticket,queue\n${rows.join('\n')}\n`
    const { log } = await sealed('verdict', csv)
    const file = join(here.folder, 'verdict.csv')
    const [fromFile, fromLog] = [
      await here.verdict('--accesses', file, '--reports', reports),
      await here.verdict('--log', log.dir, '--key', log.vkey, '--reports', reports),
    ]
    expect(conclusion(fromLog)).toEqual(conclusion(fromFile))
    expect(conclusion(fromLog).assumptions.join()).toMatch(/Alike: same .*queue/)
    expect(fromLog.named).toHaveLength(1)
  })
})
