import { Button, Textarea } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import type { Decide as Body, Grant, Request } from '../../../src/http/desk/shapes/grants.ts'
import { act } from '../../api/client.ts'
import { useMe } from '../../app/me.ts'
import { useAct } from '../../hooks/act.ts'
import { useDraft } from '../../hooks/draft.ts'
import { Outcome } from '../../parts/outcome.tsx'

/** Yes or no, equally near; either way the asker reads why. */
export function Decide({ request }: { request: Request }) {
  const { agent, words } = useMe()
  const client = useQueryClient()
  const draft = useDraft(agent.id, `decide.${request.id}`, '')
  const decide = useAct(
    (approve: boolean) =>
      act<Grant>(`/requests/${encodeURIComponent(request.id)}/decide`, {
        approve,
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
        <strong>You cannot decide this:</strong> {request.blocked}
      </p>
    )
  const isEmpty = draft.value.trim() === ''
  return (
    <div className="decide">
      <Textarea
        label={`What ${request.agentName} is told`}
        rows={2}
        maxLength={words.limits.reasonCharsMax}
        value={draft.value}
        onChange={(event) => draft.write(event.currentTarget.value)}
      />
      <div className="row">
        <Button
          variant="default"
          disabled={isEmpty}
          loading={decide.busy}
          onClick={() => decide.run(false)}
        >
          Say no
        </Button>
        <Button
          variant="default"
          disabled={isEmpty}
          loading={decide.busy}
          onClick={() => decide.run(true)}
        >
          Approve
        </Button>
        <span className="mute">
          Recorded: {agent.name}, yes or no, for {request.agentName}.
        </span>
      </div>
      <Outcome act={decide} />
    </div>
  )
}
