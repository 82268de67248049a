/**
 * What every error of the catalogue says. `says` is one sentence for the person; `{name}` is filled
 * from the details of the error.
 * `next` is what to do about it. `exit` is the command line's exit code, `status` what the desk's API
 * answers; left out: 500, since a client cannot mend it.
 */
export interface CatalogueEntry {
  readonly says: string
  readonly next: string
  readonly exit: 2 | 3
  readonly status?: number
}
