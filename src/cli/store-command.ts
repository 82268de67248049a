/** `telltale store`: the desk's database into a file, and back. docs/store.md, "Backup". */
import type { Command } from 'commander'
import type { Commands } from './log/options.ts'
import type { Rows, StorePlace } from './store.ts'

/** Adds `store`. */
export function addStoreCommands(program: Command, { tools, terminal }: Commands): void {
  const store = program.command('store').description("The desk's database: backed up and restored.")
  const command = (name: string, description: string) =>
    store
      .command(`${name} <file>`)
      .description(description)
      .option('--database <url>', 'PostgreSQL 15 or later (default: the built-in one)')
      .option('--dir <dir>', 'folder of the built-in one', 'telltale-desk/postgres')
  command('backup', 'Writes all of it to a new file, as it is at one moment.').action(
    async (file: string, place: StorePlace) => {
      terminal.err(told('Backed up', (await tools.store.backup(place, file)).rows))
      terminal.err('The log and its keys are folders of their own: keep copies of them too.\n')
    },
  )
  command('restore', 'Loads a backup into an empty database, whole or not at all.').action(
    async (file: string, place: StorePlace) => {
      terminal.err(told('Restored', (await tools.store.restore(place, file)).rows))
    },
  )
}

function told(what: string, rows: Rows): string {
  const counts = Object.values(rows)
  const sum = counts.reduce((total, count) => total + count, 0)
  return `${what} ${sum.toLocaleString('en')} rows of ${counts.length} tables.\n`
}
