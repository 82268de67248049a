import { Button } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import type { TicketRow } from '../../../src/http/desk/shapes/tickets.ts'
import { act } from '../../api/client.ts'
import { useMe } from '../../app/me.ts'
import { useAct } from '../../hooks/act.ts'
import { useKeys } from '../../hooks/keys.ts'
import { Hint } from '../../parts/hint.tsx'
import { Outcome } from '../../parts/outcome.tsx'
import { Assign } from './assign.tsx'
import { Closing } from './closing.tsx'
import { Merge } from './merge.tsx'

type Open = 'assign' | 'merge' | 'closing' | null

/** What can be done with the ticket itself. */
export function Work({ ticket }: { ticket: TicketRow }) {
  const [open, setOpen] = useState<Open>(null)
  const { agent } = useMe()
  const client = useQueryClient()
  const navigate = useNavigate()
  const path = `/tickets/${encodeURIComponent(ticket.number)}`
  const reload = () => client.invalidateQueries({ queryKey: ['ticket', ticket.number] })
  const leave = () => {
    void client.invalidateQueries({ queryKey: ['queue'] })
    void navigate({ to: '/queue' })
  }
  const take = useAct((how: 'take' | 'reopen') => act(`${path}/${how}`), reload)
  const isOpen = ticket.state === 'open'
  const isMine = isOpen && ticket.assignee === agent.id
  const toggle = (what: Open) => setOpen(open === what ? null : what)
  const close = { keys: 'c', does: 'Close the ticket', run: () => setOpen('closing') }
  const keys = [
    { keys: 'a', does: 'Give the ticket to a colleague', run: () => toggle('assign') },
    { keys: 'm', does: 'Merge the ticket into another', run: () => toggle('merge') },
  ]
  const reopen = { keys: 'o', does: 'Reopen the ticket', run: () => take.run('reopen') }
  useKeys(isMine ? [close, ...keys] : isOpen ? keys : [reopen])
  return (
    <section className="work" aria-label="Work on the ticket">
      <div className="row">
        {isMine && (
          <Do keys="c" run={() => setOpen('closing')}>
            Close
          </Do>
        )}
        {isOpen && !isMine && <Button onClick={() => take.run('take')}>Take it</Button>}
        {isOpen && (
          <Do keys="a" open={open === 'assign'} run={() => toggle('assign')}>
            Give to
          </Do>
        )}
        {isOpen && (
          <Do keys="m" open={open === 'merge'} run={() => toggle('merge')}>
            Merge
          </Do>
        )}
        {!isOpen && (
          <Do keys="o" run={() => take.run('reopen')}>
            Reopen
          </Do>
        )}
        {!isOpen && <span className="mute">A ticket you reopen rests on your own word.</span>}
      </div>
      {open === 'closing' && <Closing path={path} onUndo={() => setOpen(null)} onClosed={leave} />}
      {open === 'assign' && <Assign path={path} onDone={leave} />}
      {open === 'merge' && <Merge path={path} onDone={leave} />}
      <Outcome act={take} />
    </section>
  )
}

/** `open`: whether the form that the button brings is there. */
function Do(props: { keys: string; run: () => void; open?: boolean; children: ReactNode }) {
  return (
    <Button
      variant="default"
      aria-expanded={props.open}
      onClick={props.run}
      rightSection={<Hint keys={props.keys} />}
    >
      {props.children}
    </Button>
  )
}
