/** Sign-ins and passkey ceremonies under way: begun by a secret, taken once, soon over. */
import { TelltaleError } from '../base/errors.ts'
import { CEREMONIES_MAX, CEREMONY_MS } from '../base/identity-limits.ts'
import { hashOf, isSecret, newSecret } from './secrets.ts'
import type { ChallengeStore } from './stores.ts'

/** What each kind of ceremony has to remember. */
export interface Ceremonies {
  /** Answers the secret that continues it. Throws SIGN_IN_BUSY. */
  begin(kind: string, payload: unknown, secret?: string): Promise<string>
  /** What `begin` was given; throws SIGN_IN_OVER, also for the second who asks. */
  take<Payload>(kind: string, secret: string | null): Promise<Payload>
}

/** Kept under the hash of their secret, as sessions are. */
export function createCeremonies(store: ChallengeStore, nowMs: () => number): Ceremonies {
  const idOf = (secret: string) => hashOf(secret).toString('base64url')
  return {
    async begin(kind, payload, secret = newSecret()) {
      const atMs = nowMs()
      const challenge = { id: idOf(secret), kind, payload, expiresAtMs: atMs + CEREMONY_MS }
      if (!(await store.add(challenge, atMs, CEREMONIES_MAX)))
        throw new TelltaleError('SIGN_IN_BUSY', {})
      return secret
    },
    async take<Payload>(kind: string, secret: string | null) {
      const taken =
        secret !== null && isSecret(secret) ? await store.take(idOf(secret), kind, nowMs()) : null
      if (taken === null) throw new TelltaleError('SIGN_IN_OVER', {})
      return taken as Payload
    },
  }
}
