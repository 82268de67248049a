import { describe, expect, it, onTestFinished } from 'vitest'
import type { AgentFacts } from '../../src/guard/facts.ts'
import { budgetSettings } from '../../src/store/budget-settings.ts'
import { budgetLimits } from '../../src/store/limits.ts'
import { makers } from '../disclosure/rows.ts'
import { freshDatabase } from './database.ts'

async function opened() {
  const { db, close } = await freshDatabase()
  onTestFinished(close)
  return { db, settings: budgetSettings(db), ...makers(db, { nowMs: 1000 }) }
}

const row = (scope: string, hour: number) => ({
  scope,
  limits: { hour, day: 10 * hour, week: 100 * hour },
  basis: { agents: 8, days: 28 },
  setAtMs: 5000,
  setBy: 'olga',
})

describe('budgets in the store', () => {
  it('are those that were set last, and everybody is told to look again', async () => {
    const { db, settings } = await opened()
    await settings.set([row('team:billing', 7), row('default', 9)])
    await settings.set([row('team:billing', 8)])
    expect(await settings.budgets()).toEqual([row('default', 9), row('team:billing', 8)])
    const events = await db.selectFrom('telltale.events').select(['kind', 'agent']).execute()
    expect(events).toEqual([
      { kind: 'budget', agent: null },
      { kind: 'budget', agent: null },
    ])
  })

  it('are all set or none', async () => {
    const { settings } = await opened()
    const bad = { ...row('team:b', 1), limits: { hour: 1, day: 1, week: 2 ** 40 } }
    await expect(settings.set([row('team:a', 1), bad])).rejects.toThrow()
    expect(await settings.budgets()).toEqual([])
  })

  it('know who works in which team', async () => {
    const { settings, addAgent } = await opened()
    await addAgent('kim', { team: 'billing' })
    await addAgent('lee')
    expect(await settings.teams()).toEqual(['billing'])
    expect(await settings.people()).toEqual([
      { agent: 'kim', team: 'billing', kind: 'person' },
      { agent: 'lee', team: null, kind: 'person' },
    ])
  })

  it("hold as the agent's own, else the team's, else everybody's; for a service never the team's", async () => {
    const { db, settings, addAgent } = await opened()
    const kim = (await addAgent('kim', { team: 'billing' })).agent
    const bot: AgentFacts = {
      ...(await addAgent('bot', { team: 'billing' })).agent,
      kind: 'service',
    }
    const hourOf = async (agent: AgentFacts) => (await budgetLimits(db).limitsFor(agent, 6000)).hour
    const both = async () => [await hourOf(kim), await hourOf(bot)]
    expect(await both()).toEqual([20, 20])
    await settings.set([row('team:billing', 7), row('team:other', 3)])
    expect(await both()).toEqual([7, 20])
    await settings.set([row('default', 9)])
    expect(await both()).toEqual([7, 9])
    await settings.set([row('agent:kim', 5), row('agent:bot', 4)])
    expect(await both()).toEqual([5, 4])
  })
})
