#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { Command } from 'commander'

const { description, version } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
)
await new Command('telltale').description(description).version(version).parseAsync()
