import type { Decide as Body, Request } from '../../../src/http/desk/shapes/grants.ts'
import { useMe } from '../../app/me.ts'
import { Say } from './say.tsx'

/** Yes or no, equally near; either way the asker reads why. */
export function Decide({ request }: { request: Request }) {
  const { agent } = useMe()
  return (
    <Say<Body>
      request={request}
      verb="decide"
      label={`What ${request.agentName} is told`}
      answers={[
        { says: 'Say no', is: { approve: false } },
        { says: 'Approve', is: { approve: true } },
      ]}
    >
      <span className="mute">
        Recorded: {agent.name}, yes or no, for {request.agentName}.
      </span>
    </Say>
  )
}
