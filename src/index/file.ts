/** The saved arrays: one checked file, so that a large index opens in seconds (docs/index.md). */
import { type FileHandle, open, rename } from 'node:fs/promises'
import { endianness } from 'node:os'
import { crc32 } from 'node:zlib'

/** Any change to what the arrays mean takes another number, so that old files are derived anew. */
const MAGIC = 'TTINDEX1'
const ALIGN_BYTES = 64
const IO_BYTES = 16 << 20
/** Arrays begin here; the header of a few kilobytes lies before. */
const HEADER_BYTES_MAX = 1 << 16

type Column = Uint8Array | Uint16Array | Uint32Array
const KINDS = { u8: Uint8Array, u16: Uint16Array, u32: Uint32Array } as const
type Kind = keyof typeof KINDS

export type Columns = Readonly<Record<string, Column | null>>

interface Section {
  readonly name: string
  readonly kind: Kind
  readonly length: number
  readonly offset: number
  readonly crc: number
}

interface Header {
  readonly fingerprint: string
  readonly fileBytes: number
  readonly about: unknown
  readonly sections: Section[]
}

/** What a file holds: named columns and what goes with them (any JSON), derived from tables with
 * this fingerprint. */
export interface SavedArrays {
  readonly fingerprint: string
  readonly about: unknown
  readonly columns: Columns
}

/** Writes beside and renames, so that a crash leaves the old file or none. */
export async function saveArrays(path: string, saved: SavedArrays): Promise<void> {
  if (endianness() !== 'LE') return
  const columns = Object.entries(saved.columns).filter((entry) => entry[1] !== null) as [
    string,
    Column,
  ][]
  const header = headerOf(saved, columns)
  const text = Buffer.from(JSON.stringify(header))
  const prefix = Buffer.alloc(16)
  prefix.write(MAGIC, 'latin1')
  prefix.writeUInt32LE(text.length, 8)
  prefix.writeUInt32LE(crc32(text), 12)
  const file = await open(`${path}.new`, 'w')
  try {
    await writeAt(file, prefix, 0)
    await writeAt(file, text, prefix.length)
    for (let i = 0; i < columns.length; i++) {
      await writeAt(file, bytesOf(columns[i][1]), header.sections[i].offset)
    }
    await file.truncate(header.fileBytes)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(`${path}.new`, path)
}

function headerOf(saved: SavedArrays, columns: [string, Column][]): Header {
  const sections: Section[] = []
  let offset = HEADER_BYTES_MAX
  for (const [name, column] of columns) {
    const kind = (Object.keys(KINDS) as Kind[]).find((k) => column instanceof KINDS[k])!
    sections.push({ name, kind, length: column.length, offset, crc: crcOf(bytesOf(column)) })
    offset = Math.ceil((offset + column.byteLength) / ALIGN_BYTES) * ALIGN_BYTES
  }
  const { fingerprint, about } = saved
  return { fingerprint, about, fileBytes: offset, sections }
}

/** The saved arrays, or null where there is no file, or it is damaged, of another version or of
 * other tables. Columns that were null are absent. */
export async function loadArrays(path: string, fingerprint: string): Promise<SavedArrays | null> {
  if (endianness() !== 'LE') return null
  let file: FileHandle
  try {
    file = await open(path, 'r')
  } catch {
    return null
  }
  try {
    const header = await readHeader(file)
    if (header?.fingerprint !== fingerprint) return null
    if ((await file.stat()).size !== header.fileBytes) return null
    const columns: Record<string, Column> = {}
    for (const section of header.sections) {
      const column = new KINDS[section.kind](section.length)
      if ((await readAt(file, bytesOf(column), section.offset)) !== section.crc) return null
      columns[section.name] = column
    }
    return { fingerprint, about: header.about, columns }
  } finally {
    await file.close()
  }
}

async function readHeader(file: FileHandle): Promise<Header | null> {
  const prefix = Buffer.alloc(16)
  await file.read(prefix, 0, 16, 0)
  const length = prefix.readUInt32LE(8)
  if (prefix.toString('latin1', 0, 8) !== MAGIC || length > HEADER_BYTES_MAX - 16) return null
  const text = Buffer.alloc(length)
  await file.read(text, 0, length, 16)
  return crc32(text) === prefix.readUInt32LE(12) ? (JSON.parse(text.toString()) as Header) : null
}

function bytesOf(column: Column): Uint8Array {
  return new Uint8Array(column.buffer, column.byteOffset, column.byteLength)
}

function crcOf(bytes: Uint8Array): number {
  let crc = 0
  for (let at = 0; at < bytes.length; at += IO_BYTES) {
    crc = crc32(bytes.subarray(at, at + IO_BYTES), crc)
  }
  return crc
}

async function writeAt(file: FileHandle, bytes: Uint8Array, offset: number): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    const size = Math.min(IO_BYTES, bytes.length - at)
    at += (await file.write(bytes, at, size, offset + at)).bytesWritten
  }
}

/** Fills `bytes` from the file and gives their checksum, taken while the next part is read; a file
 * that ends early gives a checksum of what was there. */
async function readAt(file: FileHandle, bytes: Uint8Array, offset: number): Promise<number> {
  let crc = 0
  let at = 0
  let reading = readPart(file, bytes, 0, offset)
  while (at < bytes.length) {
    const got = await reading
    if (got === 0) return -1
    reading = readPart(file, bytes, at + got, offset)
    crc = crc32(bytes.subarray(at, at + got), crc)
    at += got
  }
  return crc
}

async function readPart(
  file: FileHandle,
  bytes: Uint8Array,
  at: number,
  offset: number,
): Promise<number> {
  const size = Math.min(IO_BYTES, bytes.length - at)
  return size === 0 ? 0 : (await file.read(bytes, at, size, offset + at)).bytesRead
}
