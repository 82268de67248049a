/** Local times and instants in an IANA zone, by the runtime's own zone data. All values are epoch
 * seconds; a local time is written as if it were UTC. */

const formatters = new Map<string, Intl.DateTimeFormat>()

/** Whether the runtime knows this IANA zone. */
export function isZone(zone: string): boolean {
  // Offsets such as +02:00 are no zones: they do not say when summer time begins.
  if (!/^[A-Za-z]/.test(zone)) return false
  try {
    formatterOf(zone)
    return true
  } catch {
    return false
  }
}

function formatterOf(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone)
  if (known) return known
  const formatter = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  formatters.set(zone, formatter)
  return formatter
}

/** What the zone's clock shows at an instant. */
function localAt(zone: string, atS: number): number {
  const part: Record<string, number> = {}
  for (const { type, value } of formatterOf(zone).formatToParts(atS * 1000)) {
    part[type] = Number(value)
  }
  const { year, month, day, hour, minute, second } = part
  return Date.UTC(year, month - 1, day, hour, minute, second) / 1000
}

export interface Instant {
  readonly atS: number
  /** `twice`: the clock showed this time twice; `never`: it was skipped. */
  readonly clock: 'once' | 'twice' | 'never'
}

/**
 * The instant at which the zone's clock shows a local time. Where it shows it twice, or skips it,
 * `side` says which reading is taken; a skipped time is read with the offset of before (later) or
 * after (earlier) the change.
 */
export function instantOf(zone: string, localS: number, side: 'earlier' | 'later'): Instant {
  const before = localAt(zone, localS - 86_400) - (localS - 86_400)
  const after = localAt(zone, localS + 86_400) - (localS + 86_400)
  const instants = [...new Set([localS - before, localS - after])].sort((a, b) => a - b)
  const real = instants.filter((atS) => localAt(zone, atS) === localS)
  if (real.length === 1) return { atS: real[0], clock: 'once' }
  const atS = side === 'earlier' ? instants[0] : instants[instants.length - 1]
  return { atS, clock: real.length === 0 ? 'never' : 'twice' }
}

/** A stretch of local time that the clock showed twice or never, [fromS, toS). */
export interface ClockChange {
  readonly fromS: number
  readonly toS: number
  readonly clock: 'twice' | 'never'
}

/** The changes of the zone's clock between two local times. */
export function clockChanges(zone: string, fromS: number, toS: number): ClockChange[] {
  const offset = (atS: number) => localAt(zone, atS) - atS
  const changes: ClockChange[] = []
  const day = 86_400
  let low = fromS - 2 * day
  for (let high = low + day; low < toS + 2 * day; low = high, high += day) {
    const before = offset(low)
    const after = offset(high)
    if (before === after) continue
    const atS = firstWith(low, high, (t) => offset(t) === after)
    changes.push(
      after > before
        ? { fromS: atS + before, toS: atS + after, clock: 'never' }
        : { fromS: atS + after, toS: atS + before, clock: 'twice' },
    )
  }
  return changes
}

function firstWith(low: number, high: number, test: (atS: number) => boolean): number {
  let from = low
  let to = high
  while (to - from > 1) {
    const middle = Math.floor((from + to) / 2)
    if (test(middle)) to = middle
    else from = middle
  }
  return to
}
