import { Spotlight, type SpotlightActionData } from '@mantine/spotlight'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { keysNow } from '../hooks/keys.ts'
import { Hint } from '../parts/hint.tsx'

const TICKET = /^#?([\w-]*\d[\w-]*)$/

/** Everything one can do here and everywhere one can go, by its name; or a ticket by its number. */
export function Palette() {
  const navigate = useNavigate()
  const [query, setQuery] = useState('')
  const [actions, setActions] = useState<SpotlightActionData[]>([])
  const gather = () => {
    setQuery('')
    setActions(
      keysNow()
        .filter(({ listed }) => listed !== false)
        .map(({ keys, does, run }) => ({
          id: keys,
          label: does,
          onClick: run,
          dimmedSections: false,
          rightSection: <Hint keys={keys} />,
        })),
    )
  }
  const number = TICKET.exec(query.trim())?.[1]
  const open = number && {
    id: 'ticket',
    label: `Open ticket ${number}`,
    onClick: () => void navigate({ to: '/tickets/$number', params: { number } }),
  }
  const wanted = query.trim().toLowerCase()
  const found = actions.filter(({ label }) => label!.toLowerCase().includes(wanted))
  return (
    <Spotlight
      actions={open ? [open, ...found] : found}
      filter={(_, all) => all}
      query={query}
      onQueryChange={setQuery}
      onSpotlightOpen={gather}
      shortcut="mod + K"
      lockScroll={false}
      attributes={{ content: { 'aria-label': 'Find or do' } }}
      overlayProps={{ blur: 0 }}
      transitionProps={{ duration: 0 }}
      scrollable
      maxHeight={420}
      nothingFound="Nothing here is called that."
      searchProps={{
        placeholder: 'What do you want to do? Or the number of a ticket',
        'aria-label': 'What do you want to do? Or the number of a ticket',
      }}
    />
  )
}
