/** Customer keys and their ids, without a string for each: sorted bytes and a binary search. */

/** Key k (in byte order) is `bytes[offsets[k] .. offsets[k + 1])` and belongs to customer `ids[k]`. */
export interface KeyTable {
  readonly ids: Uint32Array
  readonly offsets: Uint32Array
  readonly bytes: Uint8Array
}

export interface KeysBuilder {
  /** Keys come in the order of their UTF-8 bytes, each once. */
  add(id: number, key: Uint8Array): void
  finish(): KeyTable
}

export function keysBuilder(count: number, byteLength: number): KeysBuilder {
  const ids = new Uint32Array(count)
  const offsets = new Uint32Array(count + 1)
  const bytes = new Uint8Array(byteLength)
  let next = 0
  return {
    add(id, key) {
      ids[next] = id
      bytes.set(key, offsets[next])
      offsets[next + 1] = offsets[next] + key.length
      next++
    },
    finish: () => ({ ids, offsets, bytes }),
  }
}

/** The customer with exactly this key, or -1. */
export function idOfKey({ ids, offsets, bytes }: KeyTable, key: string): number {
  const wanted = new TextEncoder().encode(key)
  let low = 0
  let high = ids.length - 1
  while (low <= high) {
    const middle = (low + high) >>> 1
    const order = compare(wanted, bytes, offsets[middle], offsets[middle + 1])
    if (order === 0) return ids[middle]
    if (order < 0) high = middle - 1
    else low = middle + 1
  }
  return -1
}

function compare(wanted: Uint8Array, bytes: Uint8Array, from: number, to: number): number {
  const shared = Math.min(wanted.length, to - from)
  for (let i = 0; i < shared; i++) {
    const step = wanted[i] - bytes[from + i]
    if (step !== 0) return step
  }
  return wanted.length - (to - from)
}
