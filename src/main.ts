#!/usr/bin/env node
/** The command line `telltale`. */
import { createTools } from './app.ts'
import { run } from './cli/program.ts'
import { wantsColour } from './cli/terminal.ts'

process.exitCode = await run(
  createTools(),
  {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    columns: process.stdout.columns ?? 80,
    colour: wantsColour(process.stdout, process.env),
    live: process.stderr.isTTY === true,
  },
  process.argv.slice(2),
)
