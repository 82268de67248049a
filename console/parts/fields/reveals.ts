import { useCallback, useEffect, useState } from 'react'
import type { Released } from '../../../src/http/desk/shapes/shown.ts'
import { onSessionEnd } from '../../api/client.ts'

/** Long enough to read a number aloud twice, too short to be left on a screen. */
const CLEAR_MS = 60_000

/** One field shown clear for a while. */
export interface Clear {
  readonly value: string | null
  readonly untilMs: number
  /** Index of the log's entry that says so. */
  readonly entry: number | null
}

/**
 * Clear values, in the memory of the card that shows them and nowhere else: each leaves after a minute,
 * all of them with the card, the page or the session.
 */
export function useReveals() {
  const [clear, setClear] = useState<ReadonlyMap<string, Clear>>(new Map())
  const hideAll = useCallback(() => setClear(new Map()), [])
  useEffect(() => {
    addEventListener('pagehide', hideAll)
    const forget = onSessionEnd(hideAll)
    return () => {
      removeEventListener('pagehide', hideAll)
      forget()
    }
  }, [hideAll])
  useEffect(() => {
    if (clear.size === 0) return
    const soonestMs = Math.min(...[...clear.values()].map(({ untilMs }) => untilMs))
    const timer = setTimeout(() => setClear(stillClear), Math.max(0, soonestMs - Date.now()))
    return () => clearTimeout(timer)
  }, [clear])
  const show = useCallback((released: Released) => {
    const untilMs = Date.now() + CLEAR_MS
    const shown = released.fields
      .filter(({ view }) => view === 'clear')
      .map(({ name, value }) => [name, { value, untilMs, entry: released.entry }] as const)
    setClear((before) => new Map([...before, ...shown]))
  }, [])
  const hide = useCallback((field: string) => {
    setClear((before) => new Map([...before].filter(([name]) => name !== field)))
  }, [])
  return { clear, show, hide, hideAll }
}

function stillClear(before: ReadonlyMap<string, Clear>): ReadonlyMap<string, Clear> {
  return new Map([...before].filter(([, { untilMs }]) => untilMs > Date.now()))
}
