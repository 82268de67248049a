import { Button, Textarea } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { Request } from '../../../src/http/desk/shapes/grants.ts'
import { act } from '../../api/client.ts'
import { useMe } from '../../app/me.ts'
import { useAct } from '../../hooks/act.ts'
import { useDraft } from '../../hooks/draft.ts'
import { Outcome } from '../../parts/outcome.tsx'

/** What is sent, but for the words that go with it. */
type Verdict<Body> = Omit<Body, 'text'>

interface Props<Body> {
  readonly request: Request
  readonly verb: 'decide' | 'review'
  readonly label: string
  /** Equally near, in this order. */
  readonly answers: readonly { readonly says: string; readonly is: Verdict<Body> }[]
  readonly children?: ReactNode
}

/** One of two answers to a request, in words that survive a reload; or what keeps one from answering. */
export function Say<Body extends { text: string }>(props: Props<Body>) {
  const { request, verb, label, answers, children } = props
  const { agent, words } = useMe()
  const client = useQueryClient()
  const draft = useDraft(agent.id, `${verb}.${request.id}`, '')
  const say = useAct(
    (is: Verdict<Body>) =>
      act(`/requests/${encodeURIComponent(request.id)}/${verb}`, {
        ...is,
        text: draft.value.trim(),
      }),
    () => {
      draft.clear()
      void client.invalidateQueries({ queryKey: ['request'] })
    },
  )
  if (request.blocked !== null)
    return (
      <p className="blocked">
        <strong>You cannot {verb} this:</strong> {request.blocked}
      </p>
    )
  const isEmpty = draft.value.trim() === ''
  return (
    <div className="decide">
      <Textarea
        label={label}
        rows={2}
        maxLength={words.limits.reasonCharsMax}
        value={draft.value}
        onChange={(event) => draft.write(event.currentTarget.value)}
      />
      <div className="row">
        {answers.map(({ says, is }) => (
          <Button
            key={says}
            variant="default"
            disabled={isEmpty}
            loading={say.busy}
            onClick={() => say.run(is)}
          >
            {says}
          </Button>
        ))}
        {children}
      </div>
      <Outcome act={say} />
    </div>
  )
}
