/** Secrets that somebody carries and we keep only the hash of. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

const SECRET_BYTES = 32
const ID_BYTES = 16
const SECRET = /^[\w-]{42}[AEIMQUYcgkosw048]$/

/** 256 random bits in base64url. */
export function newSecret(): string {
  return randomBytes(SECRET_BYTES).toString('base64url')
}

/** 128 random bits in base64url: nobody guesses one, nobody is hurt by one. */
export function newId(): string {
  return randomBytes(ID_BYTES).toString('base64url')
}

/** Whether a text can be what `newSecret` gave, in its one spelling. */
export function isSecret(text: string): boolean {
  return SECRET.test(text)
}

/** What is kept of a secret: 256 random bits need neither salt nor stretching. */
export function hashOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}

/** Whether two texts are the same, in a time that tells nothing of where they differ. */
export function sameText(a: string, b: string): boolean {
  return timingSafeEqual(hashOf(a), hashOf(b))
}
