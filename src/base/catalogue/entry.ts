/**
 * What every error of the catalogue says. `says` is one sentence for the person; `{name}` is filled
 * from the details of the error.
 * `next` is what to do about it. `exit` is the command line's exit code.
 */
export interface CatalogueEntry {
  readonly says: string
  readonly next: string
  readonly exit: 2 | 3
}
