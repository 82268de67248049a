import { Button } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { act } from '../../api/client.ts'
import { useAct } from '../../hooks/act.ts'
import { useKeys } from '../../hooks/keys.ts'
import { Hint } from '../../parts/hint.tsx'
import { Outcome } from '../../parts/outcome.tsx'

/** As long as a slip of the finger takes to notice. */
const UNDO_MS = 5_000

interface Props {
  readonly path: string
  readonly onUndo: () => void
  readonly onClosed: () => void
}

/**
 * Closes after a few seconds. Reopening is no undo, since a reopened ticket rests on the agent's word
 * alone; so until then nothing has happened. Who goes on to another page meanwhile closes it at once.
 */
export function Closing({ path, onUndo, onClosed }: Props) {
  const [isWaiting, setWaiting] = useState(true)
  const close = useAct(() => act(`${path}/close`), onClosed)
  const { run } = close
  const isPending = useRef(true)
  const left = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => {
    clearTimeout(left.current)
    const timer = setTimeout(() => {
      isPending.current = false
      setWaiting(false)
      run()
    }, UNDO_MS)
    return () => {
      clearTimeout(timer)
      left.current = setTimeout(() => {
        if (isPending.current) void act(`${path}/close`).catch(() => {})
      })
    }
  }, [run, path])
  const undo = () => {
    isPending.current = false
    onUndo()
  }
  useKeys([{ keys: 'z', does: 'Do not close it', run: undo }])
  return (
    <div className="closing" role="status">
      {isWaiting ? 'The ticket closes in 5 seconds.' : 'Closing.'}{' '}
      {isWaiting && (
        <Button variant="default" onClick={undo} rightSection={<Hint keys="z" />}>
          Undo
        </Button>
      )}
      <Outcome act={close} />
    </div>
  )
}
