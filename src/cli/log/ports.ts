/** What the commands on a log need from the rest; `log-tools.ts` wires it. */
import type { Recorder } from '../../disclosure/recorder.ts'
import type { LogFolder } from '../../sequencer/fsck.ts'
import type { KeyRing } from '../../sequencer/keyring.ts'
import type { Sequencer } from '../../sequencer/sequencer.ts'
import type { CheckpointSigner } from '../../sequencer/signer.ts'
import type { ListenOptions } from '../address.ts'
import type { VerifyPorts } from './verify.ts'

/** Where a log is, and its keys. */
export interface LogPlace {
  readonly dir: string
  readonly keys: string
  /** The command of an external key service, with its arguments; null: none. */
  readonly keyService: readonly string[] | null
}

/** What only the log's operator has. */
export interface LogKeys {
  readonly signer: CheckpointSigner
  readonly ring: KeyRing
}

/** A log open for writing, by this process alone. */
export interface OpenLog extends LogKeys {
  readonly sequencer: Sequencer
  readonly recorder: Recorder
  /** Why the newest checkpoint is not published yet: what the witnesses answered; null where nobody
   * is asked or enough cosigned. */
  unwitnessed(): string | null
  /** Publishes what is durable and lets go of the folder. Throws what stopped the log. */
  close(): Promise<void>
}

/** A log that others reach over the network. */
export interface ServedLog {
  readonly url: string
  /** Entries that an earlier process left durable and unpublished. */
  readonly recovered: number
  readonly tornBytes: number
  /** Rejects with what stops the log. */
  readonly failed: Promise<never>
  /** Finishes what is under way and closes the log. */
  close(): Promise<void>
}

/** Who may append over the network. */
export interface LogWriters {
  list(): Promise<readonly { readonly name: string; readonly sha256: string }[]>
  /** Gives the writer's token. Throws WRITER_NAME. */
  add(name: string): Promise<string>
  /** Throws WRITER_NAME. */
  remove(name: string): Promise<void>
}

/** The ports of the commands on a log. */
export interface LogTools {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  wallMs(): number
  readonly verify: VerifyPorts
  /** Makes a log and its keys and gives its verifier key. Without an origin the log is called after
   * its folder and a random number. `policy` is the content of the file that
   * its folder is to hold. Throws LOG_EXISTS, KEYS_EXIST, FOLDER_NOT_EMPTY, KEY_INVALID,
   * POLICY_INVALID, FILE_UNWRITABLE, KEY_SERVICE_FAILED. */
  init(place: LogPlace, origin: string | null, policy: Buffer | null): Promise<string>
  /** Throws LOG_MISSING, FOLDER_LOCKED, what opening the keys and recovering the log throw. */
  open(place: LogPlace): Promise<OpenLog>
  /** Throws what opening the keys throws. */
  keys(place: LogPlace): Promise<LogKeys>
  /** Takes a log's folder for this process; null where another has it. Throws FOLDER_UNLOCKABLE. */
  tryLock(dir: string): Promise<{ release(): Promise<void> } | null>
  /** The files of a log in a folder, to read only. */
  files(dir: string): LogFolder
  /** Throws what opening the keys throws. */
  writers(place: LogPlace): Promise<LogWriters>
  /** Serves a log. Throws what `open` throws, LISTEN_FAILED, LISTEN_NEEDS_TLS. */
  serve(
    place: LogPlace,
    listen: ListenOptions,
    readOnly: boolean,
    onFault: (error: unknown) => void,
  ): Promise<ServedLog>
  /** Resolves when whoever started the process wants it to end. */
  untilAskedToEnd(): Promise<void>
}
