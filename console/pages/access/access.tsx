import { Button } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { accessQuery } from '../../api/queries.ts'
import { useMe } from '../../app/me.ts'
import { useKeys } from '../../hooks/keys.ts'
import { BudgetGauges } from '../../parts/gauge.tsx'
import { Hint } from '../../parts/hint.tsx'
import { More } from '../../parts/more.tsx'
import { Page } from '../../parts/page.tsx'
import { Empty, Loaded } from '../../parts/states.tsx'
import { DayPicture } from './day-picture.tsx'
import { ShownTable } from './shown-table.tsx'

/** What was I shown today, and how much of my budget is left? */
export function AccessPage() {
  const query = useInfiniteQuery(accessQuery)
  const { agent } = useMe()
  const [isTable, setTable] = useState(false)
  const toggle = () => setTable(!isTable)
  useKeys([{ keys: 't', does: 'Picture or table', run: toggle }])
  return (
    <Page
      title="My access"
      lead="What was I shown in the last 24 hours, and how much of my budget is left?"
      actions={
        <Button
          variant="default"
          aria-pressed={isTable}
          onClick={toggle}
          rightSection={<Hint keys="t" />}
        >
          {isTable ? 'As a picture' : 'As a table'}
        </Button>
      }
    >
      <Loaded query={query} what="what you were shown">
        {({ pages }) => {
          const shown = pages.flatMap((page) => page.shown)
          return (
            <>
              <BudgetGauges budget={pages[0].budget} />
              <p className="mute">
                Customers of whom you were shown something clear. Over it, ask for an exception. The
                log knows you as {agent.pseudonym}.
              </p>
              {shown.length === 0 && <Empty title="You were shown nothing in the last 24 hours." />}
              {shown.length > 0 && !isTable && <DayPicture shown={shown} />}
              {shown.length > 0 && isTable && <ShownTable shown={shown} />}
              <More query={query} />
            </>
          )
        }}
      </Loaded>
    </Page>
  )
}
