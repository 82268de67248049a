/** A person at the console: a real browser, what it complained of, and what axe says. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { openBrowser } from '../browser.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core'), 'utf8')
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** null where the machine has no browser. */
export const browser = await openBrowser()

export const LIGHT = { colorScheme: 'light', viewport: { width: 1280, height: 860 } } as const
export const DARK = { ...LIGHT, colorScheme: 'dark' } as const
/** The narrowest telephone. */
export const PHONE = { ...LIGHT, viewport: { width: 360, height: 740 } } as const

/** One person's browser. */
export interface Seat {
  readonly page: Page
  /** Errors and warnings of the page, of its policy too. */
  readonly complaints: string[]
}

/** Opens a page of the console in a browser of its own. `before` comes before its first script. */
export async function sit(
  address: string,
  options: BrowserContextOptions,
  act: (seat: Seat) => Promise<void>,
  before: (page: Page) => Promise<unknown> = async () => {},
): Promise<void> {
  const context = await browser!.newContext({ reducedMotion: 'reduce', ...options })
  context.setDefaultTimeout(10_000)
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => {
    if (/^(error|warning)$/.test(message.type())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  try {
    await before(page)
    await page.goto(address)
    await act({ page, complaints })
  } catch (error) {
    // What the person saw, for whoever reads the failure.
    const seen = await page
      .locator('body')
      .innerText({ timeout: 1_000 })
      .catch(() => '')
    throw new Error(
      `${error instanceof Error ? error.message : error}\n\nThe page said:\n${seen}`,
      {
        cause: error,
      },
    )
  } finally {
    await context.close()
  }
}

/** Violations of WCAG 2.2 AA and of axe's best practice. Asked in a world beside the page's own, whose
 * policy lets no foreign script in. */
export async function axe(page: Page, rules: readonly string[] = RULES): Promise<string[]> {
  const session = await page.context().newCDPSession(page)
  const { frameTree } = await session.send('Page.getFrameTree')
  const { executionContextId: contextId } = await session.send('Page.createIsolatedWorld', {
    frameId: frameTree.frame.id,
    worldName: 'axe',
  })
  const run = async (expression: string) => {
    const { result, exceptionDetails } = await session.send('Runtime.evaluate', {
      contextId,
      expression,
      awaitPromise: true,
      returnByValue: true,
    })
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description)
    return result.value
  }
  if ((await run('typeof axe')) === 'undefined') await run(AXE)
  const found = await run(
    `axe.run(document, { runOnly: ${JSON.stringify(rules)} }).then(({ violations }) =>
      violations.map(({ id, nodes }) => id + ': ' + nodes.length + ' such as ' + nodes[0].html.slice(0, 200)))`,
  )
  await session.detach()
  return found as string[]
}

/** By how much the page is wider than its window. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate('document.documentElement.scrollWidth - innerWidth')
}

/** Controls smaller than WCAG 2.2's 24 pixels, other than links in a line of text. */
export function smallTargets(page: Page): Promise<string[]> {
  return page.evaluate(`[...document.querySelectorAll('button, select, textarea, input, a[href]')]
    .filter((one) => one.checkVisibility() && !one.matches('p a, li a:not(.place), .skip, label input, [aria-hidden=true]'))
    .map((one) => [one.getBoundingClientRect(), one.outerHTML.slice(0, 120)])
    .filter(([{ width, height }]) => width < 24 || height < 24)
    .map(([{ width, height }, html]) => Math.round(width) + 'x' + Math.round(height) + ' ' + html)`)
}
