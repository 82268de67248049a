/** `telltale log init`: a new log with keys of its own. */
import { TelltaleError } from '../../base/errors.ts'
import { POLICY_BYTES_MAX } from '../../base/limits.ts'
import type { Terminal } from '../stdio.ts'
import type { LogPlace, LogTools } from './ports.ts'

export interface InitOptions extends LogPlace {
  /** Made from the folder's name where it is not given. */
  readonly origin?: string
  /** Which witnesses must cosign before the log publishes. */
  readonly policy?: string
}

/** Makes a log and says what to hand to whom. */
export async function runInit(tools: LogTools, terminal: Terminal, options: InitOptions) {
  const { dir, keys, origin, policy: file } = options
  const policy = file === undefined ? null : await tools.verify.readFile(file, POLICY_BYTES_MAX)
  if (file !== undefined && policy === null) {
    throw new TelltaleError('FILE_UNREADABLE', { file, reason: 'there is no such file' })
  }
  const vkey = await tools.init(options, origin ?? null, policy)
  terminal.out(
    `${[
      `Made the log ${vkey.split('+')[0]} in ${dir}.`,
      '',
      'Its verifier key, for everybody who is to check it:',
      '',
      `  ${vkey}`,
      '',
      'Hand it to your auditors by a way that those who can change the log cannot change',
      '(print it, sign it, publish it). The folder may be copied or served as it is.',
      `Its keys are in ${keys}. Back that folder up apart from the log, let nobody read`,
      'it, and never restore an old copy of the file "signed" in it.',
    ].join('\n')}\n`,
  )
}
