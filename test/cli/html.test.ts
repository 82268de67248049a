/** The report in a real browser: readable by everybody, in every state, and inert to hostile text. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { VerdictDocument } from '../../src/cases/document.ts'
import { renderHtml } from '../../src/cli/html/report.ts'
import { openBrowser } from '../browser.ts'
import { ALL, DOCUMENTS, HOSTILE, THOUSAND } from './samples/documents.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core'), 'utf8')
/** Where screenshots go for people to look at; git ignores it. */
const SHOTS = join(import.meta.dirname, '..', '..', 'demo-out', 'screenshots')
const SIZE_MAX_BYTES = 2_000_000

const LIGHT = { colorScheme: 'light', viewport: { width: 1000, height: 900 } } as const
const PHONE = { colorScheme: 'light', viewport: { width: 360, height: 740 } } as const
const PHONE_DARK = { ...PHONE, colorScheme: 'dark' } as const

const browser = await openBrowser()

interface Opened {
  readonly page: Page
  /** Console errors, page errors, dialogs and requests seen since the page was opened. */
  readonly complaints: string[]
}

/** Opens the report as a file of its own, the way a person does. */
async function open(
  document: VerdictDocument,
  look: BrowserContextOptions,
  use: (opened: Opened) => Promise<void>,
): Promise<void> {
  const context = await browser!.newContext({ ...look, acceptDownloads: true })
  const page = await context.newPage()
  const complaints: string[] = []
  mkdirSync(SHOTS, { recursive: true })
  const file = join(SHOTS, `page-${process.pid}.html`)
  const address = pathToFileURL(file).href
  writeFileSync(file, renderHtml(document))
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('request', (request) => {
    if (request.url() !== address) complaints.push(`request ${request.url()}`)
  })
  page.on('dialog', (dialog) => {
    complaints.push('dialog')
    void dialog.dismiss()
  })
  await page.goto(address)
  try {
    await use({ page, complaints })
  } finally {
    await context.close()
    rmSync(file)
  }
}

/** Violations of WCAG 2.2 AA and of axe's best practice; `rules` narrows it to some of them. */
async function axe(page: Page, rules?: readonly string[]): Promise<string[]> {
  await page.evaluate(AXE)
  const only = rules ?? ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
  return page.evaluate<
    string[]
  >(`axe.run(document, { runOnly: ${JSON.stringify(only)} }).then((found) =>
    found.violations.map((one) => one.id + ': ' + one.nodes.length + ' such as ' + one.nodes[0].html.slice(0, 160)))`)
}

const OVERFLOW = 'document.documentElement.scrollWidth - innerWidth'
const OPEN_ALL = `for (const one of document.querySelectorAll('details')) one.open = true`

/** Pictures for people, taken where TELLTALE_SCREENSHOTS is set. */
async function shot(page: Page, name: string): Promise<void> {
  if (!process.env.TELLTALE_SCREENSHOTS) return
  await page.screenshot({ path: join(SHOTS, `${name}.png`), fullPage: true })
}

afterAll(async () => {
  await browser?.close()
})

describe.skipIf(browser === null)('the HTML report (needs a browser)', () => {
  for (const [name, document] of Object.entries(ALL)) {
    it(`${name}: clean and inside its width, light, dark and on a phone`, async () => {
      await open(document, LIGHT, async ({ page, complaints }) => {
        // A thousand rows say nothing more to axe than eleven do, and take it half a minute.
        const small = document.reports.length < 100
        await shot(page, `${name}-light`)
        if (small) expect(await axe(page), 'light').toEqual([])
        expect(await page.evaluate(OVERFLOW), 'scrolls sideways').toBeLessThanOrEqual(0)
        await page.emulateMedia({ colorScheme: 'dark' })
        await shot(page, `${name}-dark`)
        if (small) expect(await axe(page, ['color-contrast']), 'dark').toEqual([])
        await page.setViewportSize(PHONE.viewport)
        await shot(page, `${name}-phone-dark`)
        expect(await page.evaluate(OVERFLOW), 'scrolls sideways on a phone').toBeLessThanOrEqual(0)
        expect(complaints).toEqual([])
      })
    })
  }

  for (const [look, options] of Object.entries({ phone: PHONE, 'phone-dark': PHONE_DARK })) {
    it(`opens every table and stays clean, ${look}`, async () => {
      await open(DOCUMENTS.leading, options, async ({ page, complaints }) => {
        await page.evaluate(OPEN_ALL)
        await shot(page, `leading-open-${look}`)
        expect(await axe(page)).toEqual([])
        expect(await page.evaluate(OVERFLOW)).toBeLessThanOrEqual(0)
        expect(complaints).toEqual([])
      })
    })
  }

  it('reads the same without script', async () => {
    const texts: string[] = []
    for (const javaScriptEnabled of [true, false]) {
      await open(DOCUMENTS.named, { ...LIGHT, javaScriptEnabled }, async ({ page }) => {
        texts.push(await page.locator('main').innerText())
        if (!javaScriptEnabled) expect(await page.locator('button').count()).toBe(0)
      })
    }
    expect(texts[0].replace(/Save (SVG|CSV)\n?/g, '').replace(/\s+/g, ' ')).toBe(
      texts[1].replace(/\s+/g, ' '),
    )
  })

  it('lets no text of the log become markup, style or script', async () => {
    await open(HOSTILE, LIGHT, async ({ page, complaints }) => {
      const found = await page.evaluate<Record<string, unknown>>(`({
        ran: 'hostile' in globalThis,
        images: document.querySelectorAll('img, iframe, object, link, base').length,
        scripts: document.scripts.length,
        styles: document.querySelectorAll('style').length,
        title: document.title,
        shown: document.body.innerText.includes('<img src=x onerror="window.hostile=1">'),
      })`)
      expect(found).toMatchObject({ ran: false, images: 0, scripts: 1, styles: 2, shown: true })
      expect(found.title).not.toContain('\u202e')
      expect(complaints).toEqual([])
    })
  })

  it('forbids loading, whatever were to get in', async () => {
    await open(DOCUMENTS.named, LIGHT, async ({ page, complaints }) => {
      const blocked: string[] = []
      page.on('requestfailed', (request) => blocked.push(request.failure()?.errorText ?? ''))
      await page.evaluate(`(() => {
        const image = document.createElement('img')
        image.src = 'https://example.org/x.png'
        const script = document.createElement('script')
        script.textContent = 'globalThis.hostile = 1'
        document.body.append(image, script)
      })()`)
      await expect.poll(() => blocked).toEqual(['csp'])
      expect(await page.evaluate(`'hostile' in globalThis`)).toBe(false)
      expect(complaints.filter((line) => line.includes('Content Security Policy')).length).toBe(2)
    })
  })

  it('saves each picture as SVG and its table as CSV', async () => {
    await open(HOSTILE, LIGHT, async ({ page }) => {
      const figures = await page.locator('figure[data-name]').count()
      expect(await page.getByRole('button', { name: /Save SVG/ }).count()).toBe(figures)
      expect(await page.getByRole('button', { name: /Save CSV/ }).count()).toBe(figures)
      const svg = await save(page, 'Save SVG: evidence')
      expect(svg).toContain('--accent:')
      const parsed = await page.evaluate<object>(`(() => {
        const xml = new DOMParser().parseFromString(${JSON.stringify(svg)}, 'image/svg+xml')
        return { error: xml.querySelector('parsererror')?.textContent, root: xml.documentElement.tagName }
      })()`)
      expect(parsed).toEqual({ error: undefined, root: 'svg' })
      const csv = await save(page, 'Save CSV: evidence')
      const lines = csv.trimEnd().split('\r\n')
      expect(lines.length).toBe(1 + HOSTILE.reports.length)
      expect(lines[0]).toMatch(/^Report,Customer,/)
    })
  })

  it('keeps a spreadsheet from running what a key says', async () => {
    const document = structuredClone(DOCUMENTS.named)
    document.reports[0].customer = '=HYPERLINK("https://example.org")'
    await open(document, LIGHT, async ({ page }) => {
      const csv = await save(page, 'Save CSV: evidence')
      expect(csv).toContain(`"'=HYPERLINK(""https://example.org"")"`)
      expect(csv).not.toMatch(/(^|,|")=HYPERLINK/m)
    })
  })

  it('prints all of it, in the light colours', async () => {
    await open(DOCUMENTS.named, PHONE_DARK, async ({ page }) => {
      await page.emulateMedia({ media: 'print' })
      const seen = await page.evaluate<object>(`(() => {
        dispatchEvent(new Event('beforeprint'))
        const style = (selector) => getComputedStyle(document.querySelector(selector))
        return {
          closed: document.querySelectorAll('details:not([open])').length,
          paper: style('html').getPropertyValue('--paper'),
          wide: style('.pic.wide').display,
          nav: style('nav').display,
        }
      })()`)
      expect(seen).toEqual({ closed: 0, paper: '#fbfbfa', wide: 'block', nav: 'none' })
    })
  })

  it('is worked by keyboard: the first key skips to the verdict, every table is one key away', async () => {
    await open(DOCUMENTS.named, LIGHT, async ({ page }) => {
      await page.keyboard.press('Tab')
      expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the verdict')
      await page.locator('summary').first().focus()
      await page.keyboard.press('Enter')
      expect(await page.locator('details').first().getAttribute('open')).not.toBeNull()
    })
  })
})

async function save(page: Page, name: string): Promise<string> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name, exact: true }).click(),
  ])
  return readFileSync(await download.path(), 'utf8')
}

describe('the HTML report as text', () => {
  let pages: Record<string, string>
  beforeAll(() => {
    pages = Object.fromEntries(Object.entries(ALL).map(([name, one]) => [name, renderHtml(one)]))
  })

  it('is the same for the same document', () => {
    for (const [name, one] of Object.entries(ALL)) expect(renderHtml(one)).toBe(pages[name])
  })

  it('stays bounded for 1,000 reports and 68,000 affected', () => {
    expect(Buffer.byteLength(pages.thousand)).toBeLessThan(SIZE_MAX_BYTES)
    const much = structuredClone(THOUSAND)
    for (let i = 0; i < 4; i++) {
      much.reports.push(...much.reports)
      much.affected[0].sample.push(...much.affected[0].sample)
    }
    expect(Buffer.byteLength(renderHtml(much))).toBeLessThan(SIZE_MAX_BYTES)
  })

  it('points to no other place', () => {
    for (const page of Object.values(pages)) {
      expect(page.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/(?:src|href)="(?!#)/)
    }
  })

  it('never speaks of guilt', () => {
    for (const page of Object.values(pages)) expect(page).not.toMatch(/\bguilty\b|\bcaught\b/i)
  })

  it('says of every picture what it shows', () => {
    for (const [name, page] of Object.entries(pages)) {
      for (const [svg] of page.matchAll(/<svg[^>]*>/g)) {
        expect(svg, name).toMatch(/role="img" aria-label="[^"]{20,}"/)
      }
    }
  })

  it('draws no figure that is not a number', () => {
    for (const [name, page] of Object.entries(pages)) {
      for (const [svg] of page.matchAll(/<svg[\s\S]*?<\/svg>/g)) {
        expect(svg, name).not.toMatch(/NaN|Infinity|undefined/)
      }
    }
  })
})
