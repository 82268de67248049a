/** How the simulated organisation writes things down, and files that are written as a stream. */
import { createWriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { TelltaleError } from '../src/base/errors.ts'
import { reasonOf } from './failure.ts'

export function isoTime(atS: number): string {
  return `${new Date(atS * 1000).toISOString().slice(0, 19)}Z`
}

export function ticketNumber(ticket: number): string {
  return ticket === 0 ? '' : `SR-${10_000_000 + ticket}`
}

export interface TextFile {
  /** Resolves when there is room for more, so that memory stays flat. */
  write(text: string): Promise<void>
  close(): Promise<void>
}

/** Opens a file for writing, gzipped when its name ends in `.gz`. */
export function openText(file: string): TextFile {
  const disk = createWriteStream(file)
  const head = file.endsWith('.gz') ? createGzip({ level: 4 }) : disk
  if (head !== disk) head.pipe(disk)
  const done = finished(disk)
  // Reported by the next write or by close; not an unhandled rejection in between.
  done.catch(() => undefined)
  const fails = (error: Error) => {
    throw new TelltaleError('FILE_UNWRITABLE', { file, reason: reasonOf(error) }, { cause: error })
  }
  return {
    async write(text) {
      if (disk.errored) fails(disk.errored)
      if (head.write(text)) return
      const room = new Promise<void>((resolve) => head.once('drain', resolve))
      await Promise.race([room, done]).catch(fails)
    },
    async close() {
      head.end()
      await done.catch(fails)
    },
  }
}
