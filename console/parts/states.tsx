import { Button } from '@mantine/core'
import { type ReactNode, useEffect, useState } from 'react'
import { endsSession } from '../api/client.ts'
import { asRefusal, type Refusal } from '../api/refusal.ts'

const SHOWN_AFTER_MS = 200
const BARS = ['a', 'b', 'c', 'd'] as const

/** Nothing here, and what to do now. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="state">
      <p className="state-title">{title}</p>
      {children !== undefined && <div className="mute">{children}</div>}
    </div>
  )
}

/** Something is on its way; says so only where it takes long enough to notice. */
export function Loading({ what }: { what: string }) {
  const [isShown, setShown] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), SHOWN_AFTER_MS)
    return () => clearTimeout(timer)
  }, [])
  return (
    <div role="status" className="loading" data-shown={isShown || undefined}>
      {isShown && <span className="sr">Loading {what}</span>}
      {BARS.map((bar) => (
        <span key={bar} className="bar" />
      ))}
    </div>
  )
}

/** A refusal: what it says, what to do and who can help, and the way to try again. */
export function Refused({
  refusal,
  again,
}: {
  refusal: Refusal
  again?: (() => void) | undefined
}) {
  return (
    <div className="refused" role="alert">
      <p>
        <strong>{refusal.message}</strong> {refusal.next}
      </p>
      <p className="refused-foot">
        <span className="code">{refusal.code}</span>
        {again !== undefined && (
          <Button variant="default" onClick={again}>
            Try again
          </Button>
        )}
      </p>
    </div>
  )
}

interface Query<T> {
  readonly data: T | undefined
  readonly error: unknown
  readonly refetch: () => unknown
}

/** What a query brought, or its loading or refusal: the same on every page. What is there stays while
 * it is asked for anew, but never after a refusal that takes it away. */
export function Loaded<T>(props: {
  readonly query: Query<T>
  readonly what: string
  readonly children: (data: T) => ReactNode
}) {
  const { query, what, children } = props
  const refusal = query.error === null ? null : asRefusal(query.error)
  const isTaken = refusal !== null && refusal.status >= 400 && refusal.status < 500
  const isGone = refusal !== null && endsSession(refusal)
  if (query.data !== undefined && (!isTaken || isGone)) return children(query.data)
  if (refusal !== null && !isGone) return <Refused refusal={refusal} again={query.refetch} />
  return <Loading what={what} />
}
