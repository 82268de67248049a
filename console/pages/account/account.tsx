import { Page } from '../../parts/page.tsx'
import { Passkeys } from './passkeys.tsx'
import { Sessions } from './sessions.tsx'

/** Where am I signed in, and with what? */
export function AccountPage() {
  return (
    <Page title="Sign-ins" lead="Where am I signed in, and by what can I sign in?">
      <Sessions />
      <Passkeys />
    </Page>
  )
}
