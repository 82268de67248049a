import { Button } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import type { Grant } from '../../../src/http/desk/shapes/grants.ts'
import { act } from '../../api/client.ts'
import { grantQuery } from '../../api/queries.ts'
import { useMe } from '../../app/me.ts'
import { useAct } from '../../hooks/act.ts'
import { Outcome } from '../../parts/outcome.tsx'
import { Page } from '../../parts/page.tsx'
import { Loaded } from '../../parts/states.tsx'
import { Ago, Left } from '../../parts/time.tsx'
import { counted, wanted } from '../../words.ts'
import { Export } from './export.tsx'
import { isLive, Standing } from './standing.tsx'
import { GrantCustomers } from './use.tsx'

/** One of my exceptions: may I use it, on whom, how long? */
export function GrantPage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const query = useQuery(grantQuery(id))
  return (
    <Page title="Exception" lead={query.data && <Standing grant={query.data} />}>
      <Loaded query={query} what="the exception">
        {(grant) => (
          <>
            <Facts grant={grant} />
            {isLive(grant) && grant.kind === 'see' && <GrantCustomers grant={grant} />}
            {isLive(grant) && grant.kind === 'export' && <Export grant={grant} />}
            {isLive(grant) && grant.kind === 'budget' && (
              <p>Nothing to do here: your budget of the day is {grant.extra} customers larger.</p>
            )}
            <End grant={grant} />
          </>
        )}
      </Loaded>
    </Page>
  )
}

function Facts({ grant }: { grant: Grant }) {
  const { words } = useMe()
  const labels = new Map(words.fields.map(({ name, label }) => [name, label]))
  const reason = words.reasons.find((one) => one.reason === grant.reason)?.label ?? grant.reason
  return (
    <dl className="facts">
      <Fact name="What">{wanted(grant)}</Fact>
      <Fact name="Fields">
        {grant.fields.map((name) => labels.get(name) ?? name).join(', ') || 'none'}
      </Fact>
      <Fact name="Why">
        {reason}: {grant.text}
      </Fact>
      {grant.ticket !== null && <Fact name="Ticket">{grant.ticket}</Fact>}
      <Fact name="Asked">
        <Ago atMs={grant.askedAtMs} />, for {counted(grant.minutes, 'minute')}
      </Fact>
      {isLive(grant) && (
        <Fact name="Time left">
          <Left untilMs={grant.liveUntilMs!} />
        </Fact>
      )}
      {grant.decidedAtMs !== null && (
        <Fact name="Decided">
          <Ago atMs={grant.decidedAtMs} /> by {grant.decidedBy}: {grant.decisionText}
        </Fact>
      )}
    </dl>
  )
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function End({ grant }: { grant: Grant }) {
  const client = useQueryClient()
  const end = useAct(
    () => act(`/grants/${encodeURIComponent(grant.id)}/end`),
    () => client.invalidateQueries({ queryKey: ['grant'] }),
  )
  if (!isLive(grant) && grant.state !== 'asked') return null
  return (
    <section className="row end" aria-label="End it">
      <Button variant="default" onClick={end.run} loading={end.busy}>
        {grant.state === 'asked' ? 'Withdraw it' : 'I am done with it'}
      </Button>
      <span className="mute">It then ends now, for good.</span>
      <Outcome act={end} />
    </section>
  )
}
