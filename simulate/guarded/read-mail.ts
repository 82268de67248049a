/** Reads a mail of one part, as those of the desk are. */

/** The header, with folded lines joined, and the decoded body of a message of one part. */
export function readMail(source: string): { header: Map<string, string>; body: string } {
  const at = source.indexOf('\r\n\r\n')
  const lines = source
    .slice(0, at)
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n')
  const header = new Map(
    lines.map((line) => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon).toLowerCase(), words(line.slice(colon + 1).trim())]
    }),
  )
  const raw = source.slice(at + 4)
  const encoding = header.get('content-transfer-encoding')
  if (encoding === 'base64') return { header, body: Buffer.from(raw, 'base64').toString() }
  const body = encoding === 'quoted-printable' ? unquoted(raw.replace(/=\r\n/g, '')) : raw
  return { header, body }
}

/** RFC 2047. */
function words(text: string): string {
  return text
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_, kind: string, word: string) =>
      kind.toLowerCase() === 'b'
        ? Buffer.from(word, 'base64').toString('latin1')
        : unquotedBytes(word.replaceAll('_', ' ')),
    )
    .replace(/[\u0080-\u00ff]+/g, (bytes) => Buffer.from(bytes, 'latin1').toString())
}

function unquoted(text: string): string {
  return Buffer.from(unquotedBytes(text), 'latin1').toString()
}

function unquotedBytes(text: string): string {
  return text.replace(/=([0-9A-F]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
}
