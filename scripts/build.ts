// Builds what npm publishes: dist/, plain JavaScript from src/, with dist/main.js ready to be run
// dist/verify.js in one piece, for auditors, and dist/console, what a browser loads.
import { spawnSync } from 'node:child_process'
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { buildConsole } from './bundle-console.ts'
import { bundleVerify } from './bundle-verify.ts'

const root = dirname(import.meta.dirname)
const main = join(root, 'dist', 'main.js')

rmSync(join(root, 'dist'), { recursive: true, force: true })
const compiler = join(root, 'node_modules/typescript/bin/tsc')
const compiled = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.build.json'], {
  cwd: root,
  stdio: ['ignore', 2, 2],
})
if (compiled.status !== 0) process.exit(compiled.status ?? 1)
if (!readFileSync(main, 'utf8').startsWith('#!/usr/bin/env node\n')) {
  process.stderr.write('src/main.ts must start with #!/usr/bin/env node\n')
  process.exit(1)
}
chmodSync(main, 0o755)
const verify = join(root, 'dist', 'verify.js')
writeFileSync(verify, await bundleVerify())
chmodSync(verify, 0o755)
await buildConsole()
