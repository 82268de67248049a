/** Fixed grids of shares: the mixtures in the numerators of every e-value. A fixed finite mixture is
 * a probability, whatever its points, so the points are free to be chosen for power. */

/** Share of the reports that come from one leaker. Equal weights: ten points cost at most ln 10
 * nats, and neighbouring points are close enough that none in between loses more than 0.1 a report. */
export const SHARES = [0.04, 0.1, 0.18, 0.28, 0.4, 0.52, 0.64, 0.76, 0.88, 0.97] as const

/** Odds p/(1-p) and ln(1-p) of each share. */
export const ODDS = SHARES.map((p) => p / (1 - p))
export const LOG_MISS = SHARES.map((p) => Math.log1p(-p))

/** Shares of two leakers: three totals, each split three ways. */
export const PAIR_SHARES: readonly (readonly [number, number])[] = [0.3, 0.6, 0.9].flatMap(
  (total) => [0.25, 0.5, 0.75].map((split) => [total * split, total * (1 - split)] as const),
)

/** Prior weight of one leaker against two, given that an agent leaks. */
export const SINGLE_WEIGHT = 0.8
