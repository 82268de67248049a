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
  STORE_UNAVAILABLE: {
    says: 'The database does not answer: {reason}.',
    next: 'Nothing was shown or changed. Try again in a moment; if it lasts, whoever runs Telltale has to look at the database.',
    exit: 3,
    status: 503,
  },
  STORE_REFUSED: {
    says: 'The database refused what Telltale asked of it (SQLSTATE {state}).',
    next: 'Check that the role of the address may make schemas in its database and owns telltale and support; if so, please report this.',
    exit: 3,
  },
  STORE_UNSUITABLE: {
    says: 'This database cannot be used: {reason}.',
    next: 'Give a database of PostgreSQL 15 or later whose encoding is UTF8. Nothing was changed.',
    exit: 2,
  },
  STORE_NEWER: {
    says: 'The database was written by a later version of Telltale ({found}; this one knows {known}).',
    next: 'Run that version or a later one: an older one would damage what it does not know. Nothing was changed.',
    exit: 3,
  },
  STORE_NOT_EMPTY: {
    says: 'The database is not empty: {table} is there already.',
    next: 'Restore into a new database; nothing was changed.',
    exit: 2,
  },
  STORE_BACKUP_DAMAGED: {
    says: '{file} is no whole backup: {reason}.',
    next: 'Take another copy of the file, or an earlier backup; nothing was changed.',
    exit: 2,
  },
} as const satisfies Record<string, CatalogueEntry>
