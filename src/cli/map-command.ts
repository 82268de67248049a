/** What `telltale map` takes; what it does is in map.ts. */
import { type Command, Option } from 'commander'
import { TelltaleError } from '../base/errors.ts'
import type { Commands } from './log/options.ts'
import { MAP_FILE, type MapOptions, runMapCheck, runMapInit } from './map.ts'

interface GivenOptions extends MapOptions {
  readonly check: boolean
  readonly init: boolean
  readonly json: boolean
}

/** Adds `map`. */
export function addMapCommand(program: Command, { tools, terminal, end }: Commands): void {
  program
    .command('map')
    .description(
      "How a help desk's database is guarded. Exit 0: decided, 1: something is open, 2: wrong mapping.",
    )
    .option('--check', 'what is undecided, and what looks personal', false)
    .option('--init', 'write a mapping to begin with', false)
    .option(
      '--database <url>',
      'postgresql://USER@HOST/DATABASE (default: PGHOST, PGDATABASE, ...)',
    )
    .option('--config <file>', `the mapping (default: ${MAP_FILE})`)
    .addOption(
      new Option('--preset <name>', "a known product's tables").choices([
        'chatwoot',
        'zammad',
        'telltale',
      ]),
    )
    .option('--json', 'say what was found as JSON', false)
    .action(async ({ check, init, json, ...options }: GivenOptions) => {
      if (check === init)
        throw new TelltaleError('USAGE', { problem: 'Say either --check or --init.' })
      if (init) return runMapInit(tools.map, terminal, options)
      end(await runMapCheck(tools.map, terminal, { ...options, json }))
    })
}
