import type { CatalogueEntry } from './entry.ts'

/** Errors that any command can end with. */
export const GENERAL_ERRORS = {
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
  FILE_GIVEN_TWICE: {
    says: '{file} is given both as {first} and as {second}.',
    next: 'Give every result a file of its own; nothing was read or written.',
    exit: 2,
  },
  FOLDER_LOCKED: {
    says: 'Another process works in {dir}.',
    next: 'Stop it first: two writers would damage what is kept there.',
    exit: 3,
  },
  FOLDER_UNLOCKABLE: {
    says: '{dir} cannot be locked against a second writer: {reason}.',
    next: 'Keep it on a local disk of Linux, macOS or Windows where you may write.',
    exit: 3,
  },
  FOLDER_NOT_EMPTY: {
    says: '{dir} holds something already.',
    next: 'Name a new folder for the log; nothing was changed.',
    exit: 2,
  },
  INTERNAL: {
    says: 'Something failed that should not: {reason}.',
    next: 'Nothing was changed. Please report this with the command you ran.',
    exit: 3,
  },
} as const satisfies Record<string, CatalogueEntry>
