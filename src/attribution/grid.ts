/** Fixed grids of shares: the mixtures in the numerators of every e-value. A fixed finite mixture is
 * a probability, whatever its points, so the points are free to be chosen for power. */

/** Share of the reports that come from one leaker. Equal weights. Five points: the likelihood of a few
 * dozen reports is so broad in p that more points cost more in weight than they gain in fit (measured
 * by `bench/attribution-power`: ten points need one report more). */
export const SHARES = [0.08, 0.25, 0.45, 0.7, 0.92] as const

/** Odds p/(1-p) of each share. */
export const ODDS = SHARES.map((p) => p / (1 - p))
/** ln(1-p) of each share: what a miss costs. */
export const LOG_MISS = SHARES.map((p) => Math.log1p(-p))

/** Shares of two leakers: three totals, each split three ways. */
export const PAIR_SHARES: readonly (readonly [number, number])[] = [0.3, 0.6, 0.9].flatMap(
  (total) => [0.25, 0.5, 0.75].map((split) => [total * split, total * (1 - split)] as const),
)

/** Prior weight of one leaker against two, given that an agent leaks. */
export const SINGLE_WEIGHT = 0.8
