/** What was assumed in reading an import's times and purposes, in words. */
import type { TimeRule } from '../disclosure/source.ts'
import type { TimeCounts } from './incoming.ts'

export function assumptions(counts: TimeCounts, { zone: told }: TimeRule): string[] {
  const { local, zoned, wholeDays, twice, never, ungraded } = counts
  const zone = told ?? 'UTC'
  const naive = local + wholeDays
  const out: string[] = []
  if (naive > 0 && told === undefined) {
    out.push(`${count(naive, 'time')} without an offset read as UTC; --time-zone says otherwise`)
  } else if (naive > 0 && zoned > 0)
    out.push(`${count(naive, 'time')} without an offset read as ${zone}`)
  if (naive > 0 && zoned > 0)
    out.push(`${count(zoned, 'time')} with an offset of their own read by it`)
  if (naive === 0 && zoned > 0 && told !== undefined) {
    out.push(`every time carries its own offset, so that ${told} was not needed`)
  }
  if (wholeDays > 0) {
    out.push(`${count(wholeDays, 'date')} without a time of day taken as the end of that day`)
  }
  if (twice > 0) {
    out.push(
      `${count(twice, 'time')} in the hour that ${zone}'s clock shows twice taken as the later`,
    )
  }
  if (never > 0) {
    out.push(`${count(never, 'time')} that ${zone}'s clock skipped read as if it had not`)
  }
  if (ungraded > 0) {
    out.push(
      `${count(ungraded, 'row')} with a grade or purpose that is not known here: grounds unknown`,
    )
  }
  return out
}

function count(n: number, what: string): string {
  return `${n.toLocaleString('en-US')} ${what}${n === 1 ? '' : 's'}`
}
