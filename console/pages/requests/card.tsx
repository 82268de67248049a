import type { ReactNode } from 'react'
import type { Request } from '../../../src/http/desk/shapes/grants.ts'
import { useMe } from '../../app/me.ts'
import { Ago } from '../../parts/time.tsx'
import { counted, wanted } from '../../words.ts'

/** One request: who wants what and why, what speaks against it, how they and I usually are. */
export function RequestCard({ request, children }: { request: Request; children: ReactNode }) {
  const { words } = useMe()
  const { agentName, fields, minutes, text, whyNot, emergency } = request
  const labels = new Map(words.fields.map(({ name, label }) => [name, label]))
  const reason = words.reasons.find((one) => one.reason === request.reason)?.label ?? request.reason
  const title = `request-${request.id}`
  return (
    <article className="request" aria-labelledby={title} tabIndex={-1}>
      <header>
        <h2 id={title}>
          {agentName}: {wanted(request)}
        </h2>
        <p className="mute">
          Asked <Ago atMs={request.askedAtMs} />
          {request.ticket !== null && ` about ticket ${request.ticket}`}
          {emergency && <strong className="harm"> · emergency, used at once</strong>}
        </p>
      </header>
      <div className="request-body">
        <div className="against">
          <h3>What speaks against it</h3>
          {whyNot.length === 0 ? (
            <p className="mute">Nothing that the desk can see. You know more than it does.</p>
          ) : (
            <ul>
              {whyNot.map((why) => (
                <li key={why}>{why}</li>
              ))}
            </ul>
          )}
          <Usual request={request} />
        </div>
        <div>
          <h3>What they ask</h3>
          {fields.length > 0 && <p>{fields.map((name) => labels.get(name) ?? name).join(', ')}</p>}
          <p>For {counted(minutes, 'minute')}.</p>
          <blockquote dir="auto">
            <strong>{reason}.</strong> {text}
          </blockquote>
          {children}
        </div>
      </div>
    </article>
  )
}

/** Numbers with what they are compared to. */
function Usual({ request: { asker, mine, agentName } }: { request: Request }) {
  return (
    <dl className="usual">
      <div>
        <dt>{agentName} in 30 days</dt>
        <dd>
          asked {counted(asker.asked30d, 'time')}, where comparable colleagues asked{' '}
          {asker.peersMedian30d}; {asker.approved30d} approved
        </dd>
      </div>
      <div>
        <dt>Live tickets of theirs</dt>
        <dd>{asker.liveTickets}</dd>
      </div>
      <div>
        <dt>You</dt>
        <dd>
          approved {mine.approvedToday} of {mine.decidedToday} today, {mine.approvedForThem7d} for{' '}
          {agentName} in 7 days
          {mine.medianSeconds !== null && `; you usually take ${Math.round(mine.medianSeconds)} s`}
        </dd>
      </div>
    </dl>
  )
}
