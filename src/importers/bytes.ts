import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { createGunzip } from 'node:zlib'
import { TelltaleError } from '../base/errors.ts'

const CHUNK_BYTES = 1 << 18

/** The bytes of a regular file. A pipe is refused: a file is read twice, once to be recognised. */
export async function* fileBytes(file: string): AsyncIterable<Buffer> {
  await requireRegularFile(file)
  const stream = createReadStream(file, { highWaterMark: CHUNK_BYTES })
  try {
    for await (const chunk of stream) yield chunk as Buffer
  } catch (error) {
    throw unreadable(file, error)
  } finally {
    stream.destroy()
  }
}

/** The unpacked bytes of a gzip file (of any number of members), streamed. Throws GZIP_BROKEN,
 * saying how far it was read, where the file ends early or is damaged. */
export async function* gunzipBytes(file: string): AsyncIterable<Buffer> {
  await requireRegularFile(file)
  const stream = createReadStream(file, { highWaterMark: CHUNK_BYTES })
  const unpacked = createGunzip({ chunkSize: CHUNK_BYTES })
  stream.on('error', (error) => unpacked.destroy(error))
  stream.pipe(unpacked)
  let bytes = 0
  try {
    for await (const chunk of unpacked) {
      bytes += (chunk as Buffer).length
      yield chunk as Buffer
    }
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException
    if (!code.startsWith('Z_')) throw unreadable(file, error)
    const reason = code === 'Z_BUF_ERROR' ? 'it ends before its end mark' : message
    throw new TelltaleError('GZIP_BROKEN', { file, reason, bytes }, { cause: error })
  } finally {
    stream.destroy()
    unpacked.destroy()
  }
}

/** The first bytes of a stream, at most `limit`, and whether that was all. */
export async function firstBytes(
  bytes: AsyncIterable<Buffer>,
  limit: number,
): Promise<{ head: Buffer; whole: boolean }> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of bytes) {
    chunks.push(chunk)
    length += chunk.length
    if (length > limit) return { head: Buffer.concat(chunks).subarray(0, limit), whole: false }
  }
  return { head: Buffer.concat(chunks), whole: true }
}

async function requireRegularFile(file: string): Promise<void> {
  try {
    const handle = await open(file, 'r')
    const stats = await handle.stat()
    await handle.close()
    if (stats.isFile()) return
    const reason = stats.isDirectory() ? 'it is a folder' : 'it is a pipe or a device, not a file'
    throw new TelltaleError('FILE_UNREADABLE', { file, reason })
  } catch (error) {
    throw error instanceof TelltaleError ? error : unreadable(file, error)
  }
}

const ERRNO_WORDS: Record<string, string> = {
  ENOENT: 'there is no such file',
  EACCES: 'permission is denied',
  EISDIR: 'it is a folder',
  EIO: 'the disk reports an error',
}

export function unreadable(file: string, cause: unknown): TelltaleError {
  const { code = '', message } = cause as NodeJS.ErrnoException
  return new TelltaleError(
    'FILE_UNREADABLE',
    { file, reason: ERRNO_WORDS[code] ?? message },
    { cause },
  )
}
