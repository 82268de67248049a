/** What the pages read. Keys begin with the kind of live update that makes them old. */
import { infiniteQueryOptions, QueryClient, queryOptions } from '@tanstack/react-query'
import type { Access } from '../../src/http/desk/shapes/access.ts'
import type { Event } from '../../src/http/desk/shapes/events.ts'
import type { Grant, Grants, Requests } from '../../src/http/desk/shapes/grants.ts'
import type { Colleagues, People, Teams } from '../../src/http/desk/shapes/people.ts'
import type { Passkey, Session, Sessions } from '../../src/http/desk/shapes/session.ts'
import type { Queue, TicketPage } from '../../src/http/desk/shapes/tickets.ts'
import { ask } from './client.ts'
import { asRefusal } from './refusal.ts'

const TRIES_MAX = 2

/** The memory of this page; nothing of it is ever written to the browser's storage. */
export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        retry: (failures, error) => asRefusal(error).code === 'OFFLINE' && failures < TRIES_MAX,
        staleTime: 15_000,
        refetchOnWindowFocus: true,
      },
    },
  })
}

const one = <T>(key: readonly string[], path: string) =>
  queryOptions({ queryKey: key, queryFn: ({ signal }) => ask<T>(path, { signal }) })

/** A list that comes in pages. */
const paged = <T extends { cursor: string | null }>(key: readonly string[], path: string) =>
  infiniteQueryOptions({
    queryKey: key,
    queryFn: ({ pageParam, signal }) =>
      ask<T>(pageParam === '' ? path : `${path}?cursor=${encodeURIComponent(pageParam)}`, {
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: (page: T) => page.cursor,
  })

/** Who I am. */
export const sessionQuery = one<Session>(['session'], '/session')
/** My tickets, and what waits. */
export const queueQuery = paged<Queue>(['queue'], '/queue')
/** My exceptions. */
export const grantsQuery = paged<Grants>(['grant'], '/grants')
/** One of my exceptions. */
export const grantQuery = (id: string) =>
  one<Grant>(['grant', id], `/grants/${encodeURIComponent(id)}`)
/** What waits for my decision. */
export const requestsQuery = paged<Requests>(['request'], '/requests')
/** What I was shown. */
export const accessQuery = paged<Access>(['budget'], '/access')
/** Where I am signed in. */
export const sessionsQuery = one<Sessions>(['sessions'], '/sessions')
/** My passkeys. */
export const passkeysQuery = one<{ passkeys: Passkey[] }>(['passkeys'], '/passkeys')
/** Everybody, for admins. */
export const peopleQuery = paged<People>(['people'], '/people')
/** Teams and their budgets. */
export const teamsQuery = one<Teams>(['teams'], '/teams')
/** Who a ticket can be given to. */
export const colleaguesQuery = paged<Colleagues>(['colleagues'], '/colleagues')

/** A ticket and what may be seen of its customer: forgotten as soon as no page shows it. Each look is
 * in the log, so it is asked for anew only when something happened. */
export const ticketQuery = (number: string) =>
  queryOptions({
    ...one<TicketPage>(['ticket', number], `/tickets/${encodeURIComponent(number)}`),
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  })

/** Asks anew for what an event made old. */
export function refresh(client: QueryClient, { kind, ticket }: Event): void {
  const stale = (...queryKey: string[]) => void client.invalidateQueries({ queryKey })
  if (kind === 'resume') return void client.invalidateQueries()
  if (kind !== 'ticket') stale(kind)
  // A ticket of mine is always named; without a number it is one that waits.
  if (kind === 'ticket') stale('queue')
  if (kind === 'ticket' && ticket !== null) stale('ticket', ticket)
  if (kind === 'session') stale('sessions')
}
