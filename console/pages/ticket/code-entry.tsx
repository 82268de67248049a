import { Button, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { TicketPage } from '../../../src/http/desk/shapes/tickets.ts'
import { act } from '../../api/client.ts'
import { useAct } from '../../hooks/act.ts'
import { useNowInSeconds } from '../../hooks/now.ts'
import { Outcome } from '../../parts/outcome.tsx'
import { Left } from '../../parts/time.tsx'
import { counted } from '../../words.ts'

const DIGITS = 6

interface Props {
  readonly path: string
  readonly code: NonNullable<TicketPage['code']>
  /** Also after a wrong code, whose attempt is gone. */
  readonly onPassed: () => unknown
}

/** Takes the code as the customer reads it; checks it when the last digit is there. */
export function CodeEntry({ path, code, onPassed }: Props) {
  const [digits, setDigits] = useState('')
  const check = useAct(async (code: string) => {
    try {
      await act(`${path}/check`, { code })
    } finally {
      setDigits('')
      onPassed()
    }
  })
  const type = (text: string) => {
    const typed = text.replace(/\D/g, '').slice(0, DIGITS)
    setDigits(typed)
    if (typed.length === DIGITS) check.run(typed)
  }
  if (code.expiresAtMs <= useNowInSeconds())
    return <p>The code has expired. Send another one, and it can be read back for ten minutes.</p>
  return (
    <form
      className="code-entry"
      onSubmit={(event) => {
        event.preventDefault()
        if (digits.length === DIGITS) check.run(digits)
      }}
    >
      <TextInput
        label="Code that the customer reads to you"
        description={
          <>
            {counted(code.attemptsLeft, 'attempt')} left, for <Left untilMs={code.expiresAtMs} />
          </>
        }
        inputMode="numeric"
        autoComplete="off"
        value={digits}
        onChange={(event) => type(event.currentTarget.value)}
        disabled={check.busy}
        data-autofocus
      />
      <Button
        type="submit"
        variant="default"
        disabled={digits.length < DIGITS}
        loading={check.busy}
      >
        Check
      </Button>
      <Outcome act={check} />
    </form>
  )
}
