import { Button } from '@mantine/core'
import { spotlight } from '@mantine/spotlight'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, useRouterState } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import type { Line } from '../api/events.ts'
import { requestsQuery } from '../api/queries.ts'
import { Hint } from '../parts/hint.tsx'
import { useMe } from './me.ts'
import { type Place, placesFor } from './places.ts'
import { SignOut } from './sign-out.tsx'

const LINE_WORDS: Record<Line, string> = {
  live: 'Live',
  reconnecting: 'Reconnecting',
  offline: 'Offline: what you type is kept',
  ended: 'Signed out',
}

/** The pages, who is signed in, and whether updates come. */
export function Nav({ line, onHelp }: { line: Line; onHelp: () => void }) {
  const { agent } = useMe()
  const [isOpen, setOpen] = useState(false)
  const path = useRouterState({ select: ({ location }) => location.pathname })
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new address closes the menu
  useEffect(() => setOpen(false), [path])
  return (
    <section className="side" aria-label="The desk" data-open={isOpen || undefined}>
      <div className="side-head">
        <span className="brand">Telltale</span>
        <span className="line" data-line={line} role="status">
          {LINE_WORDS[line]}
        </span>
        <Button
          className="side-toggle"
          variant="default"
          aria-expanded={isOpen}
          aria-controls="side-body"
          onClick={() => setOpen(!isOpen)}
        >
          Menu
        </Button>
      </div>
      <div id="side-body" className="side-body">
        <nav aria-label="Pages">
          <ul className="places">
            {placesFor(agent.roles).map((place) => (
              <li key={place.to}>
                <PlaceLink place={place} />
              </li>
            ))}
          </ul>
        </nav>
        <div className="side-foot">
          <Button
            variant="subtle"
            justify="space-between"
            onClick={() => spotlight.open()}
            fullWidth
            rightSection={<Hint keys="Ctrl K" />}
          >
            Find or do
          </Button>
          <Button
            variant="subtle"
            justify="space-between"
            onClick={onHelp}
            fullWidth
            rightSection={<Hint keys="?" />}
          >
            Keys
          </Button>
          <p className="who">
            <strong>{agent.name}</strong>
            <span className="mute">{agent.roles.join(', ')}</span>
          </p>
          <SignOut />
        </div>
      </div>
    </section>
  )
}

function PlaceLink({ place }: { place: Place }) {
  return (
    <Link to={place.to} className="place" activeProps={{ 'aria-current': 'page' }}>
      <span>{place.label}</span>
      {place.to === '/requests' && <Waiting />}
      <Hint keys={place.keys} />
    </Link>
  )
}

/** How many exceptions wait for me. */
function Waiting() {
  const { data } = useInfiniteQuery(requestsQuery)
  const count = data?.pages
    .flatMap(({ requests }) => requests)
    .filter(
      ({ state, emergency, blocked }) => state === 'asked' && !emergency && blocked === null,
    ).length
  if (!count) return null
  return (
    <span className="count">
      {count}
      <span className="sr"> waiting</span>
    </span>
  )
}
