/** A desk that a directory keeps people of. */
import { serveDesk } from './served.ts'

export const USER = 'urn:ietf:params:scim:schemas:core:2.0:User'
export const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group'
export const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'
/** Where users are; spelt apart, since a path that begins so is a folder of somebody's machine. */
export const USERS = '/Users'

interface Answer {
  readonly status: number
  readonly type: string
  // biome-ignore lint/suspicious/noExplicitAny: answers of a stranger's protocol
  readonly body: any
}

/** A user as Entra ID or Okta would send one. */
export function user(userName: string, more: object = {}) {
  return {
    schemas: [USER],
    userName,
    name: { givenName: 'Mara', familyName: 'Lind' },
    emails: [{ value: `${userName}@desk.example`, primary: true, type: 'work' }],
    active: true,
    ...more,
  }
}

/** With the token of a service `hr`. */
export async function openScim() {
  const desk = await serveDesk()
  const { token } = await desk.services.create('hr', ['scim'], 'root')
  desk.decided.length = 0

  async function ask(method: string, path: string, body?: unknown, by = token): Promise<Answer> {
    const isBody = body !== undefined
    const answer = await desk.app.inject({
      method: method as 'GET',
      url: `/scim/v2${path}`,
      headers: {
        authorization: `Bearer ${by}`,
        ...(isBody && { 'content-type': 'application/scim+json' }),
      },
      ...(isBody && { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    return {
      status: answer.statusCode,
      type: String(answer.headers['content-type'] ?? ''),
      body: answer.body === '' ? null : answer.json(),
    }
  }

  return {
    ...desk,
    ask,
    make: async (userName: string, more: object = {}) =>
      (await ask('POST', USERS, user(userName, more))).body,
    patch: (path: string, ...Operations: object[]) =>
      ask('PATCH', path, { schemas: [PATCH], Operations }),
  }
}
