import { Outlet, useNavigate } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { useKeyboard, useKeys } from '../hooks/keys.ts'
import { Help } from './help.tsx'
import { useLive } from './live.ts'
import { useMe } from './me.ts'
import { Nav } from './nav.tsx'
import { Palette } from './palette.tsx'
import { placesFor } from './places.ts'

/** What stands around every page. */
export function Shell() {
  const { agent, demo } = useMe()
  const [helpIsOpen, setHelp] = useState(false)
  const navigate = useNavigate()
  const line = useLive()
  useKeyboard()
  useKeys(
    useMemo(
      () => [
        ...placesFor(agent.roles).map(({ to, label, keys }) => ({
          keys,
          does: `Go to ${label}`,
          run: () => void navigate({ to }),
        })),
        { keys: '?', does: 'Show the keys', run: () => setHelp(true) },
      ],
      [agent.roles, navigate],
    ),
  )
  return (
    <>
      <a className="skip" href="#main">
        Skip to the page
      </a>
      {demo && (
        <aside className="demo-line" aria-label="Demonstration">
          Demonstration: people, customers and messages are invented.
        </aside>
      )}
      <div className="shell">
        <Nav line={line} onHelp={() => setHelp(true)} />
        <main id="main" tabIndex={-1}>
          <Outlet />
        </main>
      </div>
      <Palette />
      <Help isOpen={helpIsOpen} onClose={() => setHelp(false)} />
    </>
  )
}
