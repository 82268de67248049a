/** The legend inside a picture, so that an exported picture explains itself. */
import { type Markup, markup } from './markup.ts'
import { type Frame, line, text } from './svg.ts'

export interface LegendItem {
  /** Draws the sample around this point, 24 wide. */
  readonly sample: (x: number, y: number) => Markup
  readonly words: string
}

const ROW = 20
const SAMPLE = 30
/** Mean advance of the legend's letters, generously: a label must not run into the next sample. */
const LETTER = 6.4

/** Items from left to right, on as many rows as the frame needs. */
export function legend(
  frame: Frame,
  items: readonly LegendItem[],
): { shapes: Markup[]; height: number } {
  const shapes: Markup[] = []
  let x = 0
  let y = 12
  for (const item of items) {
    const width = SAMPLE + item.words.length * LETTER + 18
    if (x > 0 && x + width > frame.width) {
      x = 0
      y += ROW
    }
    shapes.push(item.sample(x + 12, y - 4), text(x + SAMPLE, y, item.words, { kind: 't mute' }))
    x += width
  }
  return { shapes, height: items.length === 0 ? 0 : y + 12 }
}

export function stroke(kind: string): LegendItem['sample'] {
  return (x, y) => line(x - 11, y, x + 11, y, kind)
}

export function dot(kind: string, radius = 4.5): LegendItem['sample'] {
  return (x, y) => circle(x, y, radius, kind)
}

export function box(kind: string): LegendItem['sample'] {
  return (x, y) => markup`<rect x="${x - 6}" y="${y - 6}" width="12" height="12" class="${kind}"/>`
}

export function cross(x: number, y: number, radius: number, kind: string): Markup {
  const r = radius
  return markup`<path d="M${x - r} ${y - r}l${2 * r} ${2 * r}m${-2 * r} 0l${2 * r} ${-2 * r}" class="${kind}"/>`
}

export function circle(x: number, y: number, radius: number, kind: string): Markup {
  return markup`<circle cx="${x}" cy="${y}" r="${radius}" class="${kind}"/>`
}
