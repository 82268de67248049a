import type { Budget } from '../../src/http/desk/shapes/shown.ts'

const SCALE = 100
/** From here on a reader should plan. */
const NEAR = 0.8

/** How much of a limit is used, in words and as a bar. */
export function Gauge({ label, used, limit }: { label: string; used: number; limit: number }) {
  const share = limit === 0 ? 1 : Math.min(1, used / limit)
  return (
    <div className="gauge" data-near={share >= NEAR || undefined}>
      <span className="gauge-label">{label}</span>
      <svg viewBox={`0 0 ${SCALE} 6`} preserveAspectRatio="none" aria-hidden="true">
        <rect className="gauge-all" width={SCALE} height="6" />
        <rect className="gauge-used" width={share * SCALE} height="6" />
      </svg>
      <span className="gauge-text">
        {used} of {limit}
        {share >= 1 ? ' · none left' : share >= NEAR ? ` · ${limit - used} left` : ''}
      </span>
    </div>
  )
}

/** The three windows of a budget. */
export function BudgetGauges({ budget }: { budget: Budget }) {
  const { used, limits } = budget
  return (
    <div className="gauges">
      <Gauge label="This hour" used={used.hour} limit={limits.hour} />
      <Gauge label="24 hours" used={used.day} limit={limits.day} />
      <Gauge label="7 days" used={used.week} limit={limits.week} />
    </div>
  )
}
