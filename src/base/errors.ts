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
  FILE_GIVEN_TWICE: {
    says: '{file} is given both as {first} and as {second}.',
    next: 'Give every result a file of its own; nothing was read or written.',
    exit: 2,
  },
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
  WITNESS_STATE_MISSING: {
    says: '{dir} is not the folder of a witness, or its file "origins" is gone.',
    next: 'Restore it whole, or begin a new witness with a new key: one that forgot what it cosigned could cosign a fork.',
    exit: 2,
  },
  WITNESS_EXISTS: {
    says: 'There is a witness in {dir} already.',
    next: 'Choose another folder; nothing was changed.',
    exit: 2,
  },
  WITNESS_STATE_BROKEN: {
    says: 'What this witness last cosigned for {origin} cannot be relied on: {reason}.',
    next: "Restore the newest copy of the witness's folder. Until then nothing is cosigned for this log.",
    exit: 3,
  },
  LISTEN_NEEDS_TLS: {
    says: 'Listening on {host} without TLS would send tokens in the clear.',
    next: 'Give a TLS key and certificate, or listen on 127.0.0.1 behind a proxy that has them.',
    exit: 2,
  },
  LISTEN_FAILED: {
    says: 'Cannot listen on {host}, port {port}: {reason}.',
    next: 'Choose another port, or stop what uses this one.',
    exit: 3,
  },
  WRITER_UNKNOWN: {
    says: 'The request carries no token that this log knows.',
    next: 'Send it as "Authorization: Bearer TOKEN"; whoever keeps the log gives out tokens.',
    exit: 2,
  },
  WRITER_BUSY: {
    says: 'This writer already has {limit} requests under way.',
    next: 'Nothing was logged. Wait for one of them, then send again.',
    exit: 3,
  },
  REQUEST_TOO_LARGE: {
    says: 'The request is larger than {limit} bytes.',
    next: 'Nothing was done. Send less at once.',
    exit: 2,
  },
  REQUEST_INVALID: {
    says: 'The request is not understood: {reason}.',
    next: 'Nothing was done. Correct it and send again.',
    exit: 2,
  },
  LINES_COUNT: {
    says: 'The request has {count} lines; 1 to {limit} are taken at once.',
    next: 'Nothing was logged. Send fewer lines at once.',
    exit: 2,
  },
  LINE_INVALID: {
    says: 'Line {line} is not understood: {reason}.',
    next: 'Nothing was logged, none of the other lines either. Correct the line and send again.',
    exit: 2,
  },
  NOT_SERVED: {
    says: 'There is nothing at this address.',
    next: 'A log serves /checkpoint and /tile/...; a witness serves /add-checkpoint.',
    exit: 2,
  },
  METHOD_NOT_ALLOWED: {
    says: 'This address takes {allowed} only.',
    next: 'Use another method.',
    exit: 2,
  },
  LOG_UNREACHABLE: {
    says: 'The log at {url} cannot be reached: {reason}.',
    next: 'Nothing was logged, so show nothing. Check the address and the network, then send again.',
    exit: 3,
  },
  LOG_UNREADABLE: {
    says: 'Cannot read {url}: {reason}.',
    next: 'Check the address and the network, then try again. Nothing is known of the log by this.',
    exit: 2,
  },
  LOG_REFUSED: {
    says: 'The log at {url} refused the disclosures ({status}): {reason}',
    next: 'Nothing was logged, so show nothing. Do what the log says, then send again.',
    exit: 3,
  },
  APPEND_UNCERTAIN: {
    says: 'It is not known whether the disclosures were logged: {reason}.',
    next: 'Show nothing on their strength. You may send them again: at worst they are logged twice.',
    exit: 3,
  },
  KEY_INVALID: {
    says: 'The key cannot be used: {problem}.',
    next: 'Copy the whole key again from whoever gave it to you.',
    exit: 2,
  },
  NOTE_INVALID: {
    says: 'The signed note cannot be read: {problem}.',
    next: 'Fetch or copy it again, byte for byte.',
    exit: 2,
  },
  CHECKPOINT_INVALID: {
    says: 'The checkpoint cannot be read: {problem}.',
    next: 'Fetch or copy it again, byte for byte.',
    exit: 2,
  },
  SIGNATURE_INVALID: {
    says: 'The signature of {name} (key {id}) does not hold: the note was changed, or was not signed by that key.',
    next: 'Do not trust the note. Fetch it again; if it stays so, ask whoever runs the log.',
    exit: 2,
  },
  SIGNATURE_MISSING: {
    says: 'The checkpoint is not signed by {name} (key {id}).',
    next: 'Check that this is the right log and the right key.',
    exit: 2,
  },
  ALGORITHM_MISSING: {
    says: 'This Node does not have {algorithm}.',
    next: 'Use Node {node} or later, built on OpenSSL 3.5 or later.',
    exit: 2,
  },
  POLICY_INVALID: {
    says: 'The policy cannot be used: line {line}: {problem}.',
    next: 'Correct the line; docs/formats.md says what a policy may hold.',
    exit: 2,
  },
  QUORUM_MISSING: {
    says: 'The checkpoint lacks the cosignatures that the policy asks for: {count} of its {witnesses} witnesses cosigned it.',
    next: 'Fetch it again later, or ask whoever runs the log why its witnesses do not sign.',
    exit: 2,
  },
  LOG_UNKNOWN: {
    says: 'No log of the policy signed the checkpoint of {origin}.',
    next: 'Check that this is the right log, and that the policy names its key.',
    exit: 2,
  },
  PROOF_INVALID: {
    says: 'The proof does not hold: {problem}.',
    next: 'Do not trust what it was to prove. Fetch it again; if it stays so, ask whoever runs the log.',
    exit: 2,
  },
  RECEIPT_INVALID: {
    says: 'The receipt cannot be read: {problem}.',
    next: 'Fetch or copy it again, byte for byte.',
    exit: 2,
  },
  LOG_MISSING: {
    says: 'There is no log in this folder.',
    next: 'Check the path, or make a log there with telltale log init.',
    exit: 2,
  },
  LOG_EXISTS: {
    says: 'There is a log in this folder already.',
    next: 'Choose another folder; nothing was changed.',
    exit: 2,
  },
  FOLDER_NOT_EMPTY: {
    says: '{dir} holds something already.',
    next: 'Name a new folder for the log; nothing was changed.',
    exit: 2,
  },
  INPUT_LINE: {
    says: 'Line {line} of the input is not understood: {problem}. {before}',
    next: 'Correct the line, and send the input again from this line on.',
    exit: 2,
  },
  KNOWN_INVALID: {
    says: '{file} holds no checkpoint of this log: {problem}',
    next: 'Give a checkpoint or a receipt that you kept from this very log; without one, leave the option out.',
    exit: 2,
  },
  ENTRY_ABSENT: {
    says: 'There is no entry {index}: the log has published {size}, counted from 0.',
    next: 'Check the number. What was appended just now is published within a second.',
    exit: 2,
  },
  LOG_OTHER_KEY: {
    says: 'The log in this folder was not made with the signing key {key}.',
    next: "Use the keys folder that belongs to this log. If it is the one, the log's files were changed: run telltale log verify with the key that you were given.",
    exit: 3,
  },
  LOG_DAMAGED: {
    says: 'The log is damaged: {problem}.',
    next: 'Nothing was written. Run telltale log fsck, and bring the folder back from a copy made after the newest checkpoint.',
    exit: 3,
  },
  LOG_INCOMPLETE: {
    says: 'The log lacks {path}, which its checkpoint asks for.',
    next: 'Bring the file back from a copy of the log; if there is none, entries were taken away.',
    exit: 3,
  },
  LOG_ROLLED_BACK: {
    says: 'The log holds {size} entries, but {signed} were signed: it was put back to an earlier state.',
    next: 'Bring back the newest state of the folder; do not append to this one. Whoever restored it should say when and why.',
    exit: 3,
  },
  JOURNAL_DAMAGED: {
    says: 'The journal of the log is damaged: {problem}.',
    next: 'Nothing was written. No crash leaves this behind: keep a copy of the folder, and find out who changed it.',
    exit: 3,
  },
  LOG_BUSY: {
    says: '{waiting} entries wait for the disk already; no more are taken now.',
    next: 'Try again in a moment; nothing was recorded, so nothing may be shown.',
    exit: 3,
  },
  LOG_UNWRITABLE: {
    says: 'The log cannot be written: {reason}.',
    next: 'Nothing was recorded, so nothing may be shown. Make room, or mend the disk, and try again.',
    exit: 3,
  },
  LOG_STOPPED: {
    says: 'The log has stopped taking entries: {reason}.',
    next: 'What was not acknowledged may not be shown. Mend the cause and start again; everything acknowledged is kept.',
    exit: 3,
  },
  ENTRY_SIZE: {
    says: 'An entry has {bytes} bytes; from 1 to {limit} are possible.',
    next: 'Split what it records into several entries.',
    exit: 2,
  },
  DISCLOSURE_MALFORMED: {
    says: 'The disclosure cannot be taken: {problem}.',
    next: 'Nothing of it was logged. Correct it and send it again.',
    exit: 2,
  },
  ENTRY_MALFORMED: {
    says: 'This is no entry of a log: {problem}.',
    next: 'It was damaged or forged: verify the log that it came from.',
    exit: 2,
  },
  ENTRY_UNOPENED: {
    says: 'The entry cannot be opened: {problem}.',
    next: 'Check that the key belongs to this entry; if it does, the entry was damaged or forged: verify the log.',
    exit: 2,
  },
  LOG_FORKED: {
    says: 'The log shows another history than before: {problem}.',
    next: 'Keep both checkpoints: together they prove it. Ask whoever runs the log, and compare with a witness.',
    exit: 3,
  },
  EPOCH_UNKNOWN: {
    says: 'There is no epoch {epoch} in these keys.',
    next: 'Use the keys of the log that the entry is from, in their newest version.',
    exit: 2,
  },
  EPOCH_DESTROYED: {
    says: 'The key of epoch {epoch} was destroyed at {at}.',
    next: 'Nobody can open its entries any more; the log still proves that they are there.',
    exit: 2,
  },
  EPOCH_IN_USE: {
    says: 'New entries are sealed under epoch {epoch}.',
    next: 'Begin a new epoch first, then destroy the key of this one.',
    exit: 2,
  },
  KEYS_MISSING: {
    says: 'There is no keys folder at {dir}.',
    next: 'Say where the keys of this log are, or make the log first.',
    exit: 2,
  },
  KEYS_EXIST: {
    says: 'There is something at {dir} already.',
    next: 'Name a new folder for the keys, or use the log that these belong to. Keys are never written over.',
    exit: 2,
  },
  KEYS_EXPOSED: {
    says: 'Others than its owner have access to {file} (mode {mode}).',
    next: 'Take it away (700 for the folder, 600 for its files). If others may have read a key, treat it as known to them.',
    exit: 2,
  },
  KEYS_DAMAGED: {
    says: 'The keys cannot be read from {file}: {problem}.',
    next: 'Restore it from a backup of the keys. Do not make new keys for this log: what is sealed under the old ones needs them.',
    exit: 2,
  },
  KEY_SERVICE_FAILED: {
    says: 'The key service did not {action} a key: {problem}.',
    next: 'Check the command of the key service and that the service can be reached; nothing was changed.',
    exit: 3,
  },
  WRITER_NAME: {
    says: 'The writer "{name}" is not taken: {problem}.',
    next: 'List the writers to see who there is; nothing was changed.',
    exit: 2,
  },
  OPENING_INVALID: {
    says: 'This is no opening of an entry: {problem}.',
    next: 'Ask whoever made it for the file again; it must arrive byte by byte as it was written.',
    exit: 2,
  },
  INTERNAL: {
    says: 'Something failed that should not: {reason}.',
    next: 'Nothing was changed. Please report this with the command you ran.',
    exit: 3,
  },
} as const satisfies Record<string, CatalogueEntry>

/** What kind of error: stable, for programs. */
export type ErrorCode = keyof typeof CATALOGUE
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
