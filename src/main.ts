#!/usr/bin/env node
/** The command line `telltale`. */
import { once } from 'node:events'
import { createTools } from './app.ts'
import { EXIT } from './base/errors.ts'
import { run } from './cli/program.ts'
import { wantsColour } from './cli/terminal.ts'

// Whoever reads the output may stop reading (`| head`): that is no failure of ours.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? EXIT.done : EXIT.failed)
  })
}

process.exitCode = await run(
  createTools(),
  {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    input: () => process.stdin,
    drained: async () => {
      if (process.stdout.writableNeedDrain) await once(process.stdout, 'drain')
    },
    columns: process.stdout.columns ?? 80,
    colour: wantsColour(process.stdout, process.env),
    live: process.stderr.isTTY === true,
  },
  process.argv.slice(2),
)
