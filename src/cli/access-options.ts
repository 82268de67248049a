/** How an access log is to be read: the options that every command on one takes. */
import type { Command } from 'commander'

/** Adds the options of `AccessOptions`. */
export function addReadingOptions(command: Command): Command {
  return command
    .option(
      '--map <pairs>',
      'agent=COL,customer=COL,time=COL[,fields=COL][,ticket=COL] (default: guessed)',
    )
    .option('--mapping <file>', 'the same, and time format and zone, as a YAML file')
    .option('--preset <name>', 'ocsf-6005, salesforce-elf, zendesk-access or pgaudit-csv')
    .option(
      '--time-format <format>',
      'strptime pattern, iso, epoch-s or epoch-ms (default: guessed)',
    )
    .option('--time-zone <zone>', 'IANA zone of times that carry no offset (default: UTC)')
}
