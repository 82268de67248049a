/**
 * The guilt model of Papadimitriou and Garcia-Molina ("Data Leakage Detection", IEEE TKDE 23(1),
 * 2011), the baseline Telltale is measured against: the probability that an agent leaked at least one
 * of the leaked records, given that each was guessed with probability `guess` and else leaked by one
 * of those who had it, all equally likely.
 */

/** Guilt per agent, given for each leaked record the agents who had it. */
export function guiltOf(
  leaked: readonly (readonly number[] | Uint32Array)[],
  agentCount: number,
  guess: number,
): Float64Array {
  const innocent = new Float64Array(agentCount).fill(1)
  for (const holders of leaked) {
    for (const agent of holders) innocent[agent] *= 1 - (1 - guess) / holders.length
  }
  return innocent.map((value) => 1 - value)
}
