import { useQuery, useQueryClient } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { endsSession, onSessionEnd } from '../api/client.ts'
import { sessionQuery } from '../api/queries.ts'
import { asRefusal, type Refusal } from '../api/refusal.ts'
import { onOtherTab } from '../api/tabs.ts'
import { SignIn } from '../pages/sign-in.tsx'
import { Loading, Refused } from '../parts/states.tsx'
import { MeContext } from './me.ts'
import { homeOf } from './places.ts'
import { router } from './router.tsx'

/** The way in: the console for who is signed in, and a cover over it when the session ends, under
 * which everything typed stays. */
export function Gate({ failure }: { failure: Refusal | null }) {
  const client = useQueryClient()
  const session = useQuery(sessionQuery)
  const [over, setOver] = useState<Refusal | null>(null)
  const shown = useRef<string | null>(null)
  const me = session.data
  useEffect(() => onSessionEnd(setOver), [])
  useEffect(
    () => onOtherTab(() => void client.invalidateQueries({ queryKey: ['session'] })),
    [client],
  )
  useEffect(() => {
    if (me === undefined) return
    const isOther = shown.current !== null && shown.current !== me.agent.id
    shown.current = me.agent.id
    if (!isOther) return
    client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' })
    void router.navigate({ to: homeOf(me.agent.roles) })
  }, [me, client])
  const signedIn = async () => {
    await client.fetchQuery({ ...sessionQuery, staleTime: 0 })
    setOver(null)
    void client.invalidateQueries()
  }
  if (me === undefined) {
    const refusal = session.error === null ? null : asRefusal(session.error)
    if (refusal === null) return <Loading what="the desk" />
    if (endsSession(refusal)) return <SignIn onDone={signedIn} over={null} failure={failure} />
    return <Refused refusal={refusal} again={session.refetch} />
  }
  return (
    <MeContext value={me}>
      <div
        inert={over !== null}
        className={over === null ? undefined : 'covered'}
        key={me.agent.id}
      >
        <RouterProvider router={router} />
      </div>
      {over !== null && <SignIn onDone={signedIn} over={over} failure={null} />}
    </MeContext>
  )
}
