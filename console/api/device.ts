/** The key of this device: made once in this browser, never to leave it. docs/identity.md. */

const DATABASE = 'telltale-device'
const STORE = 'keys'
const ID = 'device'

let key: Promise<CryptoKeyPair> | null = null

/** An ECDSA P-256 pair whose private half cannot be exported, kept in IndexedDB for all tabs. */
export function deviceKey(): Promise<CryptoKeyPair> {
  key ??= loadOrMake().catch((error) => {
    key = null
    throw error
  })
  return key
}

async function loadOrMake(): Promise<CryptoKeyPair> {
  const database = await open()
  try {
    const made = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, [
      'sign',
    ])
    return await keepFirst(database, made)
  } finally {
    database.close()
  }
}

function open(): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE, 1)
  request.onupgradeneeded = () => request.result.createObjectStore(STORE)
  return settled(request)
}

/** Of two tabs that start at once the first one's key stays, and both use it. */
async function keepFirst(database: IDBDatabase, made: CryptoKeyPair): Promise<CryptoKeyPair> {
  const store = database.transaction(STORE, 'readwrite').objectStore(STORE)
  const kept = await settled<CryptoKeyPair | undefined>(store.get(ID))
  if (kept !== undefined) return kept
  await settled(store.put(made, ID))
  return made
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}
