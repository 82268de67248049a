import { TelltaleError } from '../../src/base/errors.ts'
import { formatCheckpoint } from '../../src/tlog/checkpoint.ts'
import { cosign, signNote } from '../../src/tlog/cosignature.ts'
import { sha256 } from '../../src/tlog/hash.ts'
import { formatNote } from '../../src/tlog/note.ts'
import { KEY_TYPE, type KeyType, type SigningKey, signingKey } from '../../src/tlog/vkey.ts'

export const ORIGIN = 'example.com/log'

/** A key whose seed follows from its name. */
export function keyOf(name: string, type: KeyType = KEY_TYPE.cosignature): SigningKey {
  return signingKey(name, type, sha256(`test seed ${name} ${type}`))
}

export const KEYS = {
  log: keyOf(ORIGIN, KEY_TYPE.ed25519),
  w1: keyOf('witness.example/1'),
  w2: keyOf('witness.example/2'),
  w3: keyOf('witness.example/3'),
}

export const TIME_S = 1_700_000_000

/** A checkpoint of this size, with a root that is made up, signed by these keys. */
export function signedNote(size: number, keys: readonly SigningKey[], root = sha256('root')) {
  const text = formatCheckpoint({ origin: ORIGIN, size, root, extensions: [] })
  const signatures = keys.map((key) =>
    key.type === KEY_TYPE.ed25519 ? signNote(key, text) : cosign(key, text, TIME_S),
  )
  return formatNote({ text, signatures })
}

/** The code of the error that `act` throws; `none` where it throws none. */
export function codeOf(act: () => unknown): string {
  try {
    act()
  } catch (error) {
    if (error instanceof TelltaleError) return error.code
    throw error
  }
  return 'none'
}
