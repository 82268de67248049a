/** Who is there, and what they were shown, as fixed values of the API's shapes. */
import type { Access } from '../../../src/http/desk/shapes/access.ts'
import type { Colleagues, People, Teams } from '../../../src/http/desk/shapes/people.ts'
import type {
  Passkey,
  Session,
  Sessions,
  SignInOptions,
} from '../../../src/http/desk/shapes/session.ts'
import { ago, budget, MIN_MS, NOW_MS, WORDS } from './world.ts'

/** Of somebody with these roles. */
export function session(roles: Session['agent']['roles'], demo = true): Session {
  return {
    agent: { id: 'mika', name: 'Mika Sato', pseudonym: 'A-7F3K', team: 'billing', roles },
    session: {
      id: 's-1',
      expiresAtMs: NOW_MS + 7 * 60 * MIN_MS,
      stepUpUntilMs: NOW_MS + 5 * MIN_MS,
    },
    demo,
    signIn: ['passkey', 'oidc', 'demo'],
    words: WORDS,
  }
}

export const signInOptions: SignInOptions = {
  demo: true,
  passkey: true,
  oidc: 'Sign in with the company directory',
  people: [
    { agent: 'mika', name: 'Mika Sato', roles: ['agent'] },
    { agent: 'lena', name: 'Lena Brandt', roles: ['agent', 'lead'] },
    { agent: 'odd', name: 'Odd Nyström', roles: ['officer'] },
    { agent: 'ada', name: 'Ada Park', roles: ['admin'] },
  ],
}

export const access: Access = {
  budget,
  searches: { lastHour: 4, missesLastHour: 1 },
  shown: Array.from({ length: 24 }, (_, index) => {
    const kind = index % 9 === 4 ? 'grant' : index % 11 === 7 ? 'none' : 'ticket'
    return {
      atMs: ago(8 + index * 21 + (index > 9 ? 540 : 0)),
      entry: 48_210 - index * 7,
      path: 'desk',
      purpose: {
        kind,
        reference: kind === 'none' ? null : `${10_482 - index}`,
        queue: 'Billing',
        grade: 'customer',
        ended: null,
      },
      customers: 1,
      fields: [
        { name: 'name', view: 'masked' },
        { name: 'phone', view: index % 3 === 0 ? 'clear' : 'masked' },
      ],
    } as const
  }).map((one) => ({ ...one, fields: [...one.fields] })),
  cursor: null,
}

export const sessions: Sessions = {
  sessions: [
    {
      id: 's-1',
      method: 'passkey',
      createdAtMs: ago(61),
      seenAtMs: ago(0),
      expiresAtMs: NOW_MS + 400 * MIN_MS,
      endedAtMs: null,
      current: true,
    },
    {
      id: 's-2',
      method: 'oidc',
      createdAtMs: ago(200),
      seenAtMs: ago(14),
      expiresAtMs: NOW_MS + 200 * MIN_MS,
      endedAtMs: null,
      current: false,
    },
    {
      id: 's-3',
      method: 'passkey',
      createdAtMs: ago(1600),
      seenAtMs: ago(1300),
      expiresAtMs: ago(1100),
      endedAtMs: ago(1285),
      current: false,
    },
  ],
}

export const passkeys: { passkeys: Passkey[] } = {
  passkeys: [
    { id: 'p-1', label: 'This laptop', createdAtMs: ago(90_000), usedAtMs: ago(61) },
    { id: 'p-2', label: 'Blue key', createdAtMs: ago(90_000), usedAtMs: null },
  ],
}

const person = (id: string, name: string, part: Partial<People['people'][number]> = {}) => ({
  id,
  person: id,
  name,
  pseudonym: `A-${id.toUpperCase()}`,
  team: 'billing',
  roles: ['agent' as const],
  kind: 'person' as const,
  status: 'active' as const,
  mail: `${id}@desk.example`,
  externalId: null,
  ...part,
})

export const people: People = {
  people: [
    person('ada', 'Ada Park', { roles: ['admin'], team: null }),
    person('lena', 'Lena Brandt', { roles: ['agent', 'lead'] }),
    person('mika', 'Mika Sato'),
    person('noor', 'Noor Haddad', { status: 'suspended', team: 'accounts' }),
  ],
  cursor: null,
}

export const teams: Teams = {
  teams: [
    { id: 'billing', name: 'Billing', agents: 12, budget: { hour: 14, day: 62, week: 240 } },
    { id: 'accounts', name: 'Accounts', agents: 7, budget: { hour: 9, day: 40, week: 170 } },
  ],
}

export const colleagues: Colleagues = {
  colleagues: [
    { id: 'lena', name: 'Lena Brandt', team: 'Billing' },
    { id: 'ines', name: 'Ines Costa', team: 'Accounts' },
  ],
  cursor: null,
}
