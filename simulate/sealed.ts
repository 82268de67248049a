/** The demo's last act: the incident sealed into a log, and what happens when somebody edits it. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pc from 'picocolors'
import { EXIT } from '../src/base/errors.ts'
import { run } from '../src/cli/program.ts'
import type { Terminal } from '../src/cli/stdio.ts'
import type { Tools } from '../src/cli/tools.ts'
import { entriesOf } from '../src/sequencer/frames.ts'

/** Which bundle of 256 entries is changed, and which entry of it. */
const BUNDLE = '003'
const IN_BUNDLE = 100

/** Seals an access log into a new log below `out`, verifies it, changes one byte, and puts it back.
 * Returns whether each step ended as it has to. */
export async function sealAndTamper(
  tools: Tools,
  terminal: Terminal,
  accesses: string,
  out: string,
): Promise<boolean> {
  const dir = join(out, 'log')
  const say = (text: string) => terminal.out(`${text}\n`)
  const step = async (expected: number, ...argv: string[]) => {
    say(pc.dim(`   $ telltale ${argv.join(' ')}`))
    const shown = { ...terminal, out: (text: string) => terminal.out(indented(text)) }
    return (await run(tools, shown, argv)) === expected
  }

  const quiet = { ...terminal, out: () => {} }
  const isMade =
    (await run(tools, quiet, ['log', 'init', dir, '--origin', 'demo.example/desk'])) === 0
  // As if an auditor had been handed it on paper, before anything happened.
  const key = join(out, 'auditor.vkey')
  writeFileSync(key, readFileSync(join(dir, 'vkey')))
  const isSealed = await step(EXIT.done, 'log', 'append', dir, '--accesses', accesses)
  const verify = ['log', 'verify', dir, '--key', key]
  const isValid = await step(EXIT.done, ...verify)

  const bundle = join(dir, 'tile', 'entries', BUNDLE)
  const whole = readFileSync(bundle)
  say(`\n   The leaker's friend in operations changes one byte of ${bundle}:`)
  say('   which agent an entry says it was.\n')
  writeFileSync(bundle, withOtherAgent(whole))
  const isFound = await step(EXIT.finding, ...verify)

  say('\n   Put back, everything is as it was signed:\n')
  writeFileSync(bundle, whole)
  const isValidAgain = await step(EXIT.done, ...verify)
  return isMade && isSealed && isValid && isFound && isValidAgain
}

/** The bundle with the last character of one entry's pseudonym exchanged. */
function withOtherAgent(whole: Buffer): Buffer {
  const bytes = Buffer.from(whole)
  const entry = (entriesOf(bytes) ?? [])[IN_BUNDLE]
  const at = entry.indexOf('"agent":"A-') + 18
  entry[at] = entry[at] === 0x37 ? 0x38 : 0x37
  return bytes
}

function indented(text: string): string {
  return text.replace(/^(?=.)/gm, '   ')
}
