import { useInfiniteQuery } from '@tanstack/react-query'
import type { Request } from '../../../src/http/desk/shapes/grants.ts'
import { requestsQuery } from '../../api/queries.ts'
import { More } from '../../parts/more.tsx'
import { Page } from '../../parts/page.tsx'
import { Empty, Loaded } from '../../parts/states.tsx'
import { RequestCard } from './card.tsx'
import { Decide } from './decide.tsx'
import { useCardKeys } from './keys.ts'

/** Whose exception waits for me, and why should I say no? */
export function RequestsPage() {
  const query = useInfiniteQuery(requestsQuery)
  useCardKeys()
  return (
    <Page title="Requests" lead="Whose exception waits for me, and why should I say no?">
      <Loaded query={query} what="what waits for you">
        {({ pages }) => {
          const waiting = pages.flatMap(({ requests }) => requests).filter(waitsForDecision)
          return (
            <>
              {waiting.length === 0 && <Empty title="Nobody waits for you." />}
              {waiting.map((request) => (
                <RequestCard key={request.id} request={request}>
                  <Decide request={request} />
                </RequestCard>
              ))}
              <More query={query} />
            </>
          )
        }}
      </Loaded>
    </Page>
  )
}

/** Whether it waits for a yes or no; an emergency that was used waits for a review instead. */
export function waitsForDecision({ state, emergency }: Request): boolean {
  return state === 'asked' && !emergency
}
