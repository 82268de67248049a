/**
 * A fixed bijection of the 32-bit numbers that looks random: the finaliser of MurmurHash3 (Austin
 * Appleby, public domain). Being a bijection, sorting the mixed ids and undoing the mix gives ids
 * in pseudo-random order with no table beside them.
 */
export function mix(id: number): number {
  let h = id ^ (id >>> 16)
  h = Math.imul(h, 0x85ebca6b)
  h ^= h >>> 13
  h = Math.imul(h, 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

/** The id whose `mix` is `hash`. */
export function unmix(hash: number): number {
  let h = hash ^ (hash >>> 16)
  h = Math.imul(h, 0x7ed1b41d)
  h ^= (h >>> 13) ^ (h >>> 26)
  h = Math.imul(h, 0xa5cb9243)
  return (h ^ (h >>> 16)) >>> 0
}
