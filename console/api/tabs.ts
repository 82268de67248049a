/** A device has one session: who signs in or out in one tab does so in all. */

const channel = new BroadcastChannel('telltale')

/** Tells the other tabs that the session is another one now. */
export function tellTabs(): void {
  channel.postMessage('session')
}

/** Hears when another tab signs in or out. */
export function onOtherTab(listener: () => void): () => void {
  channel.addEventListener('message', listener)
  return () => channel.removeEventListener('message', listener)
}
