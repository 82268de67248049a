import { Button } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import type { CodeSent, TicketPage } from '../../../src/http/desk/shapes/tickets.ts'
import { act } from '../../api/client.ts'
import { useAct } from '../../hooks/act.ts'
import { useKeys } from '../../hooks/keys.ts'
import { Hint } from '../../parts/hint.tsx'
import { Outcome } from '../../parts/outcome.tsx'
import { spokenMask } from '../../words.ts'
import { CodeEntry } from './code-entry.tsx'

/** Makes a weak purpose good: the customer reads back a code that went to a contact on record. */
export function CodePanel({ data }: { data: TicketPage }) {
  const { ticket, codeTo, code, released } = data
  const client = useQueryClient()
  const path = `/tickets/${encodeURIComponent(ticket.number)}/code`
  const reload = () => client.invalidateQueries({ queryKey: ['ticket', ticket.number] })
  const send = useAct((field: string) => act<CodeSent>(path, { field }), reload)
  const helps = released.fields.some(({ advice }) => advice === 'ask-code')
  const first = codeTo.at(0)
  const isOffered = helps && first !== undefined
  useKeys(
    isOffered
      ? [{ keys: 's', does: 'Send the customer a code', run: () => send.run(first.field) }]
      : [],
  )
  if (!isOffered && code === null) return null
  return (
    <section className="code-panel" aria-labelledby="code-title">
      <h3 id="code-title">Is the customer with you?</h3>
      <p className="mute">
        Send a code to a contact on record. When the customer reads it back to you, you may see what
        this ticket needs.
      </p>
      {code !== null && <CodeEntry path={path} code={code} onPassed={reload} />}
      <div className="row">
        {codeTo.map(({ field, masked }, index) => (
          <Button
            key={field}
            variant={code === null && index === 0 ? 'filled' : 'default'}
            onClick={() => send.run(field)}
            loading={send.busy}
            rightSection={index === 0 ? <Hint keys="s" /> : undefined}
          >
            {code === null ? 'Send to' : 'Send again to'}&nbsp;
            <span aria-hidden>{masked}</span>
            <span className="sr">
              {field}, {spokenMask(masked)}
            </span>
          </Button>
        ))}
      </div>
      <Outcome act={send} />
    </section>
  )
}
