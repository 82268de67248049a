/** What a directory's words do to people and teams. */
import SCIMMY from 'scimmy'
import { TelltaleError } from '../../../base/errors.ts'
import { SCIM_GROUP_MEMBERS_MAX, SCIM_PAGE_MAX } from '../../../base/identity-limits.ts'
import type { Role } from '../../../guard/facts.ts'
import { textProblem } from '../../../identity/people-rules.ts'
import type { People, PersonRow, PersonSpec, Team } from '../../../identity/ports.ts'
import type { IdentityStore } from '../../../identity/stores.ts'
import { statusOf } from '../problem.ts'
import {
  type GroupIn,
  groupOf,
  ROLE_GROUPS,
  specOf,
  teamIdOf,
  type UserIn,
  userOf,
} from './scim-words.ts'

/** What SCIM needs. */
export interface ScimDeps {
  readonly people: People
  /** Keeps user names, under the issuer `scim`. */
  readonly identities: IdentityStore
}

/** What each request brings along. */
export interface ScimContext extends ScimDeps {
  /** Name of the service that calls, as decisions tell it. */
  readonly by: string
}

/** No address of an identity provider is spelt so. */
const ISSUER = 'scim'
const WHY = 'the directory says so'

type Resource = SCIMMY.Types.Resource

/** Makes the library call these; it keeps one set of handlers for all, which get their context with each
 * request. */
export function declareScim(basePath: string): void {
  const { User, Group } = SCIMMY.Resources
  if (SCIMMY.Resources.declared(User)) return
  User.extend(SCIMMY.Schemas.EnterpriseUser, false)
  User.basepath(basePath)
  Group.basepath(basePath)
  SCIMMY.Resources.declare(User)
    .ingress(((resource: Resource, user: UserIn, ctx: ScimContext) =>
      spelt(() => writeUser(resource.id, user, ctx))) as never)
    .egress(((resource: Resource, ctx: ScimContext) =>
      spelt(async () => told(await known(resource.id!, ctx), ctx))) as never)
    .degress(((resource: Resource, ctx: ScimContext) =>
      spelt(async () => {
        await known(resource.id!, ctx)
        await ctx.people.suspend(resource.id!, ctx.by, WHY)
      })) as never)
  SCIMMY.Resources.declare(Group)
    .ingress(((resource: Resource, group: GroupIn, ctx: ScimContext) =>
      spelt(() => writeGroup(resource.id, group, ctx))) as never)
    .egress(((resource: Resource, ctx: ScimContext) =>
      spelt(() => readGroup(resource.id!, ctx))) as never)
    .degress(((resource: Resource, ctx: ScimContext) =>
      spelt(() => removeGroup(resource.id!, ctx))) as never)
}

/** What is thrown in our words, in theirs. The library would make a database that does not answer into
 * "not found", upon which directories make the account anew. */
async function spelt<Result>(act: () => Promise<Result>): Promise<Result> {
  try {
    return await act()
  } catch (error) {
    if (error instanceof SCIMMY.Types.Error) throw error
    throw scimErrorOf(error)
  }
}

/** Any error in the words of SCIM. */
export function scimErrorOf(error: unknown): Error & { status: number; scimType: string } {
  const told = error instanceof TelltaleError ? error : null
  const status = told === null ? 500 : statusOf(told.code)
  const type = told?.code === 'AGENT_INVALID' ? 'invalidValue' : ''
  // The causes of our own failures are for operators.
  const says = told !== null && status < 500 ? told.message : 'Telltale cannot do this now'
  return new SCIMMY.Types.Error(status, type, says) as never
}

async function known(id: string, { people }: ScimContext): Promise<PersonRow> {
  const row = textProblem(id) === null ? await people.agent(id) : null
  if (row === null || row.kind !== 'person') throw new SCIMMY.Types.Error(404, '', 'Not found')
  return row
}

async function told(row: PersonRow, { identities }: ScimContext) {
  return userOf(row, (await identities.subjectOf(ISSUER, row.id)) ?? row.id)
}

async function writeUser(id: string | undefined, user: UserIn, ctx: ScimContext) {
  const { people, identities, by } = ctx
  const userName = user.userName.toLowerCase()
  const problem = textProblem(userName)
  if (problem !== null)
    throw new SCIMMY.Types.Error(400, 'invalidValue', `The user name ${problem}`)
  const before = id === undefined ? null : await known(id, ctx)
  const owner = (await identities.agentOf(ISSUER, userName)) ?? (await people.agent(userName))?.id
  if (owner !== undefined && owner !== before?.id)
    throw new SCIMMY.Types.Error(409, 'uniqueness', 'This user name is taken')
  const spec = specOf(user, before?.id ?? userName, before)
  // First of all, so that nothing wrong with the rest keeps somebody in.
  if (user.active === false && before !== null) await people.suspend(before.id, by, WHY)
  await people.put(spec, by)
  await identities.name(ISSUER, userName, spec.id)
  if (user.active === false && before === null) await people.suspend(spec.id, by, WHY)
  if (user.active === true && before !== null) await people.resume(spec.id, by)
  return told(await known(spec.id, ctx), ctx)
}

/** A page of what was found. */
export interface Page {
  readonly all: number
  readonly from: number
  readonly rows: readonly object[]
}

/** Users as asked for. The library cuts pages of lists that hold everything; ours never do. */
export function listUsers(resource: Resource, ctx: ScimContext): Promise<Page> {
  return spelt(async () => {
    const { people } = ctx
    const sought = equalTo(resource.filter, ['username', 'externalid', 'id'])
    if (sought !== null) {
      const row = await findUser(sought, ctx)
      return { all: row ? 1 : 0, from: 1, rows: row ? [row] : [] }
    }
    const { startIndex: from = 1, count = SCIM_PAGE_MAX } = resource.constraints ?? {}
    const { all, rows } = await people.at(from - 1, bounded(count))
    return { all, from, rows: await Promise.all(rows.map((row) => told(row, ctx))) }
  })
}

async function findUser([by, value]: [string, string], ctx: ScimContext) {
  const { people, identities } = ctx
  if (textProblem(value) !== null) return null
  const isByName = by === 'username'
  const named = isByName ? await identities.agentOf(ISSUER, value.toLowerCase()) : null
  const row =
    by === 'externalid'
      ? await people.byExternalId(value)
      : await people.agent(named ?? (isByName ? value.toLowerCase() : value))
  const user = row && (await told(row, ctx))
  return isByName && user?.userName !== value.toLowerCase() ? null : user
}

function bounded(count: number): number {
  return Math.min(Math.max(0, count), SCIM_PAGE_MAX)
}

/** The one comparison that directories look for what they know by: `ATTRIBUTE eq "VALUE"`. */
function equalTo(filter: Resource['filter'], names: readonly string[]): [string, string] | null {
  if (!filter) return null
  const match = /^\s*(\w+)\s+eq\s+"((?:[^"\\]|\\.)*)"\s*$/i.exec(filter.expression)
  const name = match?.[1].toLowerCase()
  if (!match || !names.includes(name!))
    throw new SCIMMY.Types.Error(
      400,
      'invalidFilter',
      `Only a comparison of ${names.join(', ')} by eq is known`,
    )
  return [name!, JSON.parse(`"${match[2]}"`) as string]
}

type Place = { readonly team: string } | { readonly role: Role }

async function placeOf(id: string, { people }: ScimContext): Promise<[Team, Place]> {
  const role = ROLE_GROUPS.find((group) => group.id === id)
  if (role) return [role, { role: role.role }]
  const team = (await people.teams()).find((one) => one.id === id)
  if (!team) throw new SCIMMY.Types.Error(404, '', 'Not found')
  return [team, { team: id }]
}

async function readGroup(id: string, ctx: ScimContext) {
  const [team, place] = await placeOf(id, ctx)
  return groupOf(team, await ctx.people.members(place, SCIM_GROUP_MEMBERS_MAX))
}

/** Groups as asked for. */
export function listGroups(resource: Resource, ctx: ScimContext): Promise<Page> {
  return spelt(async () => {
    const sought = equalTo(resource.filter, ['displayname', 'id'])
    const all = [...ROLE_GROUPS, ...(await ctx.people.teams())].filter(({ id, name }) => {
      if (sought === null) return true
      return sought[0] === 'id' ? id === sought[1] : sameName(name, sought[1])
    })
    const { startIndex: from = 1, count = SCIM_PAGE_MAX } = resource.constraints ?? {}
    const page = all.slice(from - 1, from - 1 + bounded(count))
    const rows: object[] = []
    for (const { id } of page) rows.push(await readGroup(id, ctx))
    return { all: all.length, from, rows }
  })
}

function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}

async function writeGroup(id: string | undefined, group: GroupIn, ctx: ScimContext) {
  const { people, by } = ctx
  const teams = await people.teams()
  const namesake = [...ROLE_GROUPS, ...teams].find(({ name }) => sameName(name, group.displayName))
  if (namesake && namesake.id !== id)
    throw new SCIMMY.Types.Error(409, 'uniqueness', 'There is a group of this name')
  const made = id ?? teamIdOf(group.displayName)
  if (id === undefined && teams.some((team) => team.id === made))
    throw new SCIMMY.Types.Error(409, 'uniqueness', 'There is a group of this id')
  const isRole = ROLE_GROUPS.some((role) => role.id === made)
  if (isRole && !sameName(group.displayName, made))
    throw new SCIMMY.Types.Error(400, 'mutability', 'A group that stands for a role keeps its name')
  if (id !== undefined) await placeOf(id, ctx)
  if (!isRole) await people.putTeam({ id: made, name: group.displayName }, by)
  const [team, place] = await placeOf(made, ctx)
  await setMembers(place, new Set(group.members?.map(({ value }) => value ?? '')), ctx)
  return groupOf(team, await people.members(place, SCIM_GROUP_MEMBERS_MAX))
}

/** Who leaves comes first, so that nothing wrong with who joins keeps them a right. */
async function setMembers(place: Place, wanted: ReadonlySet<string>, ctx: ScimContext) {
  const { people, by } = ctx
  if (wanted.size > SCIM_GROUP_MEMBERS_MAX)
    throw new SCIMMY.Types.Error(413, 'tooMany', 'The group has too many members')
  const now = await people.members(place, SCIM_GROUP_MEMBERS_MAX)
  const joining = [...wanted].filter((id) => !now.some((row) => row.id === id))
  const rows = await Promise.all(joining.map((id) => known(id, ctx)))
  for (const row of now) if (!wanted.has(row.id)) await people.put(without(row, place), by)
  for (const row of rows) await people.put(within(row, place), by)
}

function without(row: PersonRow, place: Place): PersonSpec {
  if ('team' in place) return { ...bare(row), team: null }
  return { ...bare(row), roles: row.roles.filter((role) => role !== place.role) }
}

function within(row: PersonRow, place: Place): PersonSpec {
  if ('team' in place) return { ...bare(row), team: place.team }
  return { ...bare(row), roles: [...row.roles, place.role] }
}

function bare({ id, person, name, mail, team, roles, externalId }: PersonRow): PersonSpec {
  return { id, person, name, mail, team, roles, externalId }
}

async function removeGroup(id: string, ctx: ScimContext): Promise<void> {
  const [, place] = await placeOf(id, ctx)
  if ('role' in place)
    throw new SCIMMY.Types.Error(400, 'mutability', 'A group that stands for a role stays')
  await setMembers(place, new Set(), ctx)
  await ctx.people.removeTeam(id, ctx.by)
}
