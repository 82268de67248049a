import { useCallback, useState } from 'react'

const PREFIX = 'telltale.draft.'

/** What somebody types, kept in this tab until it is sent: a reload or a new sign-in loses nothing.
 * `owner` keeps people who share a tab apart. */
export function useDraft<T>(owner: string, name: string, empty: T) {
  const key = `${PREFIX}${owner}.${name}`
  const [state, setState] = useState(() => ({ key, value: read(key, empty) }))
  const value = state.key === key ? state.value : read(key, empty)
  const write = useCallback(
    (next: T) => {
      setState({ key, value: next })
      sessionStorage.setItem(key, JSON.stringify(next))
    },
    [key],
  )
  const clear = useCallback(() => {
    setState({ key, value: empty })
    sessionStorage.removeItem(key)
  }, [key, empty])
  return { value, write, clear }
}

/** Forgets everything typed in this tab: on signing out. */
export function forgetDrafts(): void {
  for (const key of Object.keys(sessionStorage))
    if (key.startsWith(PREFIX)) sessionStorage.removeItem(key)
}

function read<T>(key: string, empty: T): T {
  const kept = sessionStorage.getItem(key)
  if (kept === null) return empty
  try {
    return JSON.parse(kept) as T
  } catch {
    return empty
  }
}
