import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startApi } from './desk.ts'

let desk: Awaited<ReturnType<typeof startApi>>
const folder = mkdtempSync(join(tmpdir(), 'telltale-console-'))
beforeAll(async () => {
  mkdirSync(join(folder, 'assets'))
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Telltale</title>')
  writeFileSync(join(folder, 'manifest.json'), '{}')
  writeFileSync(join(folder, 'assets/index-a1b2c3d4.js'), 'plain')
  writeFileSync(join(folder, 'assets/index-a1b2c3d4.js.br'), 'brotli')
  writeFileSync(join(folder, 'assets/.secret'), 'secret')
  writeFileSync(join(folder, '..', 'telltale-outside.txt'), 'outside')
  desk = await startApi({}, { console: folder })
})
afterAll(async () => {
  await desk.close()
  rmSync(folder, { recursive: true })
  rmSync(join(folder, '..', 'telltale-outside.txt'))
})

describe('the console', () => {
  it.each(['/', '/queue', '/tickets/T-1', '/exceptions/ask', '/people', '/queue?a=b'])(
    'is one page at %s, which nobody keeps',
    async (url) => {
      const answer = await desk.app.inject(url)
      expect(answer.statusCode).toBe(200)
      expect(answer.body).toContain('<title>Telltale')
      expect(answer.headers['content-type']).toBe('text/html; charset=utf-8')
      expect(answer.headers['cache-control']).toBe('no-store')
      expect(answer.headers['content-security-policy']).toContain("script-src 'self'")
      expect(answer.headers['set-cookie']).toBeUndefined()
    },
  )

  it('has parts that are kept for good, since their names say what is in them', async () => {
    const answer = await desk.app.inject('/assets/index-a1b2c3d4.js')
    expect(answer.body).toBe('plain')
    expect(answer.headers['cache-control']).toBe('public, max-age=31536000, immutable')
    const small = await desk.app.inject({
      url: '/assets/index-a1b2c3d4.js',
      headers: { 'accept-encoding': 'gzip, br' },
    })
    expect(small.body).toBe('brotli')
    expect(small.headers['content-encoding']).toBe('br')
    expect(small.headers['content-type']).toContain('javascript')
  })

  it.each([
    '/no-such-page',
    '/manifest.json',
    '/index.html',
    '/assets/',
    '/assets/none.js',
    '/assets/.secret',
    '/assets/../manifest.json',
    '/assets/..%2fmanifest.json',
    '/assets/%2e%2e/%2e%2e/telltale-outside.txt',
    '/assets/..%5c..%5ctelltale-outside.txt',
  ])('is nothing else: %s', async (url) => {
    const answer = await desk.app.inject(url)
    expect(answer.statusCode).toBeGreaterThanOrEqual(400)
    expect(answer.statusCode).toBeLessThan(500)
    expect(answer.json().code).toMatch(/^(ROUTE_UNKNOWN|REQUEST_INVALID)$/)
    expect(answer.headers['cache-control']).toBe('no-store')
  })
})
