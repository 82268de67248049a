// The whole check, in the order in which a failure is cheapest to see: style, types, tests.
import { spawnSync } from 'node:child_process'

const steps: [string, string[]][] = [
  ['style', ['node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.']],
  ['types', ['node_modules/typescript/bin/tsc', '--noEmit']],
  ['tests', ['node_modules/vitest/vitest.mjs', 'run', ...process.argv.slice(2)]],
]

for (const [name, args] of steps) {
  const step = spawnSync(process.execPath, args, { stdio: 'inherit' })
  if (step.status !== 0) {
    process.stderr.write(`${name} failed\n`)
    process.exit(step.status ?? 1)
  }
}
