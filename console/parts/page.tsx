import { type ReactNode, useEffect, useRef } from 'react'

interface Props {
  /** Also the window's title: nothing of a customer. */
  readonly title: string
  /** One line below: what the page answers. */
  readonly lead?: ReactNode
  readonly actions?: ReactNode
  readonly children: ReactNode
}

let isFirst = true

/** A page: its heading takes the focus after a navigation, so that the keyboard and a screen reader
 * begin where the eye does. The first page begins at its top, as everywhere. */
export function Page({ title, lead, actions, children }: Props) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = `${title} · Telltale`
    if (!isFirst) heading.current?.focus({ preventScroll: true })
    if (!isFirst) scrollTo({ top: 0 })
    isFirst = false
  }, [title])
  return (
    <>
      <header className="page-head">
        <div>
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {lead !== undefined && <div className="page-lead">{lead}</div>}
        </div>
        {actions !== undefined && <div className="page-actions">{actions}</div>}
      </header>
      {children}
    </>
  )
}
