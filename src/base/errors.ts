/**
 * Every error a person can meet, with a stable code. `docs/errors.md` is proven against this
 * catalogue both ways by `test/base/errors.test.ts`.
 *
 * `says` is one sentence for the person; `{name}` is filled from the error's details.
 * `next` is what to do about it. `exit` is the command line's exit code.
 */
export interface CatalogueEntry {
  readonly says: string
  readonly next: string
  readonly exit: 2 | 3
}

/** Exit codes of every command: 0 done, 1 done with a finding to look at, 2 bad usage or input, 3 failed. */
export const EXIT = { done: 0, finding: 1, badInput: 2, failed: 3 } as const

export const CATALOGUE = {
  USAGE: {
    says: '{problem}',
    next: 'Run the command with --help to see what it takes.',
    exit: 2,
  },
  FILE_UNREADABLE: {
    says: 'Cannot read {file}: {reason}.',
    next: 'Check the path and that you may read the file.',
    exit: 2,
  },
  FILE_UNWRITABLE: {
    says: 'Cannot write {file}: {reason}.',
    next: 'Check that the folder exists, that you may write there, and that the disk has room.',
    exit: 3,
  },
  INTERNAL: {
    says: 'Something failed that should not: {reason}.',
    next: 'Nothing was changed. Please report this with the command you ran.',
    exit: 3,
  },
} as const satisfies Record<string, CatalogueEntry>

export type ErrorCode = keyof typeof CATALOGUE
export type ErrorDetails = Readonly<Record<string, string | number>>

export class TelltaleError extends Error {
  readonly code: ErrorCode
  readonly details: ErrorDetails

  constructor(code: ErrorCode, details: ErrorDetails = {}, options?: ErrorOptions) {
    super(fill(CATALOGUE[code].says, details), options)
    this.name = 'TelltaleError'
    this.code = code
    this.details = details
  }

  get next(): string {
    return fill(CATALOGUE[this.code].next, this.details)
  }

  get exit(): number {
    return CATALOGUE[this.code].exit
  }
}

function fill(template: string, details: ErrorDetails): string {
  return template.replace(/\{(\w+)\}/g, (whole, name) => String(details[name] ?? whole))
}
