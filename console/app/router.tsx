import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Navigate,
} from '@tanstack/react-router'
import { asRefusal } from '../api/refusal.ts'
import { Empty, Refused } from '../parts/states.tsx'
import { useMe } from './me.ts'
import { homeOf } from './places.ts'
import { Shell } from './shell.tsx'

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
  interface HistoryState {
    /** Whom an exception is asked for: handles from a search, never in an address. */
    handles?: readonly string[]
  }
}

const root = createRootRoute({ component: Shell })
const page = <Path extends string>(path: Path, component: ReturnType<typeof lazyRouteComponent>) =>
  createRoute({ getParentRoute: () => root, path, component })

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: () => <Navigate to={homeOf(useMe().agent.roles)} replace />,
})

const pages = [
  page(
    '/queue',
    lazyRouteComponent(() => import('../pages/queue/queue.tsx'), 'QueuePage'),
  ),
  page(
    '/tickets/$number',
    lazyRouteComponent(() => import('../pages/ticket/ticket.tsx'), 'TicketPage'),
  ),
  page(
    '/search',
    lazyRouteComponent(() => import('../pages/search/search.tsx'), 'SearchPage'),
  ),
  page(
    '/exceptions',
    lazyRouteComponent(() => import('../pages/grants/grants.tsx'), 'GrantsPage'),
  ),
  page(
    '/exceptions/ask',
    lazyRouteComponent(() => import('../pages/grants/ask.tsx'), 'AskPage'),
  ),
  page(
    '/exceptions/$id',
    lazyRouteComponent(() => import('../pages/grants/grant.tsx'), 'GrantPage'),
  ),
  page(
    '/requests',
    lazyRouteComponent(() => import('../pages/requests/requests.tsx'), 'RequestsPage'),
  ),
  page(
    '/review',
    lazyRouteComponent(() => import('../pages/requests/review.tsx'), 'ReviewPage'),
  ),
  page(
    '/access',
    lazyRouteComponent(() => import('../pages/access/access.tsx'), 'AccessPage'),
  ),
  page(
    '/account',
    lazyRouteComponent(() => import('../pages/account/account.tsx'), 'AccountPage'),
  ),
  page(
    '/people',
    lazyRouteComponent(() => import('../pages/people/people.tsx'), 'PeoplePage'),
  ),
]

/** The addresses of the console; each can be shared with whoever may see it. */
export const router = createRouter({
  routeTree: root.addChildren([home, ...pages]),
  defaultPreload: 'intent',
  // Numbers of tickets are text.
  parseSearch: (search) => Object.fromEntries(new URLSearchParams(search)),
  stringifySearch: (search) => {
    const text = new URLSearchParams(search as Record<string, string>).toString()
    return text === '' ? '' : `?${text}`
  },
  defaultErrorComponent: ({ error, reset }) => <Refused refusal={asRefusal(error)} again={reset} />,
  defaultNotFoundComponent: () => <Empty title="There is no such page." />,
})
