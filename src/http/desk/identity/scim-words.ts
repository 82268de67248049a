/** How people and teams are spelt for a directory (SCIM 2.0, RFC 7643). */
import type { Role } from '../../../guard/facts.ts'
import { ROLES } from '../../../identity/people-rules.ts'
import type { PersonRow, PersonSpec, Team } from '../../../identity/ports.ts'

/** Extension of RFC 7643, section 4.3. */
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'

/** A user as a directory sends one, as far as it is taken over. */
export interface UserIn {
  readonly userName: string
  readonly externalId?: string
  readonly displayName?: string
  readonly name?: {
    readonly formatted?: string
    readonly givenName?: string
    readonly familyName?: string
  }
  readonly emails?: readonly { readonly value?: string; readonly primary?: boolean }[]
  readonly active?: boolean
  readonly [ENTERPRISE]?: { readonly employeeNumber?: string }
}

/** A group as a directory sends one. */
export interface GroupIn {
  readonly displayName: string
  readonly members?: readonly { readonly value?: string }[]
}

/** A user as a directory reads one. */
export function userOf(row: PersonRow, userName: string) {
  return {
    id: row.id,
    userName,
    ...(row.externalId !== null && { externalId: row.externalId }),
    displayName: row.name,
    name: { formatted: row.name },
    ...(row.mail !== null && { emails: [{ value: row.mail, primary: true }] }),
    active: row.status === 'active',
    [ENTERPRISE]: { employeeNumber: row.person },
    meta: { created: new Date(row.createdAtMs), lastModified: new Date(row.changedAtMs) },
  }
}

/** What a directory wants a person to be. Whose account it is comes from the employee number; without
 * one, an account is a person. What it does not say stays as it was. */
export function specOf(user: UserIn, id: string, before: PersonRow | null): PersonSpec {
  const { name, emails } = user
  const parts = [name?.givenName, name?.familyName].filter((part) => part)
  const mail = (emails?.find(({ primary }) => primary) ?? emails?.[0])?.value
  return {
    id,
    person: user[ENTERPRISE]?.employeeNumber ?? before?.person ?? id,
    name: user.displayName ?? name?.formatted ?? (parts.join(' ') || before?.name || user.userName),
    mail: mail ?? before?.mail ?? null,
    team: before?.team ?? null,
    roles: before?.roles ?? [],
    externalId: user.externalId ?? before?.externalId ?? null,
  }
}

const ROLE_PREFIX = 'telltale-'

/** Groups that always exist: who is in one has its role. */
export const ROLE_GROUPS: readonly (Team & { readonly role: Role })[] = ROLES.map((role) => ({
  id: `${ROLE_PREFIX}${role}`,
  name: `${ROLE_PREFIX}${role}`,
  role,
}))

/** A group as a directory reads one. */
export function groupOf({ id, name }: Team, members: readonly PersonRow[]) {
  return {
    id,
    displayName: name,
    members: members.map(({ id: value, name: display }) => ({ value, display, type: 'User' })),
  }
}

/** An id that says what the team is, from its name. */
export function teamIdOf(name: string): string {
  const id = name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
  return id === '' || id.startsWith(ROLE_PREFIX) ? `team-${id}` : id.slice(0, 60)
}
