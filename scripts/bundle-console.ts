// Makes the web console of console/: what a browser loads, small enough to be there at once.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import react from '@vitejs/plugin-react'
import { build, type InlineConfig, type Manifest } from 'vite'

const root = dirname(import.meta.dirname)

/** What the first page may cost, gzipped: it is there within a second on a slow line. */
export const FIRST_LOAD_MAX_BYTES = 250_000

const configOf = (outDir: string): InlineConfig => ({
  configFile: false,
  logLevel: 'warn',
  root: join(root, 'console'),
  plugins: [react()],
  build: {
    outDir,
    emptyOutDir: true,
    target: 'es2023',
    manifest: 'manifest.json',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
})

/** A built console: what each file costs gzipped, and what a person waits for. */
export interface Bundle {
  readonly gzipBytes: ReadonlyMap<string, number>
  /** Before anything is seen. */
  readonly start: readonly string[]
  /** Each page with all that it needs, `start` included. */
  readonly pages: ReadonlyMap<string, readonly string[]>
}

/** Builds into `folder`, which is emptied first. Throws where it does not compile. */
export async function bundleConsole(folder: string): Promise<Bundle> {
  const { NODE_ENV } = process.env
  // A test runner's own would bring React's form for development.
  process.env.NODE_ENV = 'production'
  await build(configOf(folder)).finally(() => {
    if (NODE_ENV === undefined) delete process.env.NODE_ENV
    else process.env.NODE_ENV = NODE_ENV
  })
  const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Manifest
  rmSync(join(folder, 'manifest.json'))
  const files = [
    'index.html',
    ...readdirSync(join(folder, 'assets')).map((name) => `assets/${name}`),
  ]
  const start = ['index.html', ...filesFor(manifest, 'index.html')]
  const pages = Object.entries(manifest).filter(([, { isDynamicEntry }]) => isDynamicEntry)
  return {
    gzipBytes: new Map(files.map((file) => [file, compress(join(folder, file))])),
    start,
    pages: new Map(
      pages.map(([name]) => [name, [...new Set([...start, ...filesFor(manifest, name)])]]),
    ),
  }
}

/** A chunk with all that it imports before it runs, and its styles. */
function filesFor(manifest: Manifest, name: string): string[] {
  const needed = new Set<string>()
  const add = (name: string): void => {
    const { file, css = [], imports = [] } = manifest[name]
    if (needed.has(file)) return
    for (const one of [file, ...css]) needed.add(one)
    for (const next of imports) add(next)
  }
  add(name)
  return [...needed]
}

/** Puts the compressed forms beside a file, so that no server compresses it again. */
function compress(path: string): number {
  const bytes = readFileSync(path)
  const gzip = gzipSync(bytes, { level: 9 })
  writeFileSync(`${path}.gz`, gzip)
  writeFileSync(`${path}.br`, brotliCompressSync(bytes))
  return gzip.length
}

/** What a page costs that is opened first. */
export function bytesOf(bundle: Bundle, files: readonly string[]): number {
  return files.reduce((sum, file) => sum + bundle.gzipBytes.get(file)!, 0)
}

/** Builds dist/console and says the sizes; throws where a page got too heavy to come first. */
export async function buildConsole(): Promise<void> {
  const bundle = await bundleConsole(join(root, 'dist', 'console'))
  const tell = (what: string, bytes: number) =>
    process.stderr.write(`${(bytes / 1000).toFixed(1).padStart(7)} kB  ${what}\n`)
  tell('before the first page', bytesOf(bundle, bundle.start))
  let most = 0
  for (const [page, files] of bundle.pages) {
    const bytes = bytesOf(bundle, files)
    tell(page.replace('pages/', ''), bytes)
    most = Math.max(most, bytes)
  }
  if (most > FIRST_LOAD_MAX_BYTES)
    throw new Error(`A page of the console costs more than ${FIRST_LOAD_MAX_BYTES} bytes.`)
}
