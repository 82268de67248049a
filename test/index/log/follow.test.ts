import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Reject } from '../../../src/disclosure/source.ts'
import { entriesOf } from '../../../src/sequencer/frames.ts'
import { fileOf } from '../../importers/files.ts'
import { decision } from '../../tlog/decisions.ts'
import { builderOf, disclosuresOf, importFile, reasonsOf, rowsOf } from '../imports.ts'
import { disclosure, disclosures, type MadeLog, makeLog, ownFolder } from './made.ts'

/** One session: follows the log into the index in `dir`, or in memory, and closes it. */
async function session(log: MadeLog, dir?: string, strict = false) {
  const builder = await builderOf({ strict, ...(dir && { dir }) })
  try {
    const told: Reject[] = []
    const summary = await builder.addLog(await log.open(), (reject) => told.push(reject))
    const { agents, overview } = await builder.finish()
    return { summary, told, agents, overview, rows: await disclosuresOf(builder) }
  } finally {
    builder.close()
  }
}

const folder = () => join(ownFolder(), 'index')

describe('a log followed into an index', () => {
  it('gives one row a customer, as a file with the same disclosures would', async () => {
    const log = await makeLog()
    await log.append([
      disclosure(0, { customers: ['C1', 'C2', 'ключ'], path: 'sql' }),
      disclosure(1, { fields: [], masked: ['phone'], grade: 'self' }),
      disclosure(2, { fields: [], grade: 'none', purpose: 'none', reference: null }),
      disclosure(3, { purpose: 'call', reference: 'call-9', fields: ['Email'], masked: ['phone'] }),
      disclosure(4, { purpose: 'grant', reference: 'grant-1', grade: 'colleague' }),
      disclosure(5, { customers: ['C5', 'C6'], queue: 'Ärger; "Wut"' }),
      // The same second as another of the same agent and customer: one row.
      disclosure(0, { customers: ['C1'], path: 'sql', atMs: disclosure(0).atMs + 7 }),
      // In another queue: another row. A word for none is none, as in a file.
      disclosure(0, { customers: ['C1'], path: 'sql', queue: 'billing' }),
      disclosure(0, { customers: ['C1'], path: 'sql', queue: 'N/A' }),
    ])
    const { summary, rows, agents } = await session(log)
    const csv = fileOf(
      [
        'agent,customer,time,fields,masked,ticket,grade,path,queue',
        'agent-0,C1,2024-01-01 00:00:00,name;phone,,T-0,routed,sql,',
        'agent-0,C1,2024-01-01 00:00:00,name;phone,,T-0,routed,sql,billing',
        'agent-0,C2,2024-01-01 00:00:00,name;phone,,T-0,routed,sql,',
        'agent-0,ключ,2024-01-01 00:00:00,name;phone,,T-0,routed,sql,',
        'agent-1,C1,2024-01-01 00:00:01,,phone,T-1,self,desk,',
        'agent-2,C2,2024-01-01 00:00:02,,,,none,desk,',
        'agent-3,C3,2024-01-01 00:00:03,email,phone,call-9,routed,desk,',
        'agent-4,C4,2024-01-01 00:00:04,name;phone,,,colleague,desk,',
        'agent-5,C5,2024-01-01 00:00:05,name;phone,,T-5,routed,desk,"Ärger; ""Wut"""',
        'agent-5,C6,2024-01-01 00:00:05,name;phone,,T-5,routed,desk,"Ärger; ""Wut"""',
      ].join('\n'),
    )
    expect(rows).toEqual(await disclosuresOf((await importFile(csv)).builder))
    expect(rows).toHaveLength(10)
    expect(agents).toEqual(['agent-0', 'agent-1', 'agent-2', 'agent-3', 'agent-4', 'agent-5'])
    expect(summary).toMatchObject({ rowsRead: 12, rowsAdded: 10, rowsDuplicate: 2, rejects: [] })
    expect(summary.assumed).toEqual([expect.stringMatching(/no key was given/)])
  })

  it('reads only what is new, and comes to the same as if read at once', async () => {
    const log = await makeLog()
    const dir = folder()
    for (const [from, count] of [
      [0, 300],
      [300, 0],
      [300, 1],
      [301, 700],
    ]) {
      if (count > 0) await log.append(disclosures(count, from))
      const { summary } = await session(log, dir)
      expect(summary).toMatchObject({
        rowsRead: from + count,
        rowsAdded: count,
        rowsDuplicate: from,
      })
    }
    const [kept, fresh] = [await session(log, dir), await session(log)]
    expect(kept.rows).toEqual(fresh.rows)
    expect(kept.overview).toEqual(fresh.overview)
    expect(kept.agents).toEqual(fresh.agents)
    const builder = await builderOf({ dir })
    const cursors = await rowsOf(builder, 'SELECT size::INT AS size FROM followed ORDER BY size')
    expect(cursors.map(({ size }) => size)).toEqual([300, 301, 1001])
  })

  it('leaves out what was decided, and goes on behind it', async () => {
    const log = await makeLog()
    const dir = folder()
    const decided = decision({ customers: ['C1', 'C2'], agent: 'lea' })
    await log.append([decided, disclosure(0), decided, decided])
    const first = await session(log, dir)
    expect(first.summary).toMatchObject({ rowsRead: 1, rowsAdded: 1, rejects: [] })
    await log.append([decided, disclosure(1)])
    const second = await session(log, dir)
    expect(second.summary).toMatchObject({ rowsRead: 2, rowsAdded: 1, rejects: [] })
    expect(second.agents).toEqual(['agent-0', 'agent-1'])
    // With the key gone as with the key: none of it was ever an exposure.
    await log.rotate()
    await log.append([disclosure(2), decided])
    await log.destroy(1)
    const { summary } = await session(log)
    expect(summary).toMatchObject({ rowsRead: 1, rowsAdded: 1, rejects: [] })
    expect(summary.assumed[1]).toContain('its 2 entries showed (customers 2 times')
  })

  it('of which nothing but decisions is new is followed to its end', async () => {
    const log = await makeLog()
    const dir = folder()
    await log.append([disclosure(0)])
    await session(log, dir)
    await log.append([decision(), decision()])
    expect((await session(log, dir)).summary).toMatchObject({ rowsRead: 1, rowsAdded: 0 })
    const builder = await builderOf({ dir })
    const cursors = await rowsOf(builder, 'SELECT size::INT AS size FROM followed ORDER BY size')
    expect(cursors.map(({ size }) => size)).toEqual([1, 3])
    builder.close()
  })

  it('by threads comes to the same as without', async () => {
    const log = await makeLog()
    const dir = folder()
    await log.append([
      ...disclosures(12_000),
      ...Array.from({ length: 500 }, () => decision()),
      disclosure(1, { customers: Array.from({ length: 9000 }, (_, i) => `M${i + 10_000}`) }),
    ])
    await session(log, dir)
    await log.append(disclosures(8500, 12_000))
    const { summary, rows } = await session(log)
    expect(summary).toMatchObject({ rowsRead: 29_500, rowsDuplicate: 0 })
    const pieces = await session(log, dir)
    expect(pieces.summary).toMatchObject({ rowsRead: 29_500, rowsAdded: 8500 })
    expect(pieces.rows).toEqual(rows)
  })

  it('beside files and other logs counts once what they have in common', async () => {
    const [one, two] = [await makeLog(), await makeLog(undefined, 'other.example/log')]
    await one.append(disclosures(50))
    await two.append(disclosures(50, 25))
    const csv = fileOf(
      'agent,customer,time,fields,ticket,grade,path\nagent-0,C0,2024-01-01,name;phone,T-0,routed,desk\n',
    )
    const dir = folder()
    for (const added of [
      [1, 50, 25],
      [0, 0, 0],
    ]) {
      const builder = await builderOf({ dir })
      const summaries = [
        (await importFile(csv, {}, builder)).summary,
        await builder.addLog(await one.open(), () => {}),
        await builder.addLog(await two.open(), () => {}),
      ]
      expect(summaries.map(({ rowsAdded }) => rowsAdded)).toEqual(added)
      expect((await builder.finish()).overview.disclosures).toBe(76)
      builder.close()
    }
    await expect(session(one, dir)).rejects.toMatchObject({
      code: 'INDEX_HOLDS_MORE',
      details: { files: `${csv}, ${two.dir}` },
    })
  })
})

describe('entries that cannot be read', () => {
  it('are each counted by reason, and stop a strict import', async () => {
    const log = await makeLog()
    await log.append([disclosure(0), disclosure(1, { agent: 'null' })])
    const path = join(log.dir, 'tile/entries/000.p/2')
    const [entry] = entriesOf(readFileSync(path)) ?? []
    const forged = Buffer.from(entry)
    forged[forged.length - 1] ^= 1
    await log.appendEntries([Buffer.from('x\ny'), forged])
    await log.append([disclosure(2)])
    const { summary, told, rows } = await session(log)
    expect(rows).toHaveLength(2)
    expect(reasonsOf(summary)).toEqual({ 'no-agent': 1, 'not-an-entry': 1, 'not-opened': 1 })
    expect(summary).toMatchObject({ rowsRead: 5, rowsAdded: 2 })
    expect(told).toHaveLength(3)
    const unopened = summary.rejects.find(({ reason }) => reason === 'not-opened')
    expect(unopened?.first.line).toBe(3)
    expect(unopened?.first.text).toMatch(/^\{"agent":"A-/)
    await expect(session(log, undefined, true)).rejects.toMatchObject({ code: 'ROW_REJECTED' })
  })

  it('of an epoch that the key at hand does not fit are an error, and nothing is added', async () => {
    const [log, other] = [await makeLog(), await makeLog()]
    await log.append(disclosures(20))
    const builder = await builderOf()
    const wrong = await log.open({ keys: `${other.dir}.keys` })
    await expect(builder.addLog(wrong, () => {})).rejects.toMatchObject({ code: 'ENTRY_UNOPENED' })
    expect(await rowsOf(builder, 'SELECT * FROM source')).toEqual([])
    expect((await builder.addLog(await log.open(), () => {})).rowsAdded).toBe(20)
  })

  it('because their key was destroyed are counted, never silently missing', async () => {
    const log = await makeLog()
    await log.append([disclosure(0, { customers: ['C1', 'C2'] }), disclosure(86_400)])
    await log.rotate()
    await log.append(disclosures(5, 10))
    await log.destroy(1)
    const { summary, rows } = await session(log)
    expect(rows).toHaveLength(5)
    expect(summary).toMatchObject({ rowsRead: 5, rowsAdded: 5, rejects: [] })
    expect(summary.assumed[1]).toBe(
      'the key of epoch 1 was destroyed: whom its 2 entries showed (customers 3 times, from 2024-01-01 to 2024-01-02) is not known and missing here',
    )
  })

  it('any more, in an index that has read them, are an error: the index is not to outlive the key', async () => {
    const log = await makeLog()
    const dir = folder()
    await log.append(disclosures(5))
    await log.rotate()
    await log.append(disclosures(5, 5))
    await session(log, dir)
    await log.destroy(1)
    await expect(session(log, dir)).rejects.toMatchObject({ code: 'INDEX_KEYS_CHANGED' })
    expect((await session(log)).rows).toHaveLength(5)
  })
})
