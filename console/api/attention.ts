/** Whether somebody is at this page: what it asks for by itself must not keep a session alive at a screen
 * that nobody looks at. */

/** Who does nothing for so long may be gone: no longer than one needs to read a message. */
const ATTENDED_MS = 60_000

const SIGNS = ['pointerdown', 'pointermove', 'wheel', 'keydown', 'touchstart', 'focus'] as const

/** Tells whether somebody moved something at `page` within the last minute; opening it counts. */
export function watchAttention(
  page: Pick<EventTarget, 'addEventListener'>,
  nowMs: () => number,
): () => boolean {
  let lastMs = nowMs()
  for (const sign of SIGNS) {
    page.addEventListener(sign, () => (lastMs = nowMs()), { capture: true, passive: true })
  }
  return () => nowMs() - lastMs < ATTENDED_MS
}
