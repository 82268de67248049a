import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { peaksOf } from '../../src/index/budgets.ts'
import { DAY_S, inOrder, naivePeaks, newestS, type Shown } from '../disclosure/peaks.ts'
import { fileOf } from '../importers/files.ts'
import { builderOf, importFile, NOW_S } from './imports.ts'

const NOTHING: ReadonlySet<string> = new Set()

/** Times close together and far apart, often the same, often a window's length from each other. */
const atS = fc
  .tuple(fc.nat(40), fc.constantFrom(0, 1, 1799, 1800, 3599, 3600, 3601), fc.nat(24))
  .map(([day, s, hour]) => NOW_S - 50 * DAY_S + day * DAY_S + hour * 3600 + s)
const shown: fc.Arbitrary<Shown> = fc.record({
  agent: fc.constantFrom('ann', 'ben'),
  customer: fc.nat(6).map((n) => `C${n}`),
  atS,
})

const iso = (s: number) => new Date(s * 1000).toISOString()
const rowsOf = (all: readonly Shown[]) =>
  all.map(({ agent, customer, atS: at }) => `${agent},${customer},${iso(at)}`).join('\n')

describe('peaks', () => {
  it('are those of a charge at every look, in rolling windows', async () => {
    const { connection } = await builderOf()
    await fc.assert(
      fc.asyncProperty(fc.array(shown, { minLength: 1, maxLength: 60 }), async (all) => {
        const agents = [...new Set(all.map(({ agent }) => agent))]
        const rows = all.map(
          ({ agent, customer, atS: at }) =>
            `(${agents.indexOf(agent)}, ${customer.slice(1)}, ${at}, 1)`,
        )
        await connection.run(`
          DELETE FROM agent; DELETE FROM disclosure;
          INSERT INTO agent VALUES ${agents.map((name, id) => `(${id}, '${name}')`).join(', ')};
          INSERT INTO disclosure (agent, customer, "at", fields) VALUES ${rows.join(', ')}`)
        const { agents: found, untilMs, fromMs } = await peaksOf(connection, NOTHING)
        const untilS = newestS(all)
        expect(inOrder(found)).toEqual(inOrder(naivePeaks(all, untilS)))
        expect([fromMs, untilMs]).toEqual([(untilS - 28 * DAY_S) * 1000, untilS * 1000])
      }),
      { numRuns: 30 },
    )
  }, 60_000)

  it('count what was shown clear, or may have been; not masks, references and files', async () => {
    const { builder } = await importFile(
      fileOf(
        [
          'agent,customer,time,fields,masked,path',
          'ann,C1,2024-05-01T10:00:00Z,name,phone,desk',
          'ann,C2,2024-05-01T10:01:00Z,,name;phone,desk',
          'ann,C3,2024-05-01T10:02:00Z,number;Locale,name,desk',
          'ann,C4,2024-05-01T10:03:00Z,number;mail,,api',
          'ann,C5,2024-05-01T10:04:00Z,,,',
          'ben,C1,2024-05-01T10:05:00Z,locale,name,desk',
          'ann,C6,2024-05-01T10:06:00Z,name;mail,,export',
        ].join('\n'),
      ),
    )
    const countOf = async (reference: ReadonlySet<string>) => {
      const { agents } = await peaksOf(builder.connection, reference)
      return Object.fromEntries(agents.map(({ agent, lastWeek }) => [agent, lastWeek.week]))
    }
    expect(await countOf(new Set(['number', 'locale', 'segment']))).toEqual({ ann: 3 })
    expect(await countOf(NOTHING)).toEqual({ ann: 4, ben: 1 })
    expect(await countOf(new Set(['name', 'mail', 'number', 'locale']))).toEqual({ ann: 1 })
  })

  it('end with the newest disclosure, and are of 28 days', async () => {
    const all = [0, 1, 27, 28, 29].map((days) => ({
      agent: 'ann',
      customer: `C${days}`,
      atS: NOW_S - days * DAY_S,
    }))
    const { builder } = await importFile(fileOf(`agent,customer,time\n${rowsOf(all)}\n`))
    const { agents } = await peaksOf(builder.connection, NOTHING)
    expect(agents).toEqual([
      {
        agent: 'ann',
        hour: [1, 1, 1],
        day: [1, 1, 1],
        // Those of 28 and 29 days ago are still in the week of that of 27.
        week: [2, 3],
        lastWeek: { hour: 1, day: 1, week: 2 },
      },
    ])
  })

  it('let go of a customer when the window has passed, to the second', async () => {
    const countWith = async (s: number) => {
      const all = [0, s].map((at, n) => ({
        agent: 'ann',
        customer: `C${n}`,
        atS: NOW_S - 9999 + at,
      }))
      const { builder } = await importFile(fileOf(`agent,customer,time\n${rowsOf(all)}\n`))
      const [{ lastWeek }] = (await peaksOf(builder.connection, NOTHING)).agents
      return lastWeek.hour
    }
    expect([await countWith(3599), await countWith(3600)]).toEqual([2, 1])
  })

  it('are none where nothing was disclosed', async () => {
    const { connection } = await builderOf()
    await expect(peaksOf(connection, NOTHING)).rejects.toMatchObject({ code: 'NO_USABLE_ACCESSES' })
  })
})
