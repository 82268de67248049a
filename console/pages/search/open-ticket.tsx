import { Button, NativeSelect, TextInput } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { OpenTicket as Body, TicketRow } from '../../../src/http/desk/shapes/tickets.ts'
import { act } from '../../api/client.ts'
import { useAct } from '../../hooks/act.ts'
import { Outcome } from '../../parts/outcome.tsx'

const CHANNELS = [
  { value: 'phone', label: 'Phone' },
  { value: 'mail', label: 'Mail' },
  { value: 'web', label: 'Web' },
  { value: 'chat', label: 'Chat' },
]

/** Opens a ticket for a customer who is with the agent now. */
export function OpenTicket({ handle }: { handle: string }) {
  const [topic, setTopic] = useState('')
  const [channel, setChannel] = useState<Body['channel']>('phone')
  const navigate = useNavigate()
  const open = useAct(
    () => act<TicketRow>('/tickets', { handle, topic: topic.trim(), channel } satisfies Body),
    ({ number }) => void navigate({ to: '/tickets/$number', params: { number } }),
  )
  return (
    <form
      className="inline-form"
      onSubmit={(event) => {
        event.preventDefault()
        if (topic.trim() !== '') open.run()
      }}
    >
      <TextInput
        label="What it is about"
        autoFocus
        maxLength={200}
        value={topic}
        onChange={(event) => setTopic(event.currentTarget.value)}
      />
      <NativeSelect
        label="How they came"
        data={CHANNELS}
        value={channel}
        onChange={(event) => setChannel(event.currentTarget.value as Body['channel'])}
      />
      <Button type="submit" disabled={topic.trim() === ''} loading={open.busy}>
        Open it
      </Button>
      <p className="mute inline-note">
        A ticket you open yourself rests on your own word: to see more than masks, the customer
        reads back a code.
      </p>
      <Outcome act={open} />
    </form>
  )
}
