import { Button, Textarea } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'
import type { TicketPage } from '../../../src/http/desk/shapes/tickets.ts'
import { act } from '../../api/client.ts'
import { useMe } from '../../app/me.ts'
import { useAct } from '../../hooks/act.ts'
import { useDraft } from '../../hooks/draft.ts'
import { useKeys } from '../../hooks/keys.ts'
import { Hint } from '../../parts/hint.tsx'
import { Outcome } from '../../parts/outcome.tsx'

const EMPTY = { body: '', direction: 'out' as 'out' | 'note' }

/** Writes to the customer or a note; what is typed survives a reload and a new sign-in. */
export function Reply({ number, mayWrite }: { number: string } & Pick<TicketPage, 'mayWrite'>) {
  const { agent, words } = useMe()
  const client = useQueryClient()
  const draft = useDraft(agent.id, `ticket.${number}`, EMPTY)
  const box = useRef<HTMLTextAreaElement>(null)
  const { body } = draft.value
  const direction = mayWrite.includes(draft.value.direction) ? draft.value.direction : 'note'
  const send = useAct(
    () => act(`/tickets/${encodeURIComponent(number)}/messages`, { direction, body }),
    () => {
      draft.clear()
      void client.invalidateQueries({ queryKey: ['ticket', number] })
    },
  )
  useKeys([{ keys: 'w', does: 'Write', run: () => box.current?.focus() }])
  const isNote = direction === 'note'
  return (
    <form
      className="reply"
      data-note={isNote || undefined}
      onSubmit={(event) => {
        event.preventDefault()
        if (body.trim() !== '') send.run()
      }}
    >
      <Whom
        mayWrite={mayWrite}
        direction={direction}
        choose={(to) => draft.write({ ...draft.value, direction: to })}
      />
      <Textarea
        ref={box}
        aria-label={isNote ? 'Note for colleagues' : 'Reply to the customer'}
        rows={3}
        maxLength={words.limits.messageCharsMax}
        value={body}
        onChange={(event) => draft.write({ ...draft.value, body: event.currentTarget.value })}
        onKeyDown={(event) => {
          if (event.key === 'Escape') event.currentTarget.blur()
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && body.trim() !== '')
            send.run()
        }}
      />
      <div className="row">
        <Button
          type="submit"
          loading={send.busy}
          disabled={body.trim() === ''}
          rightSection={<Hint keys="Ctrl ⏎" />}
        >
          {isNote ? 'Add the note' : 'Send'}
        </Button>
        {body !== '' && <span className="mute">Kept in this tab until you send it.</span>}
      </div>
      <Outcome act={send} />
    </form>
  )
}

type Direction = TicketPage['mayWrite'][number]

/** `choose`: the agent chose that. */
function Whom(props: {
  mayWrite: readonly Direction[]
  direction: Direction
  choose: (to: Direction) => void
}) {
  const { mayWrite, direction, choose } = props
  return (
    <>
      <fieldset className="choice">
        <legend className="sr">Who reads it</legend>
        {mayWrite.map((to) => (
          <label key={to}>
            <input
              type="radio"
              name="direction"
              checked={direction === to}
              onChange={() => choose(to)}
            />
            {to === 'out' ? 'Reply to the customer' : 'Note for colleagues'}
          </label>
        ))}
      </fieldset>
      {!mayWrite.includes('out') && (
        <p className="mute">
          This customer cannot be written to from here: no mail server is connected, or there is no
          address on record.
        </p>
      )}
    </>
  )
}
