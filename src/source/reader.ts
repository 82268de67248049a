/** Reads a YAML document strictly: what is unknown, missing or of another kind is told, all at once. */
import { nearest } from '../base/nearest.ts'
import type { Literal } from './model.ts'

/** A map of the document. What does not fit is noted and read as undefined. */
export interface Reader {
  /** Where it stands, such as `customers.fields.mail`. */
  readonly path: string
  /** Notes every key that is not one of these. */
  knows(...keys: readonly string[]): void
  has(key: string): boolean
  raw(key: string): unknown
  text(key: string): string | undefined
  texts(key: string): readonly string[] | undefined
  literals(key: string): readonly Literal[] | undefined
  one<const T extends string>(key: string, choices: readonly T[]): T | undefined
  section(key: string): Reader | undefined
  /** Notes a problem of this key, or of the map itself. */
  refuse(key: string | null, problem: string): undefined
  keys(): readonly string[]
}

export function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== ''
}

function isLiteral(value: unknown): value is Literal {
  return isText(value) || typeof value === 'boolean' || Number.isSafeInteger(value)
}

/** Reads `value`, which stands at `path`; '' is the document. */
export function reader(value: unknown, path: string, problems: string[]): Reader {
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value)
  const map = (isMap ? value : {}) as Readonly<Record<string, unknown>>
  const at = (key: string | null) => [path, key].filter(Boolean).join('.') || 'the file'
  const refuse = (key: string | null, problem: string): undefined => {
    problems.push(`${at(key)} ${problem}`)
  }
  if (!isMap) refuse(null, 'holds no keys')
  const has = (key: string) => Object.hasOwn(map, key)
  const list = <T>(key: string, fits: (one: unknown) => one is T, what: string) => {
    if (!has(key)) return undefined
    const values = map[key]
    if (Array.isArray(values) && values.every(fits)) return values as readonly T[]
    return refuse(key, `is no list of ${what}`)
  }
  return {
    path,
    has,
    refuse,
    raw: (key) => (has(key) ? map[key] : undefined),
    keys: () => Object.keys(map),
    knows: (...keys) => {
      for (const key of Object.keys(map)) {
        if (keys.includes(key)) continue
        const near = nearest(key, keys)
        refuse(key, `is not known${near === undefined ? '' : ` (did you mean "${near}"?)`}`)
      }
    },
    text: (key) => {
      if (!has(key)) return undefined
      const found = map[key]
      return isText(found) ? found : refuse(key, 'is no text')
    },
    texts: (key) => list(key, isText, 'texts'),
    literals: (key) => list(key, isLiteral, 'values'),
    one: (key, choices) => {
      if (!has(key)) return undefined
      const found = choices.find((choice) => choice === map[key])
      return found ?? refuse(key, `is none of ${choices.join(', ')}`)
    },
    section: (key) => (has(key) ? reader(map[key], at(key), problems) : undefined),
  }
}
