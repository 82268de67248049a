import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SCIM_BODY_BYTES_MAX } from '../../src/base/identity-limits.ts'
import { URL_OF_SESSION } from './desk.ts'
import { newDevice } from './device.ts'
import { serveDesk } from './served.ts'

let desk: Awaited<ReturnType<typeof serveDesk>>
let token: string
beforeEach(async () => {
  desk = await serveDesk()
  token = (await desk.services.create('hr', ['scim'], 'root')).token
  desk.decided.length = 0
})
afterEach(() => desk.close())

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User'
const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group'
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'

// biome-ignore lint/suspicious/noExplicitAny: answers of a stranger's protocol
type Answer = { status: number; type: string; body: any }

async function ask(method: string, path: string, body?: unknown, by = token): Promise<Answer> {
  const answer = await desk.app.inject({
    method: method as 'GET',
    url: `/scim/v2${path}`,
    headers: {
      authorization: `Bearer ${by}`,
      ...(body !== undefined && { 'content-type': 'application/scim+json' }),
    },
    ...(body !== undefined && { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  return {
    status: answer.statusCode,
    type: String(answer.headers['content-type'] ?? ''),
    body: answer.body === '' ? null : answer.json(),
  }
}
const user = (userName: string, more: object = {}) => ({
  schemas: [USER],
  userName,
  name: { givenName: 'Mara', familyName: 'Lind' },
  emails: [{ value: `${userName}@desk.example`, primary: true, type: 'work' }],
  active: true,
  ...more,
})
const make = async (userName: string, more: object = {}) =>
  (await ask('POST', '/Users', user(userName, more))).body
const patch = (path: string, ...Operations: object[]) =>
  ask('PATCH', path, { schemas: [PATCH], Operations })

describe('users of a directory', () => {
  it('are made, found, and are agents without any right', async () => {
    const made = await ask('POST', '/Users', user('Mara', { externalId: 'e-1' }))
    expect(made).toMatchObject({
      status: 201,
      type: expect.stringContaining('application/scim+json'),
      body: {
        schemas: expect.arrayContaining([USER]),
        id: 'mara',
        userName: 'mara',
        externalId: 'e-1',
        displayName: 'Mara Lind',
        active: true,
        emails: [{ value: 'Mara@desk.example', primary: true }],
        meta: { resourceType: 'User', location: '/scim/v2/Users/mara' },
      },
    })
    expect(await desk.people.agent('mara')).toMatchObject({
      name: 'Mara Lind',
      roles: [],
      team: null,
      externalId: 'e-1',
    })
    expect((await ask('GET', '/Users/mara')).body).toEqual(made.body)
    expect(desk.decided).toEqual([
      expect.objectContaining({ act: 'agent.changed', agent: 'service:hr', subject: 'mara' }),
    ])
  })

  it.each([
    ['userName eq "mara"', 1],
    ['userName eq "MARA"', 1],
    ['username Eq "mara"', 1],
    ['externalId eq "e-1"', 1],
    ['id eq "mara"', 1],
    ['userName eq "ma"', 0],
    ['externalId eq "mara"', 0],
  ])('are found by %s', async (filter, count) => {
    await make('mara', { externalId: 'e-1' })
    await make('lea')
    const { body } = await ask('GET', `/Users?filter=${encodeURIComponent(filter)}`)
    expect(body).toMatchObject({ totalResults: count, startIndex: 1, itemsPerPage: count })
    expect(body.Resources.map(({ id }: { id: string }) => id)).toEqual(count ? ['mara'] : [])
  })

  it.each(['name.familyName co "a"', 'userName sw "a"', 'userName eq "a" or id eq "b"', '((', 'x'])(
    'are not searched through by %s',
    async (filter) => {
      const { status, body } = await ask('GET', `/Users?filter=${encodeURIComponent(filter)}`)
      expect(status).toBe(400)
      expect(body.schemas).toEqual(['urn:ietf:params:scim:api:messages:2.0:Error'])
    },
  )

  it('are paged, each once', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) await make(name)
    const seen: string[] = []
    for (const startIndex of [1, 3, 5, 7]) {
      const { body } = await ask('GET', `/Users?startIndex=${startIndex}&count=2`)
      expect(body).toMatchObject({ totalResults: 5, startIndex })
      seen.push(...body.Resources.map(({ id }: { id: string }) => id))
    }
    expect(seen).toEqual(['a', 'b', 'c', 'd', 'e'])
  })

  it('are replaced and patched', async () => {
    await make('mara')
    const put = await ask('PUT', '/Users/mara', user('mara', { displayName: 'Mara L.' }))
    expect(put).toMatchObject({ status: 200, body: { displayName: 'Mara L.' } })
    const op = { op: 'Replace', path: 'emails[type eq "work"].value', value: 'x@desk.example' }
    await patch(
      '/Users/mara',
      { op: 'replace', path: 'displayName', value: 'M. Lind' },
      {
        ...op,
        path: 'emails[primary eq true].value',
      },
    )
    expect(await desk.people.agent('mara')).toMatchObject({
      name: 'M. Lind',
      mail: 'x@desk.example',
    })
    const again = await patch('/Users/mara', { op: 'replace', value: { displayName: 'M. Lind' } })
    expect([200, 204]).toContain(again.status)
  })

  it('keep their id when their name changes', async () => {
    await make('mara')
    await ask('PUT', '/Users/mara', user('mara.new'))
    expect((await ask('GET', '/Users/mara')).body.userName).toBe('mara.new')
    const found = async (name: string) =>
      (await ask('GET', `/Users?filter=${encodeURIComponent(`userName eq "${name}"`)}`)).body
        .totalResults
    expect(await found('mara.new')).toBe(1)
    expect(await found('mara')).toBe(0)
  })

  it('are who they are, by employee number, for good', async () => {
    await make('mara', { [ENTERPRISE]: { employeeNumber: '77' } })
    await make('mara2', { [ENTERPRISE]: { employeeNumber: '77' } })
    expect((await desk.people.agent('mara2'))?.person).toBe('77')
    const other = user('mara', { [ENTERPRISE]: { employeeNumber: '78' } })
    expect((await ask('PUT', '/Users/mara', other)).status).toBe(400)
    expect((await ask('PUT', '/Users/mara', user('mara'))).status).toBe(200)
    expect((await desk.people.agent('mara'))?.person).toBe('77')
  })

  it('are told apart', async () => {
    await make('mara', { externalId: 'e-1' })
    expect(await ask('POST', '/Users', user('MARA'))).toMatchObject({
      status: 409,
      body: { scimType: 'uniqueness', status: '409' },
    })
    expect((await ask('POST', '/Users', user('lea', { externalId: 'e-1' }))).status).toBe(400)
    await make('lea')
    expect((await ask('PUT', '/Users/lea', user('mara'))).status).toBe(409)
  })

  it.each([
    [
      'deactivated by PATCH',
      () => patch('/Users/mara', { op: 'replace', path: 'active', value: false }),
    ],
    [
      'deactivated by PATCH as Entra ID spells it',
      () => patch('/Users/mara', { op: 'Replace', path: 'active', value: 'False' }),
    ],
    [
      'deactivated by PATCH as Okta spells it',
      () => patch('/Users/mara', { op: 'replace', value: { active: false } }),
    ],
    ['deactivated by PUT', () => ask('PUT', '/Users/mara', user('mara', { active: false }))],
    ['deleted', () => ask('DELETE', '/Users/mara')],
  ])('end every session when %s', async (_, deactivate) => {
    await make('mara')
    const { caller } = await desk.signIn('mara', await newDevice(URL_OF_SESSION, desk.nowMs))
    expect((await deactivate()).status).toBeLessThan(300)
    expect(await desk.sessions.stands(caller)).toBe(false)
    expect((await ask('GET', '/Users/mara')).body.active).toBe(false)
    expect(desk.decided.at(-1)).toMatchObject({ act: 'agent.suspended', agent: 'service:hr' })
  })

  it('are suspended even where the rest of what is said is wrong', async () => {
    await make('mara', { [ENTERPRISE]: { employeeNumber: '77' } })
    const wrong = user('mara', { active: false, [ENTERPRISE]: { employeeNumber: '78' } })
    expect((await ask('PUT', '/Users/mara', wrong)).status).toBe(400)
    expect((await desk.people.agent('mara'))?.status).toBe('suspended')
  })

  it('come back when the directory says so, but not whom a person suspended', async () => {
    await make('mara')
    await ask('DELETE', '/Users/mara')
    expect((await ask('PUT', '/Users/mara', user('mara'))).body.active).toBe(true)
    await desk.people.suspend('mara', 'root', 'an incident')
    expect((await ask('PUT', '/Users/mara', user('mara'))).body.active).toBe(false)
  })

  it.each([
    ['/Users/nobody', 'GET', undefined],
    ['/Users/%00', 'GET', undefined],
    [`/Users/${'x'.repeat(99)}`, 'GET', undefined],
    ['/Users/nobody', 'DELETE', undefined],
    ['/Users/nobody', 'PUT', user('nobody')],
    ['/Groups/nowhere', 'GET', undefined],
    ['/Groups/nowhere', 'DELETE', undefined],
  ])('that are not there: %s %s', async (path, method, body) => {
    expect((await ask(method, path, body)).status).toBe(404)
  })

  it.each([
    '{',
    '[]',
    'null',
    '{}',
    '{"userName":1}',
    '{"userName":""}',
    '{"userName":"a\\u0000b"}',
    '{"userName":"a","__proto__":{"x":1}}',
    '{"userName":"a","userName":"b"}',
    '{"userName":"service:hr"}',
  ])('are not made of %s', async (body) => {
    expect((await ask('POST', '/Users', body)).status).toBe(400)
    expect(await desk.people.list(null, 5)).toEqual([])
  })

  it('are not taken for gone where the database does not answer', async () => {
    await make('mara')
    await desk.pool.query('alter table telltale.agents rename to gone')
    const { status, body } = await ask('GET', '/Users/mara')
    expect(status).toBeGreaterThanOrEqual(500)
    expect(JSON.stringify(body)).not.toMatch(/mara|gone|42P01/)
  })

  it('are not of more than so many bytes', async () => {
    const body = JSON.stringify(user('mara', { displayName: 'x'.repeat(SCIM_BODY_BYTES_MAX) }))
    expect((await ask('POST', '/Users', body)).status).toBe(413)
  })
})

describe('groups of a directory', () => {
  const group = (displayName: string, ...ids: string[]) => ({
    schemas: [GROUP],
    displayName,
    members: ids.map((value) => ({ value })),
  })
  beforeEach(async () => {
    await make('mara')
    await make('lea')
  })
  const agent = async (id: string) => {
    const row = await desk.people.agent(id)
    return { team: row?.team, roles: row?.roles }
  }

  it('are teams', async () => {
    const made = await ask('POST', '/Groups', group('Billing EMEA', 'mara'))
    expect(made).toMatchObject({
      status: 201,
      body: { id: 'billing-emea', displayName: 'Billing EMEA', members: [{ value: 'mara' }] },
    })
    expect(await agent('mara')).toEqual({ team: 'billing-emea', roles: [] })
    await patch('/Groups/billing-emea', { op: 'add', path: 'members', value: [{ value: 'lea' }] })
    expect((await agent('lea')).team).toBe('billing-emea')
    await patch('/Groups/billing-emea', { op: 'remove', path: 'members[value eq "mara"]' })
    expect((await agent('mara')).team).toBeNull()
    await ask('PUT', '/Groups/billing-emea', group('Billing'))
    expect((await agent('lea')).team).toBeNull()
    expect(await desk.people.teams()).toEqual([{ id: 'billing-emea', name: 'Billing' }])
    expect((await ask('DELETE', '/Groups/billing-emea')).status).toBe(204)
    expect((await ask('GET', '/Groups/billing-emea')).status).toBe(404)
  })

  it('of names for roles are roles, which are taken away as they are given', async () => {
    const filter = encodeURIComponent('displayName eq "telltale-lead"')
    const { body } = await ask('GET', `/Groups?filter=${filter}`)
    expect(body.Resources).toMatchObject([{ id: 'telltale-lead', displayName: 'telltale-lead' }])
    await patch('/Groups/telltale-agent', {
      op: 'add',
      path: 'members',
      value: [{ value: 'mara' }],
    })
    await patch('/Groups/telltale-lead', { op: 'add', path: 'members', value: [{ value: 'mara' }] })
    expect((await agent('mara')).roles).toEqual(['agent', 'lead'])
    expect(desk.decided.at(-1)?.detail).toBe('roles agent, lead')
    await patch('/Groups/telltale-lead', { op: 'remove', path: 'members[value eq "mara"]' })
    expect((await agent('mara')).roles).toEqual(['agent'])
  })

  it('for roles stay as they are', async () => {
    expect((await ask('DELETE', '/Groups/telltale-lead')).status).toBe(400)
    expect((await ask('PUT', '/Groups/telltale-lead', group('Leads'))).status).toBe(400)
    expect((await ask('POST', '/Groups', group('Telltale-Lead'))).status).toBe(409)
  })

  it('do not make an admin of who has another role', async () => {
    await ask('PUT', '/Groups/telltale-agent', group('telltale-agent', 'mara'))
    const both = await ask('PUT', '/Groups/telltale-admin', group('telltale-admin', 'mara'))
    expect(both.status).toBe(400)
    expect((await agent('mara')).roles).toEqual(['agent'])
  })

  it('do not share a name, or have members who are nobody', async () => {
    await ask('POST', '/Groups', group('Billing'))
    expect((await ask('POST', '/Groups', group('billing'))).status).toBe(409)
    const { status } = await ask('PUT', '/Groups/billing', group('Billing', 'nobody', 'mara'))
    expect(status).toBe(404)
    expect((await agent('mara')).team).toBeNull()
  })
})

describe('the token of a directory', () => {
  it('is needed for everything', async () => {
    const hooks = (await desk.services.create('zammad', ['hooks'], 'root')).token
    for (const by of ['', 'x', hooks]) {
      for (const path of ['/Users', '/Groups', '/Schemas', '/ServiceProviderConfig']) {
        const { status, type, body } = await ask('GET', path, undefined, by)
        expect([status, type]).toEqual([401, expect.stringContaining('application/scim+json')])
        expect(body.schemas).toEqual(['urn:ietf:params:scim:api:messages:2.0:Error'])
      }
    }
    expect((await ask('POST', '/Users', user('mara'), hooks)).status).toBe(401)
    expect(await desk.people.list(null, 5)).toEqual([])
  })

  it('is worth nothing once revoked', async () => {
    expect((await ask('GET', '/Users')).status).toBe(200)
    await desk.services.revoke('hr', 'root')
    expect((await ask('GET', '/Users')).status).toBe(401)
  })

  it('is told what this server can do', async () => {
    const { body } = await ask('GET', '/ServiceProviderConfig')
    expect(body).toMatchObject({ patch: { supported: true }, bulk: { supported: false } })
    expect((await ask('GET', '/ResourceTypes')).body.Resources).toHaveLength(2)
    expect((await ask('GET', '/Schemas')).body.Resources.length).toBeGreaterThan(2)
  })
})
