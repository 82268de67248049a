import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  type Bundle,
  bundleConsole,
  bytesOf,
  FIRST_LOAD_MAX_BYTES,
} from '../../scripts/bundle-console.ts'

const folder = mkdtempSync(join(tmpdir(), 'telltale-console-'))
let bundle: Bundle
beforeAll(async () => {
  bundle = await bundleConsole(folder)
}, 120_000)
afterAll(() => rmSync(folder, { recursive: true }))

it('comes within what a first page may cost, whichever that is', () => {
  expect(bundle.pages.size).toBe(11)
  for (const [page, files] of bundle.pages)
    expect(bytesOf(bundle, files), page).toBeLessThan(FIRST_LOAD_MAX_BYTES)
})

it('stands beside its compressed forms, and has no line of script or style in its page', () => {
  for (const file of bundle.gzipBytes.keys()) {
    const bytes = readFileSync(join(folder, file))
    expect(gunzipSync(readFileSync(join(folder, `${file}.gz`))), file).toEqual(bytes)
    expect(existsSync(join(folder, `${file}.br`)), file).toBe(true)
  }
  const page = readFileSync(join(folder, 'index.html'), 'utf8')
  expect(page).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=/)
})

it('is the form for production, and asks nobody but its own server', () => {
  for (const file of bundle.gzipBytes.keys()) {
    const text = readFileSync(join(folder, file), 'utf8')
    expect(text.includes('react-dom-client.development'), file).toBe(false)
    expect(text.match(/\bimport\(["'`]https?:|@import\s+url\(["']?https?:/), file).toBe(null)
  }
})
