import { Button } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { Queue, TicketRow } from '../../../src/http/desk/shapes/tickets.ts'
import { act } from '../../api/client.ts'
import { useAct } from '../../hooks/act.ts'
import { useKeys } from '../../hooks/keys.ts'
import { Hint } from '../../parts/hint.tsx'
import { Outcome } from '../../parts/outcome.tsx'
import { Ago } from '../../parts/time.tsx'
import { counted } from '../../words.ts'

/** What waits, and the one button that matters here. */
export function Waiting({ waiting }: { waiting: Queue['waiting'] }) {
  const client = useQueryClient()
  const navigate = useNavigate()
  const count = waiting.reduce((sum, queue) => sum + queue.count, 0)
  const next = useAct(
    () => act<TicketRow>('/queue/next'),
    ({ number }) => {
      void client.invalidateQueries({ queryKey: ['queue'] })
      void navigate({ to: '/tickets/$number', params: { number } })
    },
  )
  useKeys([{ keys: 'n', does: 'Take the next ticket', run: next.run }])
  return (
    <section className="next" aria-label="Waiting">
      <div className="next-head">
        <p className="next-count">
          {count === 0
            ? 'Nobody waits.'
            : `${counted(count, 'customer')} ${count === 1 ? 'waits' : 'wait'}.`}
        </p>
        <Button
          size="sm"
          onClick={next.run}
          loading={next.busy}
          disabled={count === 0}
          rightSection={<Hint keys="n" />}
        >
          Take the next ticket
        </Button>
      </div>
      {waiting.length > 0 && (
        <ul className="queues">
          {waiting.map(({ queue, count, oldestAtMs }) => (
            <li key={queue} data-none={count === 0 || undefined}>
              <span className="queue-name">{queue}</span>
              <span className="queue-count">{count}</span>
              <span className="mute">
                {oldestAtMs === null ? (
                  'nobody waits'
                ) : (
                  <>
                    the oldest <Ago atMs={oldestAtMs} />
                  </>
                )}
              </span>
            </li>
          ))}
        </ul>
      )}
      <Outcome act={next} />
    </section>
  )
}
