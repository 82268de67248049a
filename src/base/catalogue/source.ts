import type { CatalogueEntry } from './entry.ts'

/** Errors of the guarded database and of its mapping. */
export const SOURCE_ERRORS = {
  SOURCE_UNAVAILABLE: {
    says: 'The guarded database does not answer: {reason}.',
    next: 'Nothing was shown. Try again in a moment; if it lasts, whoever runs Telltale has to look at that database and its mapping.',
    exit: 3,
    status: 503,
  },
  SOURCE_MAP_INVALID: {
    says: 'The mapping {file} does not work: {problems}.',
    next: 'See docs/source.md for what a mapping holds. Nothing is guarded by it until it works.',
    exit: 2,
  },
  SOURCE_MISFIT: {
    says: 'The guarded database is not as the mapping says: {problems}.',
    next: 'Correct the mapping, then see what else is open with telltale map --check.',
    exit: 2,
  },
} as const satisfies Readonly<Record<string, CatalogueEntry>>
