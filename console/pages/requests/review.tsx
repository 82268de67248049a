import { Button, Textarea } from '@mantine/core'
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import type { Review as Body, Request } from '../../../src/http/desk/shapes/grants.ts'
import { act } from '../../api/client.ts'
import { requestsQuery } from '../../api/queries.ts'
import { useMe } from '../../app/me.ts'
import { useAct } from '../../hooks/act.ts'
import { useDraft } from '../../hooks/draft.ts'
import { More } from '../../parts/more.tsx'
import { Outcome } from '../../parts/outcome.tsx'
import { Page } from '../../parts/page.tsx'
import { Empty, Loaded } from '../../parts/states.tsx'
import { RequestCard } from './card.tsx'
import { useCardKeys } from './keys.ts'
import { waitsForDecision } from './requests.tsx'

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
  const { agent, words } = useMe()
  const client = useQueryClient()
  const draft = useDraft(agent.id, `review.${request.id}`, '')
  const review = useAct(
    (verdict: Body['verdict']) =>
      act(`/requests/${encodeURIComponent(request.id)}/review`, {
        verdict,
        text: draft.value.trim(),
      } satisfies Body),
    () => {
      draft.clear()
      void client.invalidateQueries({ queryKey: ['request'] })
    },
  )
  if (request.blocked !== null)
    return (
      <p className="blocked">
        <strong>You cannot review this:</strong> {request.blocked}
      </p>
    )
  const isEmpty = draft.value.trim() === ''
  return (
    <div className="decide">
      <Textarea
        label="Why"
        rows={2}
        maxLength={words.limits.reasonCharsMax}
        value={draft.value}
        onChange={(event) => draft.write(event.currentTarget.value)}
      />
      <div className="row">
        <Button
          variant="default"
          disabled={isEmpty}
          loading={review.busy}
          onClick={() => review.run('wrong')}
        >
          It should not have been
        </Button>
        <Button
          variant="default"
          disabled={isEmpty}
          loading={review.busy}
          onClick={() => review.run('fine')}
        >
          It was right
        </Button>
      </div>
      <Outcome act={review} />
    </div>
  )
}
