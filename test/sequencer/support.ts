import { entriesOf } from '../../src/sequencer/frames.ts'
import { checkpointSigner, type SignedMemory } from '../../src/sequencer/signer.ts'
import { openCheckpoint } from '../../src/tlog/signed.ts'
import { tilePath } from '../../src/tlog/tile.ts'
import { formatVkey, KEY_TYPE, parseVkey, signingKey } from '../../src/tlog/vkey.ts'
import { naiveLeaf, naiveRoot } from '../tlog/naive.ts'

const ORIGIN = 'log.example/desk'
const key = signingKey(ORIGIN, KEY_TYPE.ed25519, Buffer.alloc(32, 7))

/** A signer that remembers in memory; `memory.note` can be set back. */
export function testSigner(note: string | null = null) {
  const memory: SignedMemory & { note: string | null } = {
    note,
    read: async () => memory.note,
    write: async (next) => {
      memory.note = next
    },
  }
  return { ...checkpointSigner(key, memory), memory }
}

export type TestSigner = ReturnType<typeof testSigner>

/** A random number generator whose numbers its seed decides (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Nobody else writes, no witness is asked, and entries are any bytes. */
export const ALONE = { cosign: null, check: async () => {}, isEntry: () => true }

/** Reads a published log as a stranger would, without our reader: entries whose root is signed. */
export function publishedEntries(files: Map<string, Buffer>): Buffer[] {
  const vkey = parseVkey(formatVkey(key))
  const { checkpoint } = openCheckpoint(files.get('checkpoint') ?? '', vkey)
  const entries: Buffer[] = []
  for (let index = 0; entries.length < checkpoint.size; index++) {
    const width = Math.min(256, checkpoint.size - entries.length)
    const bundle =
      files.get(tilePath({ level: 'entries', index, width })) ??
      files.get(tilePath({ level: 'entries', index, width: 256 }))
    const tile =
      files.get(tilePath({ level: 0, index, width })) ??
      files.get(tilePath({ level: 0, index, width: 256 }))
    const part = entriesOf(bundle ?? Buffer.alloc(0))?.slice(0, width) ?? []
    if (part.length !== width) throw new Error(`bundle ${index} holds ${part.length} of ${width}`)
    const leaves = Buffer.concat(part.map(naiveLeaf))
    if (!leaves.equals((tile ?? Buffer.alloc(0)).subarray(0, leaves.length))) {
      throw new Error(`tile ${index} does not fit its bundle`)
    }
    entries.push(...part)
  }
  if (!naiveRoot(entries.map(naiveLeaf)).equals(checkpoint.root)) throw new Error('wrong root')
  return entries
}
