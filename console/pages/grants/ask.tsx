import { useQueryClient } from '@tanstack/react-query'
import { useNavigate, useRouterState, useSearch } from '@tanstack/react-router'
import type { Ask, Grant } from '../../../src/http/desk/shapes/grants.ts'
import { act } from '../../api/client.ts'
import { useMe } from '../../app/me.ts'
import { useAct } from '../../hooks/act.ts'
import { useDraft } from '../../hooks/draft.ts'
import { Page } from '../../parts/page.tsx'
import { AskForm } from './ask-form.tsx'
import { bodyOf, type Draft, emptyDraft } from './draft.ts'

/** Asks for an exception: for whom, what, how long, and why. */
export function AskPage() {
  const { agent, words } = useMe()
  const navigate = useNavigate()
  const client = useQueryClient()
  const { ticket = '', fields = '' } = useSearch({ strict: false }) as Record<string, string>
  const handles = useRouterState({ select: ({ location }) => location.state.handles }) ?? []
  const first = words.reasons[0].reason as Ask['reason']
  const empty = emptyDraft(first, ticket, fields.split(' ').filter(Boolean))
  const draft = useDraft<Draft>(agent.id, `exception.${ticket}`, empty)
  const send = useAct(
    () => act<Grant>('/grants', bodyOf(draft.value, handles)),
    ({ id }) => {
      draft.clear()
      void client.invalidateQueries({ queryKey: ['grant'] })
      void navigate({ to: '/exceptions/$id', params: { id } })
    },
  )
  return (
    <Page
      title="Ask for an exception"
      lead="Somebody else decides, and sees what you write here. It stands in the log."
    >
      <AskForm draft={draft.value} write={draft.write} found={handles.length} send={send} />
    </Page>
  )
}
