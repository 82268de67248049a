import { useKeys } from '../../hooks/keys.ts'

/** Moves between the cards of a page; nothing is decided by a single key. */
export function useCardKeys(): void {
  useKeys([
    { keys: 'j', does: 'Next request', run: () => move(1), listed: false },
    { keys: 'k', does: 'Request before', run: () => move(-1), listed: false },
  ])
}

function move(by: 1 | -1): void {
  const cards = [...document.querySelectorAll<HTMLElement>('.request')]
  const at = cards.findIndex((card) => card.contains(document.activeElement))
  const next = at === -1 ? (by === 1 ? 0 : cards.length - 1) : at + by
  cards.at(Math.min(Math.max(next, 0), cards.length - 1))?.focus()
}
