/** Markup whose every inserted text is escaped: what is not already markup cannot become it. */
import { visible } from '../words.ts'

/** Text that is markup by construction; only `markup` and `verbatim` make it. */
export interface Markup {
  readonly markup: string
}

type Insert = Markup | readonly Markup[] | string | number | null

/** Tagged template: strings and numbers are escaped (for text and for quoted attributes alike). */
export function markup(texts: TemplateStringsArray, ...inserts: Insert[]): Markup {
  let out = texts[0]
  for (const [i, insert] of inserts.entries()) out += render(insert) + texts[i + 1]
  return { markup: out }
}

/** Our own constant text (style, script) or markup already built. Never for text from outside. */
export function verbatim(text: string): Markup {
  return { markup: text }
}

export const NOTHING: Markup = { markup: '' }

function render(insert: Insert): string {
  if (insert === null) return ''
  if (typeof insert === 'number') return Number.isFinite(insert) ? String(insert) : '0'
  if (typeof insert === 'string') return escapeText(insert)
  if ('markup' in insert) return insert.markup
  return insert.map((one) => one.markup).join('')
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

export function escapeText(text: string): string {
  return visible(text).replace(/[&<>"']/g, (char) => ENTITIES[char])
}
