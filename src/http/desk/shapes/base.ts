/** What the shapes of the desk's API are made of. */
import Type, { type Static, type TSchema, type TUnsafe } from 'typebox'
import { CURSOR_CHARS_MAX, ID_CHARS_MAX, NAME_CHARS_MAX } from '../../../base/desk-http-limits.ts'
import { AT_MAX_MS } from '../../../base/limits.ts'

const known: TSchema[] = []

/** The shapes that have a name in the OpenAPI document, each with `$id`. */
export const COMPONENTS: readonly TSchema[] = known

/** Gives a shape a name of its own; the result refers to it. */
export function component<T extends TSchema>(name: string, schema: T): TUnsafe<Static<T>> {
  known.push({ ...schema, $id: name, title: name })
  return Type.Unsafe<Static<T>>({ $ref: `${name}#` })
}

/** An object with these properties and no others. */
export function shape<P extends Record<string, TSchema>>(properties: P, description?: string) {
  return Type.Object(properties, {
    additionalProperties: false,
    ...(description === undefined ? {} : { description }),
  })
}

/** The value, or null. */
export function nullable<T extends TSchema>(schema: T) {
  return Type.Union([schema, Type.Null()])
}

/** One of these words. */
export function oneOf<const T extends readonly string[]>(words: T, description: string) {
  return Type.Unsafe<T[number]>({ type: 'string', enum: [...words], description })
}

/** A time. */
export function time(description: string) {
  return Type.Integer({
    minimum: 0,
    maximum: AT_MAX_MS,
    description: `${description}; milliseconds since 1970`,
  })
}

/** How many. */
export function count(description: string) {
  return Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description })
}

/** An id, a number of a ticket, a handle: without control characters, as they come. */
export function id(description: string) {
  return Type.String({ minLength: 1, maxLength: ID_CHARS_MAX, pattern: PRINTABLE, description })
}

/** One line of text. */
export function name(description: string) {
  return Type.String({ minLength: 1, maxLength: NAME_CHARS_MAX, pattern: PRINTABLE, description })
}

/** Text of several lines. */
export function text(charsMax: number, description: string) {
  return Type.String({ minLength: 1, maxLength: charsMax, pattern: WRITABLE, description })
}

/** Text of several lines that may be empty. */
export function words(charsMax: number, description: string) {
  return Type.String({ maxLength: charsMax, pattern: WRITABLE, description })
}

/** Where the next page begins; null: there is none. */
export const nextCursor = nullable(
  Type.String({
    maxLength: CURSOR_CHARS_MAX,
    description:
      'Where the next page begins; null where there is none. Opaque, for this caller only.',
  }),
)

/** Where a page begins. */
export const fromCursor = Type.String({
  minLength: 1,
  maxLength: CURSOR_CHARS_MAX,
  pattern: '^[A-Za-z0-9_.-]+$',
  description: 'The `cursor` of the page before; absent: the first page.',
})

/** No control characters: they would cut lines of logs and confuse terminals. */
const PRINTABLE = '^[^\\u0000-\\u001f\\u007f-\\u009f]*$'
/** The same, but tabs and line ends; PostgreSQL stores no NUL. */
const WRITABLE = '^[^\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f]*$'

/** Rows of text, RFC 4180. */
export const csv = Type.String({ description: 'Rows, the first of which names the columns' })
