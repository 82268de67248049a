import { useInfiniteQuery } from '@tanstack/react-query'
import type { Review as Body, Request } from '../../../src/http/desk/shapes/grants.ts'
import { requestsQuery } from '../../api/queries.ts'
import { More } from '../../parts/more.tsx'
import { Page } from '../../parts/page.tsx'
import { Empty, Loaded } from '../../parts/states.tsx'
import { RequestCard } from './card.tsx'
import { useCardKeys } from './keys.ts'
import { waitsForDecision } from './requests.tsx'
import { Say } from './say.tsx'

/** What was used before anybody decided: should it have been? */
export function ReviewPage() {
  const query = useInfiniteQuery(requestsQuery)
  useCardKeys()
  return (
    <Page title="Review" lead="What was used before anybody decided: should it have been?">
      <Loaded query={query} what="what waits for a review">
        {({ pages }) => {
          const open = pages
            .flatMap(({ requests }) => requests)
            .filter((request) => !waitsForDecision(request) && request.review === null)
          return (
            <>
              {open.length === 0 && <Empty title="Nothing waits for a review." />}
              {open.map((request) => (
                <RequestCard key={request.id} request={request}>
                  <Review request={request} />
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

function Review({ request }: { request: Request }) {
  return (
    <Say<Body>
      request={request}
      verb="review"
      label="Why"
      answers={[
        { says: 'It should not have been', is: { verdict: 'wrong' } },
        { says: 'It was right', is: { verdict: 'fine' } },
      ]}
    />
  )
}
