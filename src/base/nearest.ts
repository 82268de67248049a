/** The name among `names` that differs least from `name`, or undefined where none is near. */
export function nearest(name: string, names: readonly string[]): string | undefined {
  const near = Math.max(2, Math.floor(name.length / 3))
  let best: string | undefined
  let least = near + 1
  for (const candidate of names) {
    const changes = editDistance(plain(name), plain(candidate), least)
    if (changes >= least) continue
    least = changes
    best = candidate
  }
  return best
}

/** Names as they are compared: `Agent ID`, `agent_id` and `agentId` are one. */
export function plain(name: string): string {
  return name
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_|_$/g, '')
}

/** Levenshtein distance, or `limit` where it is at least that. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(change, row[j] + 1, next[j - 1] + 1))
    }
    row = next
  }
  return Math.min(row[b.length], limit)
}
