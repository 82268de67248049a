import { useCallback, useRef, useState } from 'react'
import { asRefusal, type Refusal } from '../api/refusal.ts'

/** One thing a person does: under way, refused, or neither. */
export interface Act<Args extends readonly unknown[]> {
  readonly run: (...args: Args) => void
  readonly busy: boolean
  readonly refusal: Refusal | null
  /** The same again, as after a fresh sign-in. */
  readonly again: () => void
  readonly forget: () => void
}

/** Runs `work` when the person asks, never twice at once; `then` gets what came of it. */
export function useAct<Args extends readonly unknown[], T>(
  work: (...args: Args) => Promise<T>,
  then?: (value: T, ...args: Args) => void,
): Act<Args> {
  const [busy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const latest = useRef({ work, then })
  latest.current = { work, then }
  const last = useRef<Args | null>(null)
  const isUnderWay = useRef(false)
  const run = useCallback(async (...args: Args) => {
    if (isUnderWay.current) return
    isUnderWay.current = true
    last.current = args
    setBusy(true)
    setRefusal(null)
    try {
      const value = await latest.current.work(...args)
      latest.current.then?.(value, ...args)
    } catch (error) {
      setRefusal(asRefusal(error))
    } finally {
      isUnderWay.current = false
      setBusy(false)
    }
  }, [])
  const again = useCallback(() => {
    if (last.current !== null) void run(...last.current)
  }, [run])
  const forget = useCallback(() => setRefusal(null), [])
  return { run: run as (...args: Args) => void, busy, refusal, again, forget }
}
