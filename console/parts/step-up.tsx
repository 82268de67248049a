import { Button } from '@mantine/core'
import { asDemo, byDirectory, byPasskey } from '../api/sign-in.ts'
import { useMe } from '../app/me.ts'
import { useAct } from '../hooks/act.ts'
import { Refused } from './states.tsx'

/** Signs in once more, in place: what was about to happen then happens by itself. */
export function StepUp({ onDone }: { onDone: () => void }) {
  const { agent, signIn, words } = useMe()
  const minutes = Math.round(words.limits.stepUpMs / 60_000)
  const passkey = useAct(() => byPasskey(true), onDone)
  const demo = useAct(() => asDemo(agent.id, true), onDone)
  const refusal = passkey.refusal ?? demo.refusal
  return (
    <section className="step-up" aria-label="Sign in once more">
      <p>
        <strong>This needs a sign-in within the last {minutes} minutes.</strong> It goes on by
        itself afterwards.
      </p>
      <div className="row">
        {signIn.includes('passkey') && (
          <Button onClick={passkey.run} loading={passkey.busy}>
            Use a passkey
          </Button>
        )}
        {signIn.includes('oidc') && (
          <Button variant="default" onClick={() => byDirectory(true)}>
            Use the directory
          </Button>
        )}
        {signIn.includes('demo') && (
          <Button variant="default" data-harm onClick={demo.run} loading={demo.busy}>
            Demonstration: be {agent.name} again
          </Button>
        )}
      </div>
      {refusal !== null && <Refused refusal={refusal} />}
    </section>
  )
}
