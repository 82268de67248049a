/** What every picture comes with: a title, how to read it, a table one key away, and its exports. */
import { type Markup, markup, NOTHING } from './markup.ts'
import { type Table, table } from './table.ts'

export interface Figure {
  /** Stands in the address and in the names of exported files. */
  readonly id: string
  readonly title: Markup | string
  /** One or two sentences: what is drawn, and what to look for. */
  readonly reading: string
  /** The same picture for a page and for a phone; none where there is nothing to draw yet. */
  readonly pictures: readonly Markup[]
  readonly table: Table
}

export function figure(one: Figure, after: Markup = NOTHING): Markup {
  const drawn =
    one.pictures.length > 0 ? one.pictures : [markup`<p class="none">Nothing to draw yet.</p>`]
  const rows = one.table.rows.length
  const details =
    rows === 0
      ? NOTHING
      : markup`<details><summary>As a table</summary>${table(one.table)}</details>`
  return markup`<section id="${one.id}" aria-labelledby="${one.id}-title" class="fig">
<h2 id="${one.id}-title">${one.title}</h2>
<p class="reading">${one.reading}</p>
<figure data-name="${one.id}">${drawn}<div class="under"><div class="tools"></div>${details}</div></figure>${after}
</section>
`
}
