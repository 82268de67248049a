/**
 * Takes a picture of a report as a browser shows it.
 *
 *     node scripts/run.mjs scripts/screenshot.ts HTML PNG [--dark] [--width N] [--height N]
 *
 * Without --height the whole page is taken.
 */
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { openBrowser } from '../test/browser.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { dark: { type: 'boolean' }, width: { type: 'string' }, height: { type: 'string' } },
})
const [html, png] = positionals
if (html === undefined || png === undefined) {
  process.stderr.write('Usage: scripts/screenshot.ts HTML PNG [--dark] [--width N] [--height N]\n')
  process.exit(2)
}

const browser = await openBrowser()
if (browser === null) process.exit(3)
const height = Number(values.height ?? 0)
const page = await browser.newPage({
  viewport: { width: Number(values.width ?? 1000), height: height || 800 },
  colorScheme: values.dark ? 'dark' : 'light',
})
await page.setContent(readFileSync(html, 'utf8'))
await page.screenshot({ path: png, fullPage: height === 0 })
await browser.close()
