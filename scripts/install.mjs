// Installs what the lock file lists and is not there yet. Plain JavaScript on Node alone: it runs
// before anything is installed.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { run } from './child.mjs'

/** @type {import('./child.mjs').End} */
const DONE = { code: 0, signal: null }
const HEARTBEAT_MS = 1_000
/** An installer that was killed leaves its claim behind; silent for this long, it is gone. */
const CLAIM_STALE_MS = 15_000

/**
 * Makes node_modules hold every package of the lock file. Of several processes that find something
 * missing at once, one installs and the others wait for it.
 *
 * @param {string} root the clone's folder
 * @returns how the installation ended; code 0 where nothing was missing
 */
export async function installMissing(root) {
  if (isInstalled(root)) return DONE
  const claim = join(root, '.telltale', 'installing')
  mkdirSync(dirname(claim), { recursive: true })
  let told = false
  while (!takeClaim(claim)) {
    if (!told) process.stderr.write('Waiting for another process that is installing ...\n')
    told = true
    await sleep(HEARTBEAT_MS)
  }
  const heartbeat = setInterval(() => utimesSync(claim, new Date(), new Date()), HEARTBEAT_MS)
  try {
    return isInstalled(root) ? DONE : await install(root)
  } finally {
    clearInterval(heartbeat)
    rmSync(claim, { force: true })
  }
}

/**
 * npm notes what it put into node_modules, last of all, in a lock file of the same form as ours.
 *
 * @param {string} root
 */
function isInstalled(root) {
  const wanted = packagesOf(join(root, 'package-lock.json'))
  const present = packagesOf(join(root, 'node_modules', '.package-lock.json'))
  return Object.entries(wanted).every(
    ([path, { integrity, optional }]) =>
      !integrity || present[path]?.integrity === integrity || (optional && !present[path]),
  )
}

/**
 * @param {string} file
 * @returns {Record<string, { integrity?: string, optional?: boolean }>}
 */
function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages
  } catch {
    return {}
  }
}

/**
 * @param {string} claim
 * @returns {boolean} whether this process now holds the claim
 */
function takeClaim(claim) {
  try {
    writeFileSync(claim, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error
  }
  const touched = statSync(claim, { throwIfNoEntry: false })?.mtimeMs
  if (touched !== undefined && Date.now() - touched > CLAIM_STALE_MS) rmSync(claim, { force: true })
  return false
}

/**
 * Development and optional packages are asked for by name, because NODE_ENV=production or a user's
 * npm configuration would leave them out; no package here needs an install script.
 *
 * @param {string} root
 */
async function install(root) {
  process.stderr.write('Installing what is missing (once) ...\n')
  const windows = process.platform === 'win32'
  const args = ['ci', '--include=dev', '--include=optional', '--ignore-scripts', '--prefer-offline']
  args.push('--no-audit', '--no-fund', '--no-progress', '--no-update-notifier', '--loglevel=error')
  const ownCache = isWritable(npmCache()) ? null : mkdtempSync(join(tmpdir(), 'telltale-npm-'))
  const env = ownCache ? { ...process.env, npm_config_cache: ownCache } : process.env
  try {
    return await run('npm', args, { cwd: root, env, stdio: ['ignore', 2, 2], shell: windows })
  } finally {
    if (ownCache) rmSync(ownCache, { recursive: true, force: true })
  }
}

function npmCache() {
  return process.env.npm_config_cache ?? join(homedir(), '.npm')
}

/**
 * Whether npm may write there, or could create it. Tried, because permissions do not tell of a
 * file system that is mounted read-only.
 *
 * @param {string} folder
 */
function isWritable(folder) {
  if (!existsSync(folder) && dirname(folder) !== folder) return isWritable(dirname(folder))
  try {
    rmdirSync(mkdtempSync(join(folder, '.telltale-')))
    return true
  } catch {
    return false
  }
}
