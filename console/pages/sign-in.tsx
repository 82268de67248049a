import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import type { SignInOptions } from '../../src/http/desk/shapes/session.ts'
import { ask } from '../api/client.ts'
import type { Refusal } from '../api/refusal.ts'
import { asDemo, byDirectory, byPasskey } from '../api/sign-in.ts'
import { useAct } from '../hooks/act.ts'
import { Loaded, Refused } from '../parts/states.tsx'

interface Props {
  readonly onDone: () => Promise<void>
  /** Over a page whose session ended: how that was told. */
  readonly over: Refusal | null
  /** What the directory's way back said. */
  readonly failure: Refusal | null
}

/** The way in; over a page that was already open it says that nothing typed is lost. */
export function SignIn({ onDone, over, failure }: Props) {
  const isAgain = over !== null
  const isSuspended = over?.code === 'AGENT_SUSPENDED'
  const heading = useRef<HTMLHeadingElement>(null)
  const options = useQuery({
    queryKey: ['sign-in'],
    queryFn: ({ signal }) => ask<SignInOptions>('/sign-in/options', { signal }),
  })
  useEffect(() => {
    if (!isAgain) document.title = 'Sign in · Telltale'
    const before = document.activeElement
    heading.current?.focus()
    // Back to where one was typing.
    return () => {
      if (before instanceof HTMLElement) before.focus()
    }
  }, [isAgain])
  return (
    <main className={isAgain ? 'sign-in cover' : 'sign-in'}>
      <div className="sign-in-box">
        <p className="brand">Telltale</p>
        <h1 ref={heading} tabIndex={-1}>
          {isSuspended ? over.message : isAgain ? 'Your session has ended' : 'Sign in to the desk'}
        </h1>
        <p className="mute">
          {isSuspended
            ? over.next
            : isAgain
              ? 'Sign in again and go on where you were: what you typed is kept.'
              : 'Where customers are helped without being browsed.'}
        </p>
        {failure !== null && <Refused refusal={failure} />}
        <Loaded query={options} what="the ways to sign in">
          {(data) => <Ways options={data} onDone={onDone} />}
        </Loaded>
      </div>
    </main>
  )
}

function Ways({ options, onDone }: { options: SignInOptions; onDone: () => Promise<void> }) {
  const passkey = useAct(async () => {
    await byPasskey(false)
    await onDone()
  })
  return (
    <div className="ways">
      {options.passkey && (
        <Button size="md" onClick={passkey.run} loading={passkey.busy} fullWidth>
          Sign in with a passkey
        </Button>
      )}
      {options.oidc !== null && (
        <Button
          size="md"
          fullWidth
          variant={options.passkey ? 'default' : 'filled'}
          onClick={() => byDirectory(false)}
        >
          {options.oidc}
        </Button>
      )}
      {passkey.refusal !== null && <Refused refusal={passkey.refusal} />}
      {options.demo && <Demo people={options.people} onDone={onDone} />}
    </div>
  )
}

function Demo({
  people,
  onDone,
}: {
  people: SignInOptions['people']
  onDone: () => Promise<void>
}) {
  const be = useAct(async (agent: string) => {
    await asDemo(agent, false)
    await onDone()
  })
  return (
    <section className="demo-box" aria-labelledby="demo-title">
      <h2 id="demo-title">Demonstration: no password, no protection</h2>
      <p>Whoever reaches this page can be any of these invented people.</p>
      <ul>
        {people.map(({ agent, name, roles }) => (
          <li key={agent}>
            <Button
              variant="default"
              justify="space-between"
              fullWidth
              disabled={be.busy}
              onClick={() => be.run(agent)}
              rightSection={<span className="mute">{roles.join(', ')}</span>}
            >
              {name}
            </Button>
          </li>
        ))}
      </ul>
      {be.refusal !== null && <Refused refusal={be.refusal} again={be.again} />}
    </section>
  )
}
