/** Names of things for people. */
import { FIELDS_MAX, MESSAGE_CHARS_MAX, REASON_CHARS_MAX } from '../../base/desk-http-limits.ts'
import {
  CODE_ATTEMPTS_MAX,
  CODE_LIFE_MS,
  GRANT_CUSTOMERS_MAX,
  GRANT_MINUTES_MAX,
  PURPOSE_LIVE_MS,
  SEARCH_MISSES_PER_HOUR_MAX,
  SEARCHES_PER_HOUR_MAX,
  SESSION_IDLE_MS,
  STEP_UP_MS,
} from '../../base/desk-limits.ts'
import { REASONS, type Reason } from '../../grants/ports.ts'
import type { FieldSpec } from '../../guard/facts.ts'
import type { Session } from './shapes/session.ts'

const REASON_LABELS: Readonly<Record<Reason, string>> = {
  'callback-promised': 'A call back was promised',
  safety: "Somebody's safety",
  'fraud-check': 'A check for fraud',
  'legal-request': 'A legal request',
  'data-correction': 'A correction of data',
  'system-fault': 'A fault of a system',
  'quality-review': 'A review of quality',
}

/** What people call a field: its name, as a word. */
export function labelOf(name: string): string {
  const words = name
    .replaceAll(/[_-]+/g, ' ')
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** What a page wants to know before anybody acts. */
export function wordsOf(fields: readonly FieldSpec[]): Session['words'] {
  return {
    fields: fields
      .slice(0, FIELDS_MAX)
      .map(({ name, class: kind }) => ({ name, class: kind, label: labelOf(name) })),
    reasons: REASONS.map((reason) => ({ reason, label: REASON_LABELS[reason] })),
    limits: {
      grantMinutesMax: GRANT_MINUTES_MAX,
      grantCustomersMax: GRANT_CUSTOMERS_MAX,
      reasonCharsMax: REASON_CHARS_MAX,
      messageCharsMax: MESSAGE_CHARS_MAX,
      sessionIdleMs: SESSION_IDLE_MS,
      stepUpMs: STEP_UP_MS,
      codeLifeMs: CODE_LIFE_MS,
      codeAttemptsMax: CODE_ATTEMPTS_MAX,
      searchesPerHourMax: SEARCHES_PER_HOUR_MAX,
      searchMissesPerHourMax: SEARCH_MISSES_PER_HOUR_MAX,
      purposeLiveMs: PURPOSE_LIVE_MS,
    },
  }
}
