// Runs a script of this project under the Node that the lock file pins, installing what is missing
// first: `node scripts/run.mjs SCRIPT [ARG...]`. Plain JavaScript, because the machine's own Node
// may be too old to run TypeScript.
import { existsSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { endLike, run } from './child.mjs'
import { installMissing } from './install.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const bin = join(root, 'node_modules', '.bin')

/** The pinned Node, or on a platform without one the machine's own if it is new enough. */
function chooseNode() {
  const pinned = join(bin, 'node')
  if (existsSync(pinned)) return pinned
  if ('typescript' in process.features && process.features.typescript) return process.execPath
  process.stderr.write(
    `This clone needs Node 24, and no copy of it is pinned for ${process.platform} ${process.arch}.\n` +
      `Yours is ${process.version}: install Node 24 and run the command again.\n`,
  )
  process.exit(3)
}

const installed = await installMissing(root)
if (installed.code !== 0) endLike(installed)
const [script = '', ...args] = process.argv.slice(2)
const env = {
  // Large pages for large arrays (glibc; ignored elsewhere): an index of a gigabyte opens in a
  // fraction of the time where each small page costs a fault.
  GLIBC_TUNABLES: 'glibc.malloc.hugetlb=1',
  ...process.env,
  PATH: `${bin}${delimiter}${process.env.PATH ?? ''}`,
}
endLike(await run(chooseNode(), [join(root, script), ...args], { env }))
