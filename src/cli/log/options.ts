/** What the commands on a log have in common. */
import type { Command } from 'commander'
import type { Terminal } from '../stdio.ts'
import type { Tools } from '../tools.ts'
import type { LogPlace } from './ports.ts'

/** What the commands need of the program. */
export interface Commands {
  readonly tools: Tools
  readonly terminal: Terminal
  /** Says what the command ends with, where that is not 0. */
  end(code: number): void
}

/** Which keys folder, and how it is opened, as the command line says. */
export interface KeyOptions {
  readonly keys?: string
  readonly keyService?: string
}

/** A command on a log's folder, with its keys. */
export function withKeys(command: Command): Command {
  return command
    .argument('<dir>', "the log's folder")
    .option('--keys <dir>', 'the folder of its keys (default: the folder of the log and .keys)')
    .option('--key-service <command>', 'wraps and unwraps the epoch keys (see docs/log.md)')
}

/** Where a log is and its keys are, by the command's options. */
export function placeOf(dir: string, { keys, keyService }: KeyOptions): LogPlace {
  return {
    dir,
    keys: keys ?? keysBeside(dir),
    keyService: keyService === undefined ? null : keyService.trim().split(/\s+/),
  }
}

/** Where the keys of the log in this folder are unless somebody says otherwise. */
export function keysBeside(dir: string): string {
  return `${dir.replace(/[/\\]+$/, '')}.keys`
}
