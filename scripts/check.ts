// The whole check, in the order in which a failure is cheapest to see: style, types, tests.
// Arguments go to the tests: `npm test -- test/index`.
import { dirname } from 'node:path'
import { endLike, run } from './child.mjs'

const steps: [string, string[]][] = [
  ['Style', ['node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.']],
  ['Types', ['scripts/types.ts']],
  ['Tests', ['node_modules/vitest/vitest.mjs', 'run', ...process.argv.slice(2)]],
]

process.chdir(dirname(import.meta.dirname))
for (const [name, args] of steps) {
  const end = await run(process.execPath, args)
  if (end.code !== 0) {
    process.stderr.write(`${name} failed.\n`)
    endLike(end)
  }
}
