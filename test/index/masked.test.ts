import { describe, expect, it } from 'vitest'
import { fileOf } from '../importers/files.ts'
import { disclosuresOf, importFile } from './imports.ts'

const HEADER = 'agent,customer,time,fields,masked,grade,queue\n'

async function imported(rows: string) {
  const { builder, summary } = await importFile(fileOf(HEADER + rows))
  return { summary, rows: await disclosuresOf(builder), index: await builder.finish() }
}

const REPORT = { report: 'r', lagS: 0, contactedAtS: Date.UTC(2024, 1, 1) / 1000, knowing: false }
const evidenceOf = (index: Awaited<ReturnType<typeof imported>>['index'], customer: string) =>
  index.evidenceFor({ ...REPORT, customer, knew: [] }, new Set())

describe('fields shown masked', () => {
  it('are not exposed; what shows nothing else is a contact and no exposure', async () => {
    const { rows, index } = await imported(
      [
        'a,c1,2024-01-01 10:00:00,name,phone,routed,q',
        'b,c1,2024-01-02 10:00:00,,phone;name,routed,q',
        'b,c2,2024-01-03 10:00:00,,phone,routed,q',
        'a,c3,2024-01-04 10:00:00,,,routed,q',
        'b,c3,2024-01-05 10:00:00,name,,routed,q',
      ].join('\n'),
    )
    expect(rows.map(({ fields }) => fields)).toEqual([1, null, null, 0, 1])
    expect([...index.distinctCustomers]).toEqual([2, 1])
    expect(index.overview).toMatchObject({ disclosures: 5, customers: 3, knowsFields: true })
    const c1 = evidenceOf(index, 'c1')
    expect([...c1.hits]).toEqual([0])
    expect(c1.group.size).toBe(2)
    const c2 = evidenceOf(index, 'c2')
    expect(c2).toMatchObject({ ghost: true, firstContact: Date.UTC(2024, 0, 3, 10) / 1000 })
    expect([...c2.hits]).toEqual([])
    // Nothing recorded at all counts as everything shown.
    expect([...evidenceOf(index, 'c3').hits]).toEqual([0, 1])
    expect(await index.exposuresOf('c2', REPORT.contactedAtS)).toEqual([])
    expect(await index.customersOf(1, REPORT.contactedAtS)).toHaveLength(1)
    const [queue] = await index.queueGroups(1, ['c3'], REPORT.contactedAtS)
    expect(queue.group.size).toBe(2)
    expect([...queue.group.starts]).toEqual([0, 1])
    expect([...queue.group.agents]).toEqual([0])
  })

  it('opens a pair at the first disclosure that showed something', async () => {
    const { index } = await imported(
      [
        'a,c1,2024-01-01 10:00:00,,phone,routed,q',
        'a,c1,2024-01-02 10:00:00,name,,self,q',
        'b,c1,2024-01-03 10:00:00,,phone,routed,q',
        'a,c2,2024-01-01 10:00:00,name,,routed,q',
      ].join('\n'),
    )
    const [exposure, ...others] = await index.exposuresOf('c1', REPORT.contactedAtS)
    expect(others).toEqual([])
    expect(exposure).toMatchObject({
      agent: 0,
      disclosures: 1,
      ungrounded: 1,
      firstAtS: Date.UTC(2024, 0, 2, 10) / 1000,
    })
    const { hits, ungrounded } = evidenceOf(index, 'c1')
    expect([[...hits], [...ungrounded]]).toEqual([[0], [1]])
  })

  it('are told from a column that says yes or no, from lists, and from no value', async () => {
    const values = ['false', 'No', '0', '[]', 'none', '', ' ; ', 'true', '["phone"]']
    const rows = values.map(
      (value, i) => `a,c${i},2024-01-01 10:00:00,,"${value.replaceAll('"', '""')}",self,`,
    )
    const { rows: got } = await imported(rows.join('\n'))
    const hidden = got.filter(({ fields }) => fields === null).map(({ customer }) => customer)
    expect(hidden).toEqual(['c7', 'c8'])
  })
})
