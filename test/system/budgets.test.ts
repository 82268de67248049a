/** `telltale budgets`: from disclosures to the budget that stops somebody. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it, onTestFinished } from 'vitest'
import { writeWorld } from '../../simulate/files.ts'
import { makeWorld } from '../../simulate/world.ts'
import { deriveTeams, type TeamBudget } from '../../src/disclosure/team-budgets.ts'
import { percentileOf } from '../../src/guard/budget.ts'
import { budgetLimits } from '../../src/store/limits.ts'
import { naivePeaks, newestS, type Shown, theft, WINDOWS, workOf } from '../disclosure/peaks.ts'
import { makers } from '../disclosure/rows.ts'
import { freshDatabase } from '../store/database.ts'
import { desk } from './cli.ts'
import { makeLog } from './logs.ts'

const here = desk()
afterAll(() => here.clear())

interface Document {
  readonly until: string
  readonly teams: readonly TeamBudget[]
  readonly teamless: number
  readonly services: number
  readonly applied?: Readonly<Record<string, unknown>>
}

const SMALL_DESK = { least: 1, most: 2 }
const iso = (s: number) => new Date(s * 1000).toISOString()
const persons = (agents: number) =>
  Array.from({ length: agents }, (_, n) => ({
    agent: `a${n}`,
    team: 'desk',
    kind: 'person' as const,
  }))

async function derive(...argv: string[]): Promise<Document> {
  const { code, out, err } = await here.run('budgets', 'derive', ...argv, '--json')
  expect(code, err).toBe(0)
  return JSON.parse(out)
}

const naive = (all: readonly Shown[]) =>
  deriveTeams({ fromMs: 0, untilMs: 0, agents: naivePeaks(all, newestS(all)) }, persons(8), null)

/** A database in which a0 to a7 are the team `desk`. */
async function deskDatabase() {
  const { db, url, close } = await freshDatabase()
  onTestFinished(close)
  const { addAgent } = makers(db, { nowMs: 1000 })
  const callers = []
  for (let n = 0; n < 8; n++) callers.push(await addAgent(`a${n}`, { team: 'desk' }))
  return { db, url, agents: callers.map(({ agent }) => agent) }
}

describe('budgets derived from accesses', () => {
  it('are those of the formula, and say so in a table', async () => {
    const all = [...workOf(1, 8, SMALL_DESK.least, SMALL_DESK.most), ...theft('a2', 9)]
    const rows = all.map(({ agent, customer, atS }) => `${agent},${customer},${iso(atS)}`)
    const accesses = here.file('accesses.csv', `agent,customer,time\n${rows.join('\n')}\n`)
    const staff = here.file(
      'staff.csv',
      `agent,team,kind\n${persons(8)
        .map((one) => `${one.agent},${one.team},person\n`)
        .join('')}svc,bots,service\n`,
    )
    const document = await derive('--accesses', accesses, '--staff', staff)
    expect(document.until).toBe(iso(newestS(all)))
    const [bots, team] = document.teams
    expect(bots).toMatchObject({ team: 'bots', agents: 0, services: 1, derived: { hour: 20 } })
    expect(team).toEqual(naive(all).teams[0])
    expect(team.stopped.any).toBe(1)
    const { out, code } = await here.run(
      'budgets',
      'derive',
      '--accesses',
      accesses,
      '--staff',
      staff,
    )
    expect(code).toBe(0)
    expect(out).toContain(`\ndesk: 8 agents, ${team.agentDays} agent-days\n`)
    const { derived, p50, p99, leftOut, stopped } = team
    for (const window of WINDOWS) {
      const cells = [p50?.[window], p99?.[window], leftOut?.[window], derived[window], '-']
      expect(out).toMatch(
        new RegExp(`^  an? ${window} +${cells.join(' +')} +${stopped[window]}$`, 'm'),
      )
    }
    expect(out).toMatch(/It would have stopped 1 agent last week\./)
    expect(out).toMatch(/^bots: 1 service account alone: the default$/m)
  })

  it('in the simulated organisation are not raised by its thief', async () => {
    const world = makeWorld({ seed: 7, scale: 'small', leak: 'agent', noise: 0.1, missing: 0 })
    const { accesses, staff } = await writeWorld(world, join(here.folder, 'world'), 'csv')
    const document = await derive('--accesses', accesses, '--staff', staff)
    const { name, team } = world.org.agents[world.leakers[0].agent]
    expect(document).toMatchObject({ services: 2, teamless: 0 })
    const members = world.org.agents.filter((one) => one.team === team && one.name !== name)
    const rows = readFileSync(accesses, 'utf8').trimEnd().split('\n').slice(1)
    const all = rows.map((row): Shown => {
      const [agent, customer, time] = row.split(',')
      return { agent, customer, atS: Date.parse(time) / 1000 }
    })
    const honest = all.filter(({ agent }) => members.some((one) => one.name === agent))
    const peaks = naivePeaks(honest, newestS(all))
    const found = document.teams.find((one) => one.team === team)
    expect(found).toMatchObject({ tooFew: null, agents: members.length + 1 })
    for (const window of WINDOWS) {
      const others = peaks.flatMap((one) => one[window])
      const floor = { hour: 5, day: 20, week: 60 }[window]
      const most = Math.max(floor, Math.ceil(1.5 * percentileOf(others, 99)))
      expect(found?.derived[window]).toBeLessThanOrEqual(most)
    }
  })
})

describe('budgets derived from a log', () => {
  it('are set for the team, stand in the log, and hold', async () => {
    const all = workOf(3, 8, SMALL_DESK.least, SMALL_DESK.most)
    const log = await makeLog(here)
    const fields = { fields: ['mail'], purpose: 'ticket', grade: 'routed', path: 'desk' }
    const lines = all.map(({ agent, customer, atS }, n) =>
      JSON.stringify({ agent, customer, at: iso(atS), reference: `T-${n}`, ...fields }),
    )
    // A page of which only references were clear counts for nobody.
    const pages = Array.from({ length: 500 }, (_, n) =>
      JSON.stringify({
        agent: 'a1',
        customer: `P${n}`,
        at: iso(newestS(all)),
        fields: ['number'],
        masked: ['mail'],
      }),
    )
    await log.append([...lines, ...pages])
    const { db, url, agents } = await deskDatabase()
    const read = ['--log', log.dir, '--key', log.vkey, '--database', url]
    const [team] = (await derive(...read)).teams
    expect(team).toEqual({ ...naive(all).teams[0], today: { hour: 20, day: 80, week: 300 } })
    const limits = budgetLimits(db)
    expect(await limits.limitsFor(agents[0], 0)).toEqual({ hour: 20, day: 80, week: 300 })

    const set = await here.run(
      'budgets',
      'derive',
      ...read,
      '--apply',
      '--by',
      'olga',
      '--record',
      log.dir,
    )
    expect(set.code, set.err).toBe(0)
    expect(set.out).toMatch(/^Set the budget of desk; told to the log in .*\.$/m)
    expect(await limits.limitsFor(agents[0], 0)).toEqual(team.derived)
    const row = await db.selectFrom('telltale.budgets').selectAll().executeTakeFirstOrThrow()
    expect(row).toMatchObject({ scope: 'team:desk', set_by: 'olga' })
    expect(row.basis).toMatchObject({ agents: 8, agentDays: team.agentDays, p99: team.p99 })
    const told = await here.run('log', 'export', log.dir, '--kind', 'decisions')
    const { hour, day, week } = team.derived
    expect(JSON.parse(told.out)).toMatchObject({
      act: 'settings.changed',
      agent: 'olga',
      reference: 'team:desk',
      detail: `budget ${hour}/${day}/${week} (was 20/80/300)`,
    })

    const again = await derive(...read, '--apply', '--record', log.dir)
    expect(again.applied).toMatchObject({ set: [], same: ['desk'], recorded: log.dir })
    const shown = await here.run('budgets', 'show', '--database', url)
    expect(shown.out).toMatch(
      new RegExp(`^  team:desk +${hour} +${day} +${week}  .*  olga +8 agents, 28 days$`, 'm'),
    )
    expect(shown.out).toMatch(/^ {2}default +20 +80 +300 +- +- +built in$/m)
  })

  it('are not set where the log that is to be told is being written', async () => {
    const all = workOf(4, 8, SMALL_DESK.least, SMALL_DESK.most)
    const rows = all.map(({ agent, customer, atS }) => `${agent},${customer},${iso(atS)}`)
    const accesses = here.file('busy.csv', `agent,customer,time\n${rows.join('\n')}\n`)
    const { db, url } = await deskDatabase()
    const { createLogTools } = await import('../../src/log-tools.ts')
    const { dir, keys } = await makeLog(here, 'busy')
    const writer = await createLogTools().open({ dir, keys, keyService: null })
    const argv = ['budgets', 'derive', '--accesses', accesses, '--database', url, '--apply']
    const busy = await here.run(...argv, '--record', dir).finally(() => writer.close())
    expect(busy).toMatchObject({ code: 3, out: '' })
    expect(busy.err).toMatch(/FOLDER_LOCKED/)
    expect(await db.selectFrom('telltale.budgets').selectAll().execute()).toEqual([])
    const alone = await here.run(...argv)
    expect(alone.out).toMatch(/^Set the budget of desk; no log was told/m)
    const staff = here.file(
      'elsewhere.csv',
      'agent,team\n' +
        persons(8)
          .map(({ agent }) => `${agent},elsewhere\n`)
          .join(''),
    )
    const elsewhere = await here.run(...argv, '--staff', staff)
    expect(elsewhere.out).toMatch(/^elsewhere: no such team in the database, nothing set\.$/m)
    expect(elsewhere.code).toBe(1)
  })
})

describe('a command line', () => {
  it.each([
    [[], 'Give --accesses or --log.'],
    [['--accesses', 'a', '--log', 'b'], 'Give --accesses or --log.'],
    [['--accesses', 'a'], 'Give --staff or --database: who is in which team.'],
    [['--accesses', 'a', '--staff', 's', '--apply'], '--apply needs the --database.'],
    [['--accesses', 'a', '--staff', 's', '--by', 'me'], '--by and --record are for --apply.'],
    [['--accesses', 'a', '--staff', 's', '--key', 'k'], '--key and --policy are for a --log.'],
    [
      ['--accesses', 'a', '--staff', 's', '--keys', 'k'],
      '--keys and --key-service are for a --log or --record.',
    ],
  ])('that cannot be meant is refused: %j', async (argv, problem) => {
    const { code, err, out } = await here.run('budgets', 'derive', ...argv)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain(problem)
  })

  it('without a database that answers sets and shows nothing', async () => {
    const url = 'postgresql://telltale:secret@127.0.0.1:1/telltale'
    const { code, err } = await here.run('budgets', 'show', '--database', url)
    expect(code).toBe(3)
    expect(err).toMatch(/^STORE_UNAVAILABLE/)
    expect(err).not.toContain('secret')
  })
})
