/** The key that does the same, beside what does it; nothing for who listens to the page. */
export function Hint({ keys }: { keys: string }) {
  return (
    <kbd className="hint" aria-hidden>
      {keys}
    </kbd>
  )
}
