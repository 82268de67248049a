/**
 * Every error a person can meet, with a stable code. `docs/errors.md` is proven against this
 * catalogue both ways by `test/base/errors.test.ts`.
 */
import { ACCESS_ERRORS } from './catalogue/accesses.ts'
import { DESK_ERRORS } from './catalogue/desk.ts'
import { DESK_API_ERRORS } from './catalogue/desk-api.ts'
import { GENERAL_ERRORS } from './catalogue/general.ts'
import { IDENTITY_ERRORS } from './catalogue/identity.ts'
import { LOG_ERRORS } from './catalogue/log.ts'
import { NETWORK_ERRORS } from './catalogue/network.ts'
import { SOURCE_ERRORS } from './catalogue/source.ts'
import { STORE_ERRORS } from './catalogue/store.ts'
import { TICKET_ERRORS } from './catalogue/tickets.ts'

/** Exit codes of every command: 0 done, 1 done with a finding to look at, 2 bad usage or input, 3 failed. */
export const EXIT = { done: 0, finding: 1, badInput: 2, failed: 3 } as const

/** All errors, by code. */
export const CATALOGUE = {
  ...GENERAL_ERRORS,
  ...ACCESS_ERRORS,
  ...LOG_ERRORS,
  ...NETWORK_ERRORS,
  ...STORE_ERRORS,
  ...SOURCE_ERRORS,
  ...DESK_ERRORS,
  ...DESK_API_ERRORS,
  ...TICKET_ERRORS,
  ...IDENTITY_ERRORS,
} as const

/** What kind of error: stable, for programs. */
export type ErrorCode = keyof typeof CATALOGUE
/** What fills an error's sentences. */
export type ErrorDetails = Readonly<Record<string, string | number>>

type Fields<Text extends string> = Text extends `${string}{${infer Field}}${infer Rest}`
  ? Field | Fields<Rest>
  : never

/** The details that the sentences of an error have fields for; the compiler asks for each. */
export type DetailsOf<Code extends ErrorCode> = Readonly<
  Record<Fields<(typeof CATALOGUE)[Code]['says' | 'next']>, string | number>
>

/** What is thrown for a person to read: a code of the catalogue and what fills its sentences. */
export class TelltaleError<Code extends ErrorCode = ErrorCode> extends Error {
  readonly code: Code
  readonly details: ErrorDetails

  constructor(code: Code, details: DetailsOf<Code>, options?: ErrorOptions) {
    super(fill(CATALOGUE[code].says, details), options)
    this.name = 'TelltaleError'
    this.code = code
    this.details = details
  }

  /** What to do about it. */
  get next(): string {
    return fill(CATALOGUE[this.code].next, this.details)
  }

  /** The command line's exit code. */
  get exit(): number {
    return CATALOGUE[this.code].exit
  }
}

function fill(template: string, details: ErrorDetails): string {
  return template.replace(/\{(\w+)\}/g, (whole, name) => String(details[name] ?? whole))
}

/** What any error says is wrong, in its own words. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
