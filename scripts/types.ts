// Checks the types: of what Node runs, and of the console, which a browser does.
import { spawnSync } from 'node:child_process'
import { dirname, join } from 'node:path'

const root = dirname(import.meta.dirname)
const compiler = join(root, 'node_modules/typescript/bin/tsc')

for (const project of ['tsconfig.json', 'console/tsconfig.json']) {
  const args = [compiler, '--noEmit', '-p', project]
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}
