/** How agents are called in a verdict: by the log's own name, or by pseudonym throughout. */
import { pseudonym } from '../base/ids.ts'

export interface Names {
  /** What the verdict calls this agent. */
  of(agent: number): string
  pseudonymOf(agent: number): string
}

/** Names of agents by dense id; `pseudonyms` hides them everywhere. */
export function namesOf(agents: readonly string[], pseudonyms: boolean): Names {
  const pseudonymOf = (agent: number) => pseudonym(agents[agent])
  return { of: (agent) => (pseudonyms ? pseudonymOf(agent) : agents[agent]), pseudonymOf }
}

/** ISO 8601 in UTC, without fractions, from epoch seconds. */
export function isoTime(epochS: number): string {
  return new Date(epochS * 1000).toISOString().replace('.000Z', 'Z')
}

/** "2.1%", "0.03%", "100%": two figures where they say something. */
export function percent(share: number): string {
  const value = share * 100
  if (value === 0) return '0%'
  if (value >= 10 || Number.isInteger(value)) return `${Math.round(value)}%`
  return `${Number(value.toPrecision(2))}%`
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`
}

export function listOf(words: readonly string[], joiner = 'and'): string {
  if (words.length < 2) return words[0] ?? ''
  return `${words.slice(0, -1).join(', ')} ${joiner} ${words[words.length - 1]}`
}

/** Names that are the same once case and spaces are taken away. */
export function splitNames(agents: readonly string[]): string[][] {
  const written = new Map<string, string[]>()
  for (const agent of agents) {
    const plain = agent.toLowerCase().replace(/\s+/g, '')
    written.set(plain, [...(written.get(plain) ?? []), agent])
  }
  return [...written.values()].filter((names) => names.length > 1)
}
