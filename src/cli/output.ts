import { type FileHandle, open, rm, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { TelltaleError } from '../base/errors.ts'
import type { Terminal } from './stdio.ts'

/** Writes a result file, made with this mode where it is new. Throws FILE_UNWRITABLE. */
export async function writeOut(
  file: string,
  content: string | Uint8Array,
  mode = 0o666,
): Promise<void> {
  try {
    await writeFile(file, content, { mode })
  } catch (error) {
    throw unwritable(file, error)
  }
}

function unwritable(file: string, error: unknown): TelltaleError {
  const reason = (error as NodeJS.ErrnoException).code ?? String(error)
  return new TelltaleError('FILE_UNWRITABLE', { file, reason }, { cause: error })
}

/** A result that is too long to hold, written piece by piece. */
export interface Output {
  /** Resolves when more may come. Throws FILE_UNWRITABLE. */
  write(text: string): Promise<void>
  close(): Promise<void>
  /** Takes a half-written file away. */
  abandon(): Promise<void>
}

/** A result file, or standard output where none is named or it is `-`. */
export function openOutput(file: string | undefined, terminal: Terminal): Output {
  if (file !== undefined && file !== '-') return openFile(file)
  const write = async (text: string) => {
    terminal.out(text)
    await terminal.drained()
  }
  return { write, close: async () => {}, abandon: async () => {} }
}

/** A result file, made at the first piece: what fails before leaves nothing behind. */
export function openFile(file: string): Output {
  let handle: FileHandle | null = null
  const attempt = async (act: () => Promise<void>) => {
    try {
      await act()
    } catch (error) {
      throw unwritable(file, error)
    }
  }
  const write = (text: string) =>
    attempt(async () => {
      handle ??= await open(file, 'w')
      await handle.writeFile(text)
    })
  return {
    write,
    close: async () => {
      await write('')
      await attempt(async () => handle?.close())
    },
    abandon: async () => {
      if (handle === null) return
      await handle.close().catch(() => {})
      await rm(file, { force: true }).catch(() => {})
    },
  }
}

/** Refuses to write a result over an input or over another result. Throws FILE_GIVEN_TWICE. */
export function refuseClashes(
  inputs: Readonly<Record<string, string | readonly string[] | undefined>>,
  outputs: Readonly<Record<string, string | undefined>>,
): void {
  const taken = new Map<string, string>()
  for (const [option, files] of Object.entries(inputs)) {
    for (const file of [files ?? []].flat()) taken.set(resolve(file), option)
  }
  for (const [option, file] of Object.entries(outputs)) {
    if (file === undefined || file === '-') continue
    const first = taken.get(resolve(file))
    if (first !== undefined)
      throw new TelltaleError('FILE_GIVEN_TWICE', { file, first, second: option })
    taken.set(resolve(file), option)
  }
}

/** JSON in which no character can act on a terminal or hide in a text: escaped, the value is the same. */
export function safeJson(value: unknown): string {
  const text = JSON.stringify(value, null, 2)
  const escaped = text.replace(
    /[\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  return `${escaped}\n`
}
