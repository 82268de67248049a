import { createContext, use } from 'react'
import type { Session } from '../../src/http/desk/shapes/session.ts'

/** Who is signed in; set where the console begins. */
export const MeContext = createContext<Session | null>(null)

/** Who is signed in, with the desk's words and limits. */
export function useMe(): Session {
  const session = use(MeContext)
  if (session === null) throw new Error('Nobody is signed in here.')
  return session
}
