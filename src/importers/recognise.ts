/** What a file is, by its first bytes: never by its name, which may lie. */
import { isUtf8 } from 'node:buffer'
import { TelltaleError } from '../base/errors.ts'
import { SAMPLE_BYTES } from '../base/limits.ts'
import { fileBytes, firstBytes, gunzipBytes } from './bytes.ts'

/** A file whose kind is known, with its beginning. */
export interface Recognised {
  readonly file: string
  readonly kind: 'csv' | 'json-lines' | 'parquet'
  readonly gzip: boolean
  /** Whole lines from the start of the file, for text. */
  readonly sample: string
  /** The file's (unpacked) bytes from the start, as often as asked. */
  bytes(): AsyncIterable<Buffer>
}

const FOREIGN: readonly (readonly [Buffer, string])[] = [
  [
    Buffer.from([0x50, 0x4b, 3, 4]),
    'it is a ZIP archive or an Excel workbook; unpack it or save it as CSV',
  ],
  [Buffer.from([0x28, 0xb5, 0x2f, 0xfd]), 'it is packed by zstd; unpack it first'],
  [Buffer.from('BZh'), 'it is packed by bzip2; unpack it first'],
  [Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a]), 'it is packed by xz; unpack it first'],
  [Buffer.from([0xff, 0xfe]), 'it is UTF-16; save it as UTF-8'],
  [Buffer.from([0xfe, 0xff]), 'it is UTF-16; save it as UTF-8'],
  [Buffer.from('ORC'), 'it is an ORC file; write it as Parquet'],
  [Buffer.from('Obj\x01'), 'it is an Avro file; write it as Parquet or JSON lines'],
]

/** Throws FILE_UNREADABLE, FILE_EMPTY, FILE_FORMAT or GZIP_BROKEN. */
export async function recognise(file: string): Promise<Recognised> {
  const { head: magic } = await firstBytes(fileBytes(file), 16)
  if (magic.length === 0) throw new TelltaleError('FILE_EMPTY', { file, what: '0 bytes' })
  const gzip = magic[0] === 0x1f && magic[1] === 0x8b
  const bytes = () => (gzip ? gunzipBytes(file) : fileBytes(file))
  const { head, whole } = await firstBytes(bytes(), SAMPLE_BYTES)
  if (head.length === 0)
    throw new TelltaleError('FILE_EMPTY', { file, what: '0 bytes when unpacked' })
  if (head.subarray(0, 4).toString('latin1') === 'PAR1') {
    return { file, kind: 'parquet', gzip, sample: '', bytes }
  }
  const sample = textSample(file, head, whole)
  return { file, kind: textKind(file, sample), gzip, sample, bytes }
}

function textSample(file: string, head: Buffer, whole: boolean): string {
  const refuse = (problem: string) => new TelltaleError('FILE_FORMAT', { file, problem })
  for (const [magic, problem] of FOREIGN) {
    if (head.subarray(0, magic.length).equals(magic)) throw refuse(problem)
  }
  const start = head.subarray(0, 512)
  const zeros = start.reduce((sum, byte) => sum + (byte === 0 ? 1 : 0), 0)
  if (zeros > start.length / 4)
    throw refuse('it looks like UTF-16 or a binary file, not UTF-8 text')
  if (head.includes(13) && !head.includes(10)) {
    throw refuse('its lines end by CR alone; save it with LF or CRLF')
  }
  const lineEnd = head.lastIndexOf(10)
  if (!whole && lineEnd < 0) throw refuse('its first line is longer than 1 MiB')
  const lines = whole ? head : head.subarray(0, lineEnd + 1)
  const text = lines.toString('utf8').replace(/^\uFEFF/, '')
  if (text.trim() === '') {
    throw new TelltaleError('FILE_EMPTY', { file, what: 'blank lines only' })
  }
  const firstLine = lines.subarray(0, lines.indexOf(10) < 0 ? lines.length : lines.indexOf(10))
  if (!isUtf8(firstLine)) throw refuse('its first line is not UTF-8; save it as UTF-8')
  return text
}

function textKind(file: string, sample: string): 'csv' | 'json-lines' {
  const start = sample.trimStart()
  if (start[0] !== '{' && start[0] !== '[') return 'csv'
  const firstLine = start.slice(0, start.indexOf('\n') < 0 ? start.length : start.indexOf('\n'))
  try {
    if (!Array.isArray(JSON.parse(firstLine))) return 'json-lines'
  } catch {
    // Neither a whole object nor a whole array on the first line: one document over many lines,
    // unless the lines after it are objects and only the first is broken.
    if (start[0] === '{' && /\n\{.*\}\s*(\n|$)/.test(start)) return 'json-lines'
  }
  throw new TelltaleError('FILE_FORMAT', {
    file,
    problem:
      'it is one JSON document; write one JSON object a line (jq -c ".[]" does it for a list)',
  })
}
