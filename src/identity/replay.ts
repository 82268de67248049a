/** Which proofs were used already. */

/** Remembers each proof for at least `windowMs`, in two generations: the older one is dropped whole. */
export interface ProofMemory {
  /** False where this device used this id before, or more than its share, or the memory is full. */
  use(device: string, id: string, nowMs: number): boolean
}

/** How much is remembered: per generation, of all devices together and of one. */
export interface MemoryLimits {
  readonly windowMs: number
  readonly all: number
  readonly perDevice: number
}

interface Generation {
  readonly used: Set<string>
  readonly counts: Map<string, number>
}

const empty = (): Generation => ({ used: new Set(), counts: new Map() })

/** Full means no: a forgotten proof could be used twice. */
export function createProofMemory({ windowMs, all, perDevice }: MemoryLimits): ProofMemory {
  let now = empty()
  let before = empty()
  let turnsAtMs = -Infinity

  function turn(nowMs: number): void {
    if (nowMs < turnsAtMs) return
    before = nowMs < turnsAtMs + windowMs ? now : empty()
    now = empty()
    turnsAtMs = nowMs + windowMs
  }

  return {
    use(device, id, nowMs) {
      turn(nowMs)
      const key = `${device} ${id}`
      const count = now.counts.get(device) ?? 0
      if (now.used.has(key) || before.used.has(key)) return false
      if (now.used.size >= all || count >= perDevice) return false
      now.used.add(key)
      now.counts.set(device, count + 1)
      return true
    },
  }
}
