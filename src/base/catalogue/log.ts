import type { CatalogueEntry } from './entry.ts'

/** Errors of the log, its entries and its keys. */
export const LOG_ERRORS = {
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
  POLICY_CHANGED: {
    says: 'The policy in {dir} is not the one that {keys} remembers.',
    next: 'If you changed it, put the same file into the keys folder, or remove it there where no witness is to be asked any more. If you did not, find out who did.',
    exit: 3,
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
  SIGNED_LOST: {
    says: 'What was signed last for this log is not known: {problem}.',
    next: 'Nothing was written. Copy the newest checkpoint that anybody has of this log (its own, an auditor\'s, a witness\'s) to the file "signed" in the keys folder, readable by its owner only, and find out who changed that folder.',
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
    status: 503,
  },
  LOG_UNWRITABLE: {
    says: 'The log cannot be written: {reason}.',
    next: 'Nothing was recorded, so nothing may be shown. Make room, or mend the disk, and try again.',
    exit: 3,
    status: 503,
  },
  LOG_STOPPED: {
    says: 'The log has stopped taking entries: {reason}.',
    next: 'What was not acknowledged may not be shown. Mend the cause and start again; everything acknowledged is kept.',
    exit: 3,
    status: 503,
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
  DECISION_MALFORMED: {
    says: 'The decision cannot be recorded: {problem}.',
    next: 'Nothing of it was logged, so it does not count as taken. Correct it and try again.',
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
  OPENING_INVALID: {
    says: 'This is no opening of an entry: {problem}.',
    next: 'Ask whoever made it for the file again; it must arrive byte by byte as it was written.',
    exit: 2,
  },
} as const satisfies Record<string, CatalogueEntry>
