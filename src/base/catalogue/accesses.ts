import type { CatalogueEntry } from './entry.ts'

/** Errors of access logs, reports and the index. */
export const ACCESS_ERRORS = {
  COLUMNS_SWAPPED: {
    says: '{count} of the {reports} reported customers stand in the agent column of the access log: the agent and customer columns look swapped.',
    next: 'Check --map and run again.',
    exit: 2,
  },
  FILE_EMPTY: {
    says: '{file} is empty: it holds {what}.',
    next: 'Check that the export finished, then run the command again.',
    exit: 2,
  },
  FILE_FORMAT: {
    says: 'Cannot read {file}: {problem}.',
    next: 'Give CSV, TSV, JSON lines or Parquet, plain or packed by gzip, in UTF-8.',
    exit: 2,
  },
  GZIP_BROKEN: {
    says: '{file} is a broken gzip file: {reason}. It was read up to byte {bytes} of its contents.',
    next: 'Copy or export the file again; nothing of it was imported.',
    exit: 2,
  },
  PARQUET_BROKEN: {
    says: '{file} cannot be read as Parquet: {reason}.',
    next: 'Copy or export the file again; nothing of it was imported.',
    exit: 2,
  },
  COLUMN_UNKNOWN: {
    says: '{file} has no column "{name}" (asked for as {column}).{nearest}',
    next: 'The columns are: {columns}.',
    exit: 2,
  },
  COLUMNS_UNCLEAR: {
    says: 'Which column of {file} is the {column}? It cannot be told: {problem}.',
    next: 'Say so with --map agent=COLUMN,customer=COLUMN,time=COLUMN. The columns are: {columns}.',
    exit: 2,
  },
  MAP_INVALID: {
    says: 'The column map does not work: {problem}.',
    next: 'Write --map agent=COLUMN,customer=COLUMN,time=COLUMN and, if there, fields, masked, ticket, purpose, grade, path, queue.',
    exit: 2,
  },
  MAPPING_FILE_INVALID: {
    says: 'The mapping file {file} does not work: {problems}.',
    next: 'See docs/importing.md for what a mapping file may hold.',
    exit: 2,
  },
  PRESET_UNKNOWN: {
    says: 'There is no preset "{preset}".',
    next: 'The presets are: {presets}.',
    exit: 2,
  },
  PRESET_UNFIT: {
    says: '{file} does not fit the preset {preset}: {problem}.',
    next: 'See docs/importing.md for what the preset reads, or map the columns with --map.',
    exit: 2,
  },
  SMALL_FILE_COLUMN: {
    says: '{file} lacks a column that is needed ({column}): {problem}.',
    next: 'Name the column so. The columns are: {columns}.',
    exit: 2,
  },
  REPORT_TIMES_UNCLEAR: {
    says: 'The times of contact in {file} cannot be told: {problem}.',
    next: 'Say how they are written with --reports-time-format, for example "%d/%m/%Y %H:%M".',
    exit: 2,
  },
  TIME_UNCLEAR: {
    says: 'The times of {file} (column {column}) cannot be told: {problem}.',
    next: 'Say how they are written with --time-format, for example "%d/%m/%Y %H:%M", iso or epoch-ms.',
    exit: 2,
  },
  TIME_FORMAT_INVALID: {
    says: '"{format}" is no time format: {reason}.',
    next: 'Give a strptime pattern such as "%d/%m/%Y %H:%M", or one of iso, epoch-s, epoch-ms, epoch-us, epoch-ns.',
    exit: 2,
  },
  ZONE_UNKNOWN: {
    says: 'There is no time zone "{zone}".{nearest}',
    next: 'Give an IANA zone such as Europe/Berlin or UTC. An offset such as +02:00 is no zone, because it does not say when summer time begins.',
    exit: 2,
  },
  ROW_REJECTED: {
    says: 'Line {line} of {file} is not understood: {reason}. It reads: {text}',
    next: 'Correct the line, or leave out --strict to count such rows and go on.',
    exit: 2,
  },
  FIELDS_TOO_MANY: {
    says: '{file} names more than {limit} different fields (the last: {example}).',
    next: 'Map the fields column to field classes, at most {limit} of them, or leave it out of --map.',
    exit: 2,
  },
  SOURCE_READ_DIFFERENTLY: {
    says: '{file} is in this index already, but was read in another way ({before}).',
    next: 'Its rows cannot be told apart from the new ones: start a new index folder.',
    exit: 2,
  },
  NO_USABLE_ACCESSES: {
    says: 'The access log holds no row that can be used: {read} rows were read and {rejected} of them not understood{first}.',
    next: 'Check the export and --map; --rejects FILE lists every row that was not understood.',
    exit: 2,
  },
  INDEX_HOLDS_MORE: {
    says: 'The index in {dir} also holds what is not given now: {files}.',
    next: 'Give these files too, or use a new index folder: a verdict rests on the files given and on nothing else.',
    exit: 2,
  },
  INDEX_UNREADABLE: {
    says: 'The index in {dir} cannot be opened: {reason}.',
    next: 'Close other commands that use it, or start a new index folder.',
    exit: 2,
  },
  INDEX_KEYS_CHANGED: {
    says: 'The index in {dir} was made with other keys than there are now: {problem}.',
    next: 'Delete the folder and run again: the index is made anew from the log.',
    exit: 2,
  },
} as const satisfies Record<string, CatalogueEntry>
