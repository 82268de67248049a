import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openDesk, type TestDesk } from './desk.ts'

let desk: TestDesk
beforeEach(async () => {
  desk = await openDesk()
})
afterEach(() => desk.close())

const refused = expect.objectContaining({ code: 'SERVICE_REFUSED' })
const invalid = expect.objectContaining({ code: 'SERVICE_INVALID' })

describe('services', () => {
  it('are known by their token, which is told once and kept as a hash', async () => {
    const { token, ...row } = await desk.services.create('zammad', ['hooks', 'decisions'], 'root')
    expect(token).toMatch(/^telltale_[\w-]{43}$/)
    expect(await desk.services.callerOf(token, 'hooks')).toEqual({
      id: row.id,
      name: 'zammad',
      scopes: ['hooks', 'decisions'],
    })
    expect(await desk.services.list()).toEqual([row])
    const kept = await desk.db.selectFrom('telltale.services').selectAll().executeTakeFirstOrThrow()
    const secret = token.slice('telltale_'.length)
    expect(Buffer.from(kept.token_hash)).toEqual(createHash('sha256').update(secret).digest())
    expect(desk.decided[0]).toMatchObject({
      act: 'settings.changed',
      agent: 'root',
      detail: 'service zammad may hooks, decisions',
    })
  })

  it('may do no more than their scopes', async () => {
    const { token } = await desk.services.create('zammad', ['hooks'], 'root')
    for (const scope of ['decisions', 'scim', 'metrics'] as const)
      await expect(desk.services.callerOf(token, scope)).rejects.toEqual(refused)
  })

  it('are refused at once when revoked, for good', async () => {
    const { token } = await desk.services.create('zammad', ['hooks'], 'root')
    await desk.services.revoke('zammad', 'root')
    await expect(desk.services.callerOf(token, 'hooks')).rejects.toEqual(refused)
    await expect(desk.services.create('zammad', ['hooks'], 'root')).rejects.toEqual(invalid)
    await expect(desk.services.revoke('zammad', 'root')).rejects.toEqual(invalid)
    expect(desk.acts().at(-1)).toBe('settings.changed service zammad revoked')
  })

  it('are revoked even where the log fails, and not made there', async () => {
    const { token } = await desk.services.create('zammad', ['hooks'], 'root')
    desk.log.fails = true
    await expect(desk.services.revoke('zammad', 'root')).rejects.toThrow('takes nothing')
    await expect(desk.services.callerOf(token, 'hooks')).rejects.toEqual(refused)
    await expect(desk.services.create('other', ['hooks'], 'root')).rejects.toThrow('takes nothing')
    expect(await desk.services.list()).toHaveLength(1)
  })

  it.each([null, '', 'telltale_', 'x', `telltale_${'A'.repeat(43)}`, 'A'.repeat(100_000)])(
    'are not known by nonsense (%#)',
    async (token) => {
      await expect(desk.services.callerOf(token, 'hooks')).rejects.toEqual(refused)
    },
  )

  it.each([
    ['', ['hooks']],
    ['Zammad', ['hooks']],
    ['a b', ['hooks']],
    ['zammad', []],
    ['zammad', ['root']],
    ['zammad', ['hooks', 'root']],
  ])('are not made as %j with %j', async (name, scopes) => {
    await expect(desk.services.create(name, scopes, 'root')).rejects.toEqual(invalid)
    expect(desk.decided).toEqual([])
  })
})
