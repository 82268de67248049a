/** The saved arrays: one checked file, so that a large index opens in seconds (docs/index.md). */
import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { endianness } from 'node:os'
import { crc32 } from 'node:zlib'
import { TelltaleError } from '../base/errors.ts'

/** Any change to what the arrays mean takes another number, so that old files are derived anew. */
const MAGIC = 'TTINDEX1'
const ALIGN_BYTES = 64
const IO_BYTES = 4 << 20
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

/** Writes beside and renames, so that a crash leaves the old file or none. Throws FILE_UNWRITABLE. */
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
  try {
    await writeBeside(`${path}.new`, prefix, text, columns, header)
    await rename(`${path}.new`, path)
  } catch (error) {
    await rm(`${path}.new`, { force: true })
    const { code, message } = error as NodeJS.ErrnoException
    throw new TelltaleError('FILE_UNWRITABLE', { file: path, reason: code ?? message })
  }
}

async function writeBeside(
  path: string,
  prefix: Uint8Array,
  text: Uint8Array,
  columns: [string, Column][],
  header: Header,
): Promise<void> {
  const file = await open(path, 'w')
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

/** The saved arrays, or null where there is no file, or it cannot be read, is damaged, of another
 * version or of other tables. Columns that were null are absent. */
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
  } catch {
    return null
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

/**
 * Fills `bytes` from the file and gives their checksum, or -1 where the file ends early. Parts are
 * read into two small buffers in turn, each checked and copied while the other is being read: read
 * into place, every page of a large array would be brought in twice, by the kernel and by us.
 */
async function readAt(file: FileHandle, bytes: Uint8Array, offset: number): Promise<number> {
  const buffers = [new Uint8Array(IO_BYTES), new Uint8Array(IO_BYTES)]
  const read = (part: number) => {
    const at = part * IO_BYTES
    const size = Math.min(IO_BYTES, bytes.length - at)
    return size > 0 ? readWhole(file, buffers[part % 2].subarray(0, size), offset + at) : null
  }
  let crc = 0
  let reading = read(0)
  for (let part = 0; reading !== null; part++) {
    const got = await reading
    if (got === null) return -1
    reading = read(part + 1)
    crc = crc32(got, crc)
    bytes.set(got, part * IO_BYTES)
  }
  return crc
}

async function readWhole(
  file: FileHandle,
  into: Uint8Array,
  offset: number,
): Promise<Uint8Array | null> {
  for (let at = 0; at < into.length; ) {
    const { bytesRead } = await file.read(into, at, into.length - at, offset + at)
    if (bytesRead === 0) return null
    at += bytesRead
  }
  return into
}
