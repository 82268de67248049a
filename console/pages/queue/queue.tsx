import { useInfiniteQuery } from '@tanstack/react-query'
import { queueQuery } from '../../api/queries.ts'
import { More } from '../../parts/more.tsx'
import { Page } from '../../parts/page.tsx'
import { Empty, Loaded } from '../../parts/states.tsx'
import { MyTickets } from './mine.tsx'
import { Waiting } from './waiting.tsx'

/** Whom do I help next? */
export function QueuePage() {
  const query = useInfiniteQuery(queueQuery)
  return (
    <Page title="Queue" lead="Whom do I help next?">
      <Loaded query={query} what="your queue">
        {({ pages }) => {
          const mine = pages.flatMap((page) => page.mine)
          return (
            <>
              <Waiting waiting={pages[0].waiting} />
              <section aria-labelledby="mine">
                <h2 id="mine">Yours</h2>
                {mine.length === 0 ? (
                  <Empty title="You have no open ticket.">
                    The router's next one is yours with one key: <kbd>n</kbd>
                  </Empty>
                ) : (
                  <MyTickets tickets={mine} />
                )}
                <More query={query} />
              </section>
            </>
          )
        }}
      </Loaded>
    </Page>
  )
}
