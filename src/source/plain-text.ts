/** HTML of a mail as the text that a person would read. The result is text, never markup. */

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
}

/** Every step is linear in the length of the text, which senders choose. */
export function plainText(html: string): string {
  return withoutTags(withoutHidden(html))
    .replace(/&(#x[0-9a-f]{1,6}|#\d{1,7}|[a-z]{2,6});/gi, (whole, name: string) =>
      entity(whole, name),
    )
    .replace(/[ \t\r\u00a0]+/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}

const ENDS: Readonly<Record<string, RegExp>> = {
  '<!--': /-->/g,
  '<script': /<\/script[^>]*>/gi,
  '<style': /<\/style[^>]*>/gi,
  '<head': /<\/head[^>]*>/gi,
  '<title': /<\/title[^>]*>/gi,
}

/** Styles, scripts and comments are no text. One that never ends takes the rest. */
function withoutHidden(html: string): string {
  const begin = /<!--|<(script|style|head|title)\b/gi
  let out = ''
  let from = 0
  for (;;) {
    begin.lastIndex = from
    const found = begin.exec(html)
    if (!found) return out + html.slice(from)
    out += html.slice(from, found.index)
    const end = ENDS[found[0].toLowerCase()]
    end.lastIndex = begin.lastIndex
    if (!end.test(html)) return out
    from = end.lastIndex
  }
}

function withoutTags(html: string): string {
  return html
    .replace(/\s+/g, ' ')
    .replace(/<(br|\/p|\/div|\/tr|\/li|\/h[1-6]|\/blockquote|hr)\b[^<>]*>/gi, '\n')
    .replace(/<[a-z/!?][^<>]*>/gi, '')
}

function entity(whole: string, name: string): string {
  if (!name.startsWith('#')) return ENTITIES[name.toLowerCase()] ?? whole
  const isHex = /^#x/i.test(name)
  const point = Number.parseInt(name.slice(isHex ? 2 : 1), isHex ? 16 : 10)
  const isCharacter = point >= 32 && point <= 0x10ffff && !(point >= 0xd800 && point <= 0xdfff)
  return isCharacter ? String.fromCodePoint(point) : ''
}
