/**
 * A real browser for the tests. The Chromium inside an npm package, unpacked once per machine
 * together with the NSS libraries that it carries for a bare Linux; where that cannot start (another
 * system, another processor), a Chromium or Chrome already on the machine.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'

const INSTALLED = [
  process.env.TELLTALE_CHROMIUM ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]

const ARGS = ['--no-sandbox', '--no-zygote', '--disable-gpu', '--font-render-hinting=none']

interface Launch {
  readonly executablePath: string
  readonly env: Record<string, string>
}

/** Launches a headless browser; null, with the reason on stderr, where the machine has none. */
export async function openBrowser(): Promise<Browser | null> {
  const reasons: string[] = []
  for (const find of [packaged, installed]) {
    try {
      const launch = await find()
      if (launch !== null) return await chromium.launch({ ...launch, args: ARGS, headless: true })
    } catch (error) {
      reasons.push(error instanceof Error ? error.message : String(error))
    }
  }
  process.stderr.write(`No browser can be started here: ${reasons.join('; ') || 'none found'}\n`)
  return null
}

function installed(): Launch | null {
  const executablePath = INSTALLED.find((path) => path !== '' && existsSync(path))
  return executablePath === undefined ? null : { executablePath, env: environment({}) }
}

async function packaged(): Promise<Launch | null> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return null
  const home = await unpackOnce()
  return {
    executablePath: join(home, 'chromium'),
    env: environment({
      LD_LIBRARY_PATH: [join(home, 'al2023', 'lib'), process.env.LD_LIBRARY_PATH]
        .filter(Boolean)
        .join(delimiter),
      FONTCONFIG_FILE: join(home, 'fonts.conf'),
    }),
  }
}

/** Unpacks into a folder of its own and renames it into place, so that two test workers never see
 * each other's half-written files. */
async function unpackOnce(): Promise<string> {
  const manifest = join(
    dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium')),
    '..',
    '..',
    'package.json',
  )
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }
  const home = join(tmpdir(), `telltale-chromium-${version}-${process.getuid?.() ?? 0}`)
  if (existsSync(join(home, 'fonts.conf'))) return home
  const work = `${home}.${process.pid}`
  mkdirSync(work, { recursive: true, mode: 0o700 })
  await unpackInto(work)
  writeFileSync(join(work, 'fonts.conf'), fontsConfig(home))
  try {
    renameSync(work, home)
  } catch {
    rmSync(work, { recursive: true, force: true })
  }
  return home
}

/** The package unpacks its libraries only where it believes to be on AWS Lambda, and always into the
 * temporary folder: it is told both for as long as it works. */
async function unpackInto(folder: string): Promise<void> {
  const before = { ...process.env }
  process.env.TMPDIR = folder
  process.env.AWS_EXECUTION_ENV = 'AWS_Lambda_nodejs24.x'
  try {
    const { default: bundle } = await import('@sparticuz/chromium')
    await bundle.executablePath()
  } finally {
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name]
    Object.assign(process.env, before)
  }
}

function fontsConfig(home: string): string {
  return `<?xml version="1.0"?>
<fontconfig>
  <dir>/usr/share/fonts</dir>
  <dir>${home}/fonts</dir>
  <cachedir>${home}/fonts-cache</cachedir>
  <alias><family>sans-serif</family><prefer><family>Open Sans</family></prefer></alias>
  <alias><family>system-ui</family><prefer><family>Open Sans</family></prefer></alias>
</fontconfig>
`
}

function environment(extra: Record<string, string>): Record<string, string> {
  const kept = Object.entries(process.env).filter(
    (pair): pair is [string, string] => pair[1] !== undefined,
  )
  return { ...Object.fromEntries(kept), ...extra }
}
