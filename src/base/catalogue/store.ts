import type { CatalogueEntry } from './entry.ts'

/** Errors of the database that the desk keeps its records in. */
export const STORE_ERRORS = {
  STORE_NO_BINARIES: {
    says: 'There is no built-in PostgreSQL on this machine ({platform}): {reason}.',
    next: 'On Linux (x64, arm64) install again with optional dependencies; elsewhere name a PostgreSQL 15 or later of your own with --database.',
    exit: 3,
  },
  STORE_DIR_UNREACHABLE: {
    says: 'The built-in PostgreSQL may not run as root, and the user it runs as instead ({uid}) may not enter {dir}.',
    next: 'Choose a folder that other users may enter, or run Telltale as an ordinary user.',
    exit: 3,
  },
  STORE_IN_USE: {
    says: 'Another PostgreSQL server (process {pid}) works in {dir}.',
    next: 'Stop it first: two servers would damage what is kept there.',
    exit: 3,
  },
  STORE_OTHER_MAJOR: {
    says: '{dir} was written by PostgreSQL {found}; the built-in one is PostgreSQL {wanted}.',
    next: 'Back it up with the version of Telltale that wrote it, and restore the backup into a new folder. Nothing was changed.',
    exit: 3,
  },
  STORE_START_FAILED: {
    says: 'The built-in PostgreSQL did not start in {dir}: {reason}.',
    next: 'Check the disk, its room and the rights of that folder; server.log there says more.',
    exit: 3,
  },
} as const satisfies Record<string, CatalogueEntry>
