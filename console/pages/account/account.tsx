import { useMe } from '../../app/me.ts'
import { Page } from '../../parts/page.tsx'
import { Passkeys } from './passkeys.tsx'
import { Sessions } from './sessions.tsx'

/** Where am I signed in, and with what? */
export function AccountPage() {
  const { signIn } = useMe()
  return (
    <Page title="Sign-ins" lead="Where am I signed in, and by what can I sign in?">
      <Sessions />
      {signIn.includes('passkey') && <Passkeys />}
    </Page>
  )
}
