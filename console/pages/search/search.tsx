import { Button, NativeSelect, TextInput } from '@mantine/core'
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import type { Search, SearchAnswer } from '../../../src/http/desk/shapes/search.ts'
import { act } from '../../api/client.ts'
import { accessQuery } from '../../api/queries.ts'
import { useMe } from '../../app/me.ts'
import { useAct } from '../../hooks/act.ts'
import { useKeys } from '../../hooks/keys.ts'
import { Hint } from '../../parts/hint.tsx'
import { Outcome } from '../../parts/outcome.tsx'
import { Page } from '../../parts/page.tsx'
import { Empty } from '../../parts/states.tsx'
import { Result } from './result.tsx'

const BY = [
  { value: 'mail', label: 'Mail address' },
  { value: 'phone', label: 'Phone number' },
  { value: 'ticket', label: 'Ticket number' },
  { value: 'customer', label: 'Customer number' },
]

/** Who is this? One exact identifier; what was looked for stays in this page's memory. */
export function SearchPage() {
  const client = useQueryClient()
  const [by, setBy] = useState<Search['by']>('mail')
  const [value, setValue] = useState('')
  const [answer, setAnswer] = useState<SearchAnswer | null>(null)
  const input = useRef<HTMLInputElement>(null)
  const look = useAct(
    () => act<SearchAnswer>('/search', { by, value: value.trim() }),
    (answer) => {
      setAnswer(answer)
      void client.invalidateQueries({ queryKey: ['budget'] })
    },
  )
  useKeys([{ keys: '/', does: 'Write what to look for', run: () => input.current?.focus() }])
  return (
    <Page title="Search" lead="Who is this? One exact identifier: no list, no wildcard.">
      <form
        className="search"
        autoComplete="off"
        onSubmit={(event) => {
          event.preventDefault()
          if (value.trim() !== '') look.run()
        }}
      >
        <NativeSelect
          label="Look for a"
          data={BY}
          value={by}
          onChange={(event) => setBy(event.currentTarget.value as Search['by'])}
        />
        <TextInput
          ref={input}
          label="Exactly"
          value={value}
          onChange={(event) => setValue(event.currentTarget.value)}
          rightSection={<Hint keys="/" />}
          inputMode={by === 'phone' ? 'tel' : by === 'mail' ? 'email' : 'text'}
          maxLength={254}
          spellCheck={false}
        />
        <Button type="submit" loading={look.busy} disabled={value.trim() === ''}>
          Search
        </Button>
      </form>
      <SearchesLeft />
      <Outcome act={look} />
      <div aria-live="polite">
        {answer?.found.length === 0 && (
          <Empty title="Nobody is found by exactly that.">
            Ask the customer to spell it, or for their ticket number.
          </Empty>
        )}
        {answer?.found.map((found, index) => (
          <Result
            key={found.handle}
            found={found}
            place={`${index + 1} of ${answer.found.length}`}
          />
        ))}
      </div>
    </Page>
  )
}

/** What is recorded, and how often one may. */
function SearchesLeft() {
  const { limits } = useMe().words
  const { data } = useInfiniteQuery(accessQuery)
  const searches = data?.pages[0].searches
  return (
    <p className="mute">
      Each search is recorded, found or not.
      {searches !== undefined &&
        ` This hour: ${searches.lastHour} of ${limits.searchesPerHourMax}, ${searches.missesLastHour} of ${limits.searchMissesPerHourMax} without a result.`}
    </p>
  )
}
