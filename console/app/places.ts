import type { Session } from '../../src/http/desk/shapes/session.ts'

type Role = Session['agent']['roles'][number]

/** A page one can go to at any time. */
export interface Place {
  readonly to: string
  readonly label: string
  readonly keys: string
}

const WORKS: readonly Role[] = ['agent', 'lead']

const PLACES: readonly (Place & { readonly roles: readonly Role[] | null })[] = [
  { to: '/queue', label: 'Queue', keys: 'g q', roles: WORKS },
  { to: '/search', label: 'Search', keys: 'g s', roles: WORKS },
  { to: '/exceptions', label: 'Exceptions', keys: 'g e', roles: ['agent', 'lead', 'officer'] },
  { to: '/requests', label: 'Requests', keys: 'g r', roles: ['lead', 'officer'] },
  { to: '/review', label: 'Review', keys: 'g v', roles: ['officer'] },
  { to: '/people', label: 'People', keys: 'g p', roles: ['admin'] },
  { to: '/access', label: 'My access', keys: 'g a', roles: null },
  { to: '/account', label: 'Sign-ins', keys: 'g i', roles: null },
]

/** The pages for these roles, in the order of a day. */
export function placesFor(roles: readonly Role[]): readonly Place[] {
  return PLACES.filter((place) => place.roles?.some((role) => roles.includes(role)) ?? true)
}

/** Where somebody begins. */
export function homeOf(roles: readonly Role[]): string {
  return placesFor(roles)[0].to
}
