import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { GROUP, openScim, USERS, user } from './scim-desk.ts'

let desk: Awaited<ReturnType<typeof openScim>>
beforeEach(async () => {
  desk = await openScim()
})
afterEach(() => desk.close())

describe('groups of a directory', () => {
  const group = (displayName: string, ...ids: string[]) => ({
    schemas: [GROUP],
    displayName,
    members: ids.map((value) => ({ value })),
  })
  beforeEach(async () => {
    await desk.make('mara')
    await desk.make('lea')
  })
  const agent = async (id: string) => {
    const row = await desk.people.agent(id)
    return { team: row?.team, roles: row?.roles }
  }

  it('are teams', async () => {
    const made = await desk.ask('POST', '/Groups', group('Billing EMEA', 'mara'))
    expect(made).toMatchObject({
      status: 201,
      body: { id: 'billing-emea', displayName: 'Billing EMEA', members: [{ value: 'mara' }] },
    })
    expect(await agent('mara')).toEqual({ team: 'billing-emea', roles: [] })
    await desk.patch('/Groups/billing-emea', {
      op: 'add',
      path: 'members',
      value: [{ value: 'lea' }],
    })
    expect((await agent('lea')).team).toBe('billing-emea')
    await desk.patch('/Groups/billing-emea', { op: 'remove', path: 'members[value eq "mara"]' })
    expect((await agent('mara')).team).toBeNull()
    await desk.ask('PUT', '/Groups/billing-emea', group('Billing'))
    expect((await agent('lea')).team).toBeNull()
    expect(await desk.people.teams()).toEqual([{ id: 'billing-emea', name: 'Billing' }])
    expect((await desk.ask('DELETE', '/Groups/billing-emea')).status).toBe(204)
    expect((await desk.ask('GET', '/Groups/billing-emea')).status).toBe(404)
  })

  it('of names for roles are roles, which are taken away as they are given', async () => {
    const filter = encodeURIComponent('displayName eq "telltale-lead"')
    const { body } = await desk.ask('GET', `/Groups?filter=${filter}`)
    expect(body.Resources).toMatchObject([{ id: 'telltale-lead', displayName: 'telltale-lead' }])
    await desk.patch('/Groups/telltale-agent', {
      op: 'add',
      path: 'members',
      value: [{ value: 'mara' }],
    })
    await desk.patch('/Groups/telltale-lead', {
      op: 'add',
      path: 'members',
      value: [{ value: 'mara' }],
    })
    expect((await agent('mara')).roles).toEqual(['agent', 'lead'])
    expect(desk.decided.at(-1)?.detail).toBe('roles agent, lead')
    await desk.patch('/Groups/telltale-lead', { op: 'remove', path: 'members[value eq "mara"]' })
    expect((await agent('mara')).roles).toEqual(['agent'])
  })

  it('for roles stay as they are', async () => {
    expect((await desk.ask('DELETE', '/Groups/telltale-lead')).status).toBe(400)
    expect((await desk.ask('PUT', '/Groups/telltale-lead', group('Leads'))).status).toBe(400)
    expect((await desk.ask('POST', '/Groups', group('Telltale-Lead'))).status).toBe(409)
  })

  it('do not make an admin of who has another role', async () => {
    await desk.ask('PUT', '/Groups/telltale-agent', group('telltale-agent', 'mara'))
    const both = await desk.ask('PUT', '/Groups/telltale-admin', group('telltale-admin', 'mara'))
    expect(both.status).toBe(400)
    expect((await agent('mara')).roles).toEqual(['agent'])
  })

  it('do not share a name, or have members who are nobody', async () => {
    await desk.ask('POST', '/Groups', group('Billing'))
    expect((await desk.ask('POST', '/Groups', group('billing'))).status).toBe(409)
    const { status } = await desk.ask('PUT', '/Groups/billing', group('Billing', 'nobody', 'mara'))
    expect(status).toBe(404)
    expect((await agent('mara')).team).toBeNull()
  })
})

describe('the token of a directory', () => {
  it('is needed for everything', async () => {
    const hooks = (await desk.services.create('zammad', ['hooks'], 'root')).token
    for (const by of ['', 'x', hooks]) {
      for (const path of [USERS, '/Groups', '/Schemas', '/ServiceProviderConfig']) {
        const { status, type, body } = await desk.ask('GET', path, undefined, by)
        expect([status, type]).toEqual([401, expect.stringContaining('application/scim+json')])
        expect(body.schemas).toEqual(['urn:ietf:params:scim:api:messages:2.0:Error'])
      }
    }
    expect((await desk.ask('POST', USERS, user('mara'), hooks)).status).toBe(401)
    expect(await desk.people.list(null, 5)).toEqual([])
  })

  it('is worth nothing once revoked', async () => {
    expect((await desk.ask('GET', USERS)).status).toBe(200)
    await desk.services.revoke('hr', 'root')
    expect((await desk.ask('GET', USERS)).status).toBe(401)
  })

  it('is told what this server can do', async () => {
    const { body } = await desk.ask('GET', '/ServiceProviderConfig')
    expect(body).toMatchObject({ patch: { supported: true }, bulk: { supported: false } })
    expect((await desk.ask('GET', '/ResourceTypes')).body.Resources).toHaveLength(2)
    expect((await desk.ask('GET', '/Schemas')).body.Resources.length).toBeGreaterThan(2)
  })
})
