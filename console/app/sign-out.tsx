import { Button } from '@mantine/core'
import { act } from '../api/client.ts'
import { tellTabs } from '../api/tabs.ts'
import { useAct } from '../hooks/act.ts'
import { forgetDrafts } from '../hooks/draft.ts'
import { Outcome } from '../parts/outcome.tsx'

/** Ends this session and forgets everything of it. */
export function SignOut() {
  const leave = useAct(
    () => act('/session', undefined, 'DELETE'),
    () => {
      forgetDrafts()
      tellTabs()
      location.assign('/')
    },
  )
  return (
    <>
      <Button
        variant="subtle"
        justify="flex-start"
        fullWidth
        onClick={leave.run}
        loading={leave.busy}
      >
        Sign out
      </Button>
      <Outcome act={leave} />
    </>
  )
}
