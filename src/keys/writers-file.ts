/** `writers.json` of the keys folder, who may append over the network: docs/formats.md section 8. */
import { createHash, randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { TelltaleError } from '../base/errors.ts'
import { listIn } from './epochs-file.ts'
import type { Alone } from './ring.ts'
import { damaged, readSecret, replaceSecret } from './secret-file.ts'

/** Who may append; of the token only the hash is kept. */
export interface KeptWriter {
  readonly name: string
  /** SHA-256 of the token, hex. */
  readonly sha256: string
}

/** The writers of a keys folder. */
export interface WriterList {
  /** Throws KEYS_EXPOSED, KEYS_DAMAGED, FILE_UNREADABLE. */
  list(): Promise<readonly KeptWriter[]>
  /** Adds a writer and gives its token, which nobody can read again. Throws WRITER_NAME. */
  add(name: string): Promise<string>
  /** From now on its token is nobody's. Throws WRITER_NAME. */
  remove(name: string): Promise<void>
}

/** It is sealed into entries and written into logs: nothing in it needs an escape anywhere. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/
const TOKEN_BYTES = 32

/** The writers of the keys folder `dir`; none where the file is absent. */
export function writersIn(dir: string, alone: Alone): WriterList {
  const path = join(dir, 'writers.json')

  async function list(): Promise<readonly KeptWriter[]> {
    const text = await readSecret(path)
    return text === null ? [] : parseWriters(path, text)
  }

  async function change(next: (old: readonly KeptWriter[]) => readonly KeptWriter[]) {
    await alone(async () => replaceSecret(path, formatWriters(next(await list()))))
  }

  return {
    list,
    add: async (name) => {
      // A prefix lets a scanner find tokens that were put where they do not belong.
      const token = `telltale_${randomBytes(TOKEN_BYTES).toString('base64url')}`
      const sha256 = createHash('sha256').update(token).digest('hex')
      await change((old) => {
        if (!NAME.test(name)) {
          throw wrong(name, 'a name is 1 to 64 letters, digits, dots, dashes, underscores or @')
        }
        if (old.some((one) => one.name === name)) throw wrong(name, 'there is one of this name')
        return [...old, { name, sha256 }]
      })
      return token
    },
    remove: async (name) => {
      await change((old) => {
        const left = old.filter((one) => one.name !== name)
        if (left.length === old.length) throw wrong(name, 'there is none of this name')
        return left
      })
    },
  }
}

function formatWriters(writers: readonly KeptWriter[]): string {
  return `${JSON.stringify({ writers: writers.map(({ name, sha256 }) => ({ name, sha256 })) })}\n`
}

function parseWriters(path: string, text: string): readonly KeptWriter[] {
  const list = listIn(text, 'writers')?.map((one) => Object(one) as KeptWriter)
  if (list === undefined || formatWriters(list) !== text) {
    throw damaged(path, 'it is not in the form that docs/formats.md gives')
  }
  for (const { name, sha256 } of list) {
    const isOne = typeof name === 'string' && typeof sha256 === 'string'
    if (!isOne || !NAME.test(name) || !/^[0-9a-f]{64}$/.test(sha256)) {
      throw damaged(path, 'a writer in it has no proper name or hash')
    }
  }
  const distinct = (values: string[]) => new Set(values).size === list.length
  if (!distinct(list.map(({ name }) => name)) || !distinct(list.map(({ sha256 }) => sha256))) {
    throw damaged(path, 'a name or hash stands in it twice')
  }
  return list
}

function wrong(name: string, problem: string): TelltaleError {
  return new TelltaleError('WRITER_NAME', { name, problem })
}
