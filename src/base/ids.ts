import { createHash } from 'node:crypto'

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/**
 * Pseudonym of an agent, such as `A-7F3K9Q`: the same name always gives the same one, so that two
 * people can speak about a case without a name. It hides a name from a glance, not from someone
 * who holds the list of agents and tries each.
 */
export function pseudonym(agent: string): string {
  const digest = createHash('sha256').update(`telltale agent\n${agent}`).digest()
  let out = ''
  for (let i = 0; i < 6; i++) out += ALPHABET[digest[i] & 31]
  return `A-${out}`
}
