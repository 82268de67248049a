import { useNow, useNowInSeconds } from '../hooks/now.ts'
import { lasting } from '../words.ts'

const FULL = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })
const CLOCK = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' })
const MINUTE_MS = 60_000

/** How long ago; the exact time on pointing at it. */
export function Ago({ atMs }: { atMs: number }) {
  const ms = useNow() - atMs
  return (
    <time dateTime={new Date(atMs).toISOString()} title={FULL.format(atMs)}>
      {ms < MINUTE_MS ? 'just now' : `${lasting(ms)} ago`}
    </time>
  )
}

/** A time of day, or of another day. */
export function At({ atMs }: { atMs: number }) {
  const isToday = new Date(atMs).toDateString() === new Date(useNow()).toDateString()
  return (
    <time dateTime={new Date(atMs).toISOString()} title={FULL.format(atMs)}>
      {(isToday ? CLOCK : FULL).format(atMs)}
    </time>
  )
}

const IN_SECONDS_MS = 90_000

/** How long until something ends: minutes, and seconds at last. */
export function Left({ untilMs }: { untilMs: number }) {
  const ms = Math.max(0, untilMs - useNowInSeconds())
  return <>{ms < IN_SECONDS_MS ? `${Math.ceil(ms / 1000)} s` : lasting(ms)}</>
}
