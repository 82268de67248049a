/**
 * Sample verdicts for the tests of how a verdict is shown: all four verdicts, the empty and the huge,
 * and texts that try to be more than text.
 */
import type { VerdictDocument, VerdictKind } from '../../../src/cases/document.ts'
import { REJECT_REASONS } from '../../../src/disclosure/rejects.ts'
import { makeDocument } from './make.ts'

const colleagues = (names: readonly string[], hitShare: number, comparisonShare: number) =>
  names.map((name, i) => ({
    name,
    hitShare: hitShare / (i + 1),
    comparisonShare: comparisonShare / (1 + i * 0.4),
  }))

const ORDINARY = ['A-2MX8TD', 'A-9C4WQZ', 'A-K1R7VB', 'A-5NH3JE', 'A-0PYF62']

export const DOCUMENTS = {
  named: makeDocument({
    verdict: 'named',
    reports: 11,
    accused: 1,
    agents: [
      { name: 'A-7F3K9Q', hitShare: 0.73, comparisonShare: 0.021 },
      ...colleagues(ORDINARY, 0.3, 0.05),
    ],
    headline:
      'The evidence points to A-7F3K9Q (shown 8 of 11 reported customers; comparable customers 2.1%).',
    advice: [
      'Suspend the sessions of A-7F3K9Q on every path, and keep their account untouched as evidence.',
      'Have two people look at the 8 exposures before anyone speaks to the agent.',
      'Prepare notices for 68,120 customers; the exact list is in affected.csv.',
    ],
  }),
  leading: makeDocument({
    verdict: 'leading',
    robust: 0.32,
    reports: 9,
    accused: 2,
    agents: [
      { name: 'A-7F3K9Q', hitShare: 0.9, comparisonShare: 0.024 },
      { name: 'A-3DT0WM', hitShare: 0.88, comparisonShare: 0.061 },
      ...colleagues(ORDINARY.slice(0, 3), 0.3, 0.05),
    ],
    headline: 'The evidence leads to A-7F3K9Q or A-3DT0WM, and cannot yet tell them apart.',
    advice: [
      'Ask the five customers below whether they were called: their answers separate the two.',
      'Keep the logs of both, and tell neither.',
    ],
  }),
  outside: makeDocument({
    verdict: 'outside',
    reports: 12,
    ghostEvery: 1,
    agents: colleagues(ORDINARY, 0.2, 0.05),
    headline: 'The evidence points outside the log: a copy that left by no logged path.',
    advice: [
      'Look for backups, replicas and exports that hold customers who joined up to 2026-01-17.',
    ],
  }),
  undecided: makeDocument({
    verdict: 'undecided',
    reports: 4,
    agents: colleagues(ORDINARY, 0.5, 0.06),
    headline: 'Not enough yet: the evidence points to nobody.',
    advice: ['Collect about 9 more reports.', 'Ask callers what the caller knew.'],
  }),
} satisfies Record<VerdictKind, VerdictDocument>

export const EMPTY = makeDocument({
  verdict: 'undecided',
  reports: 0,
  agents: [],
  headline: 'Not enough yet: there is no usable report.',
  advice: ['Add reports: customer, time of the call, what the caller knew.'],
})

const ONE_REPORT = makeDocument({
  verdict: 'undecided',
  reports: 1,
  agents: colleagues(ORDINARY, 1, 0.04),
  headline: 'Not enough yet: one report names nobody.',
  advice: ['Collect more reports.'],
})

/** Everybody was shown everything: nobody can be told apart from anybody. */
export const ALL_SEE_ALL = makeDocument({
  verdict: 'undecided',
  reports: 20,
  agents: Array.from({ length: 40 }, (_, i) => ({
    name: `agent-${i + 1}`,
    hitShare: 1,
    comparisonShare: 0.9995,
  })),
  headline: 'Not enough yet: every agent was shown every reported customer.',
  advice: ['Reports alone cannot separate these agents.'],
})

export const THOUSAND = makeDocument({
  verdict: 'named',
  reports: 1000,
  accused: 2,
  agents: [
    { name: 'A-7F3K9Q', hitShare: 0.42, comparisonShare: 0.018 },
    { name: 'A-3DT0WM', hitShare: 0.35, comparisonShare: 0.025 },
    ...Array.from({ length: 198 }, (_, i) => ({
      name: `agent-${i + 1}`,
      hitShare: 0.05,
      comparisonShare: 0.05,
    })),
  ],
  headline: 'The evidence points to A-7F3K9Q and A-3DT0WM.',
  advice: ['Suspend the sessions of both on every path.'],
})

const HOSTILE_TEXT = `</script></style></title><img src=x onerror="window.hostile=1">'"&\u0000\u001b[2J\u202e`

/** Every text of the document carries markup, quotes, control characters and a bidi override. */
function hostile(document: VerdictDocument): VerdictDocument {
  const fixed = new Set([
    'format',
    'verdict',
    'tier',
    'model',
    'firstAt',
    'lastAt',
    'contactedAt',
    'copyNotBefore',
    'from',
    'to',
  ])
  const poison = (value: unknown, key: string): unknown => {
    if (typeof value === 'string') {
      const code = key === 'reason' && value in REJECT_REASONS
      return fixed.has(key) || code ? value : value + HOSTILE_TEXT
    }
    if (Array.isArray(value)) return value.map((item) => poison(item, key))
    if (value === null || typeof value !== 'object') return value
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [name, poison(item, name)]),
    )
  }
  return poison(document, '') as VerdictDocument
}

export const HOSTILE = hostile(DOCUMENTS.named)

export const LONG_NAMES = makeDocument({
  verdict: 'leading',
  reports: 8,
  accused: 1,
  agents: [
    {
      name: `service-account-${'very-'.repeat(40)}long@support.example`,
      hitShare: 0.9,
      comparisonShare: 0.03,
    },
    {
      name: 'Wolfeschlegelsteinhausenbergerdorff, Hubert Blaine',
      hitShare: 0.4,
      comparisonShare: 0.1,
    },
  ],
  customer: (i) => `customer/${'0123456789abcdef'.repeat(8)}/${i}`,
  segments: [
    ['a segment whose name goes on and on because somebody generated it', 5000, 120],
    ['x', 1, 1],
    ...Array.from({ length: 30 }, (_, i): [string, number, number] => [
      `region ${i}`,
      900 * (i + 1),
      i * 3,
    ]),
  ],
  headline: 'The evidence leads to a service account, not yet to a name.',
  advice: ['Find out who could use the account.'],
})

const RIGHT_TO_LEFT = makeDocument({
  verdict: 'named',
  reports: 10,
  accused: 1,
  agents: [
    { name: 'יעל כהן', hitShare: 0.9, comparisonShare: 0.02 },
    { name: 'محمد الأحمد', hitShare: 0.3, comparisonShare: 0.06 },
  ],
  customer: (i) => `عميل-${1000 + i}`,
  headline: 'The evidence points to יעל כהן.',
  advice: ['Suspend the sessions of יעל כהן on every path.'],
})

export const ALL: Record<string, VerdictDocument> = {
  ...DOCUMENTS,
  empty: EMPTY,
  oneReport: ONE_REPORT,
  allSeeAll: ALL_SEE_ALL,
  thousand: THOUSAND,
  hostile: HOSTILE,
  longNames: LONG_NAMES,
  rightToLeft: RIGHT_TO_LEFT,
}
