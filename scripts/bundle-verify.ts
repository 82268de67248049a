// Makes one readable file of JavaScript out of src/verify.ts and all it uses, for auditors.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { build, type InlineConfig } from 'vite'

const root = dirname(import.meta.dirname)
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

const HEADER = `#!/usr/bin/env node
/*
 * Telltale ${version}: verifies a tamper-evident log of who was shown what.
 *
 * This is everything \`telltale verify\` does with files, in one file: nothing to install, nothing but
 * Node 20.15 or later, no network. Copy it to where you trust the machine, and run it on a copy of
 * the log's folder:
 *
 *   node verify.js FOLDER --key VKEY      the key, as whoever runs the log handed it to you
 *   node verify.js --help
 *
 * It is made from the sources of Telltale, whose files the lines that begin with "// src/" name, and
 * is meant to be read. docs/formats.md there says what every byte of a log means: enough to write
 * another verifier and to compare.
 *
 * Copyright the Telltale authors. Licensed under the Apache License, Version 2.0
 * (https://www.apache.org/licenses/LICENSE-2.0), without warranties of any kind.
 */
`

const CONFIG: InlineConfig = {
  configFile: false,
  logLevel: 'warn',
  root,
  build: {
    ssr: 'src/verify.ts',
    target: 'node20',
    minify: false,
    write: false,
    rolldownOptions: { output: { format: 'es', comments: true } },
  },
}

/** The file's text. Throws where it would need anything but Node. */
export async function bundleVerify(): Promise<string> {
  const built = await build(CONFIG)
  const chunks = [built].flat().flatMap((one) => ('output' in one ? one.output : []))
  const [chunk] = chunks
  if (chunks.length !== 1 || chunk.type !== 'chunk') throw new Error('it is not one file')
  const foreign = chunk.imports.filter((name) => !name.startsWith('node:'))
  if (foreign.length > 0) throw new Error(`it imports ${foreign.join(', ')}`)
  const body = chunk.code.replace(/^#!.*\n/, '').replaceAll('/* @__PURE__ */ ', '')
  return formatted(HEADER + spaced(withoutUnusedErrors(body)))
}

/** The catalogue holds every error of Telltale; nearly all are of no use here. */
function withoutUnusedErrors(code: string): string {
  return code.replace(/^\t([A-Z][A-Z_]+): \{\n(?:\t\t.*\n)+\t\},?\n/gm, (entry, name) =>
    new RegExp(`["']${name}["']`).test(code) ? entry : '',
  )
}

/** An empty line before what stands at the top level. */
function spaced(code: string): string {
  return code
    .replace(/^(\/\/ src\/|\/\*\*|(?:async )?function|var|const|let|class)/gm, '\n$1')
    .replace(/(\*\/|^\/\/ src\/.*)\n\n/gm, '$1\n')
}

function formatted(code: string): string {
  const biome = join(root, 'node_modules/@biomejs/biome/bin/biome')
  const args = [biome, 'format', '--vcs-enabled=false', '--stdin-file-path=verify.js']
  const done = spawnSync(process.execPath, args, { cwd: root, input: code, encoding: 'utf8' })
  if (done.status !== 0) throw new Error(done.stderr)
  return done.stdout
}
