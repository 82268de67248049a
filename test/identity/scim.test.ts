import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SCIM_BODY_BYTES_MAX } from '../../src/base/identity-limits.ts'
import { URL_OF_SESSION } from './desk.ts'
import { newDevice } from './device.ts'
import { ENTERPRISE, openScim, USER, USERS, user } from './scim-desk.ts'

let desk: Awaited<ReturnType<typeof openScim>>
beforeEach(async () => {
  desk = await openScim()
})
afterEach(() => desk.close())

describe('users of a directory', () => {
  it('are made, found, and are agents without any right', async () => {
    const made = await desk.ask('POST', USERS, user('Mara', { externalId: 'e-1' }))
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
    expect((await desk.ask('GET', `${USERS}/mara`)).body).toEqual(made.body)
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
    await desk.make('mara', { externalId: 'e-1' })
    await desk.make('lea')
    const { body } = await desk.ask('GET', `${USERS}?filter=${encodeURIComponent(filter)}`)
    expect(body).toMatchObject({ totalResults: count, startIndex: 1, itemsPerPage: count })
    expect(body.Resources.map(({ id }: { id: string }) => id)).toEqual(count ? ['mara'] : [])
  })

  it.each(['name.familyName co "a"', 'userName sw "a"', 'userName eq "a" or id eq "b"', '((', 'x'])(
    'are not searched through by %s',
    async (filter) => {
      const { status, body } = await desk.ask(
        'GET',
        `${USERS}?filter=${encodeURIComponent(filter)}`,
      )
      expect(status).toBe(400)
      expect(body.schemas).toEqual(['urn:ietf:params:scim:api:messages:2.0:Error'])
    },
  )

  it('are paged, each once', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) await desk.make(name)
    const seen: string[] = []
    for (const startIndex of [1, 3, 5, 7]) {
      const { body } = await desk.ask('GET', `${USERS}?startIndex=${startIndex}&count=2`)
      expect(body).toMatchObject({ totalResults: 5, startIndex })
      seen.push(...body.Resources.map(({ id }: { id: string }) => id))
    }
    expect(seen).toEqual(['a', 'b', 'c', 'd', 'e'])
  })

  it('are replaced and patched', async () => {
    await desk.make('mara')
    const put = await desk.ask('PUT', `${USERS}/mara`, user('mara', { displayName: 'Mara L.' }))
    expect(put).toMatchObject({ status: 200, body: { displayName: 'Mara L.' } })
    const op = { op: 'Replace', path: 'emails[type eq "work"].value', value: 'x@desk.example' }
    await desk.patch(
      `${USERS}/mara`,
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
    const again = await desk.patch(`${USERS}/mara`, {
      op: 'replace',
      value: { displayName: 'M. Lind' },
    })
    expect([200, 204]).toContain(again.status)
  })

  it('keep their id when their name changes', async () => {
    await desk.make('mara')
    await desk.ask('PUT', `${USERS}/mara`, user('mara.new'))
    expect((await desk.ask('GET', `${USERS}/mara`)).body.userName).toBe('mara.new')
    const found = async (name: string) =>
      (await desk.ask('GET', `${USERS}?filter=${encodeURIComponent(`userName eq "${name}"`)}`)).body
        .totalResults
    expect(await found('mara.new')).toBe(1)
    expect(await found('mara')).toBe(0)
  })

  it('are who they are, by employee number, for good', async () => {
    await desk.make('mara', { [ENTERPRISE]: { employeeNumber: '77' } })
    await desk.make('mara2', { [ENTERPRISE]: { employeeNumber: '77' } })
    expect((await desk.people.agent('mara2'))?.person).toBe('77')
    const other = user('mara', { [ENTERPRISE]: { employeeNumber: '78' } })
    expect((await desk.ask('PUT', `${USERS}/mara`, other)).status).toBe(400)
    expect((await desk.ask('PUT', `${USERS}/mara`, user('mara'))).status).toBe(200)
    expect((await desk.people.agent('mara'))?.person).toBe('77')
  })

  it('are told apart', async () => {
    await desk.make('mara', { externalId: 'e-1' })
    expect(await desk.ask('POST', USERS, user('MARA'))).toMatchObject({
      status: 409,
      body: { scimType: 'uniqueness', status: '409' },
    })
    expect((await desk.ask('POST', USERS, user('lea', { externalId: 'e-1' }))).status).toBe(400)
    await desk.make('lea')
    expect((await desk.ask('PUT', `${USERS}/lea`, user('mara'))).status).toBe(409)
  })

  it.each([
    [
      'deactivated by PATCH',
      () => desk.patch(`${USERS}/mara`, { op: 'replace', path: 'active', value: false }),
    ],
    [
      'deactivated by PATCH as Entra ID spells it',
      () => desk.patch(`${USERS}/mara`, { op: 'Replace', path: 'active', value: 'False' }),
    ],
    [
      'deactivated by PATCH as Okta spells it',
      () => desk.patch(`${USERS}/mara`, { op: 'replace', value: { active: false } }),
    ],
    ['deactivated by PUT', () => desk.ask('PUT', `${USERS}/mara`, user('mara', { active: false }))],
    ['deleted', () => desk.ask('DELETE', `${USERS}/mara`)],
  ])('end every session when %s', async (_, deactivate) => {
    await desk.make('mara')
    const { caller } = await desk.signIn('mara', await newDevice(URL_OF_SESSION, desk.nowMs))
    expect((await deactivate()).status).toBeLessThan(300)
    expect(await desk.sessions.stands(caller)).toBe(false)
    expect((await desk.ask('GET', `${USERS}/mara`)).body.active).toBe(false)
    expect(desk.decided.at(-1)).toMatchObject({ act: 'agent.suspended', agent: 'service:hr' })
  })

  it('are suspended even where the rest of what is said is wrong', async () => {
    await desk.make('mara', { [ENTERPRISE]: { employeeNumber: '77' } })
    const wrong = user('mara', { active: false, [ENTERPRISE]: { employeeNumber: '78' } })
    expect((await desk.ask('PUT', `${USERS}/mara`, wrong)).status).toBe(400)
    expect((await desk.people.agent('mara'))?.status).toBe('suspended')
  })

  it('come back when the directory says so, but not whom a person suspended', async () => {
    await desk.make('mara')
    await desk.ask('DELETE', `${USERS}/mara`)
    expect((await desk.ask('PUT', `${USERS}/mara`, user('mara'))).body.active).toBe(true)
    await desk.people.suspend('mara', 'root', 'an incident')
    expect((await desk.ask('PUT', `${USERS}/mara`, user('mara'))).body.active).toBe(false)
  })

  it.each([
    [`${USERS}/nobody`, 'GET', undefined],
    [`${USERS}/%00`, 'GET', undefined],
    [`${USERS}/${'x'.repeat(99)}`, 'GET', undefined],
    [`${USERS}/nobody`, 'DELETE', undefined],
    [`${USERS}/nobody`, 'PUT', user('nobody')],
    ['/Groups/nowhere', 'GET', undefined],
    ['/Groups/nowhere', 'DELETE', undefined],
  ])('that are not there: %s %s', async (path, method, body) => {
    expect((await desk.ask(method, path, body)).status).toBe(404)
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
    expect((await desk.ask('POST', USERS, body)).status).toBe(400)
    expect(await desk.people.list(null, 5)).toEqual([])
  })

  it('are not taken for gone where the database does not answer', async () => {
    await desk.make('mara')
    await desk.pool.query('alter table telltale.agents rename to gone')
    const { status, body } = await desk.ask('GET', `${USERS}/mara`)
    expect(status).toBeGreaterThanOrEqual(500)
    expect(JSON.stringify(body)).not.toMatch(/mara|gone|42P01/)
  })

  it('are not of more than so many bytes', async () => {
    const body = JSON.stringify(user('mara', { displayName: 'x'.repeat(SCIM_BODY_BYTES_MAX) }))
    expect((await desk.ask('POST', USERS, body)).status).toBe(413)
  })
})
