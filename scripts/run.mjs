// Runs a script of this project under the Node that the lock file pins, installing what is missing
// first. Plain JavaScript, because the machine's own Node may be too old to run TypeScript.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const marker = join(root, 'node_modules', '.telltale-lock')

function lockHash() {
  return createHash('sha256').update(readFileSync(join(root, 'package-lock.json'))).digest('hex')
}

function installMissing() {
  if (existsSync(marker) && readFileSync(marker, 'utf8') === lockHash()) return
  process.stderr.write('Installing what is missing (once) ...\n')
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error']
  const install = spawnSync(npm, args, { cwd: root, stdio: ['ignore', 2, 2] })
  if (install.status !== 0) process.exit(install.status ?? 1)
  writeFileSync(marker, lockHash())
}

installMissing()
const bin = join(root, 'node_modules', '.bin')
const pinned = join(bin, 'node')
const node = existsSync(pinned) ? pinned : process.execPath
const [script, ...args] = process.argv.slice(2)
const target = join(root, script)
const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ''}` }
const run = spawnSync(node, ['--disable-warning=ExperimentalWarning', target, ...args], {
  stdio: 'inherit',
  env,
})
process.exit(run.status ?? 1)
