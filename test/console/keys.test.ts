// The keyboard at the console.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { browser, LIGHT, type Seat, sit } from './browser.ts'
import { type Served, serveConsole } from './served.ts'

let served: Served
beforeAll(async () => {
  if (browser !== null) served = await serveConsole()
}, 120_000)
afterAll(async () => {
  await served?.close()
  await browser?.close()
})

beforeEach(() => served?.reset())

const at = (path: string, act: (seat: Seat) => Promise<void>) =>
  sit(served.origin + path, LIGHT, act)
const focused = (page: Page) => page.evaluate('document.activeElement.textContent.trim()')
const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name })

describe.skipIf(browser === null)('the keyboard (needs a browser)', () => {
  it('moves in a list, opens, and goes elsewhere; the heading of a page has the focus', async () => {
    await at('/queue', async ({ page }) => {
      await page.getByRole('link', { name: '10482' }).waitFor()
      for (const [key, place] of [
        ['j', '10482'],
        ['j', '10471'],
        ['k', '10482'],
        ['k', '10482'],
      ]) {
        await page.keyboard.press(key)
        expect(await focused(page)).toBe(place)
      }
      await page.keyboard.press('Enter')
      await heading(page, 'Ticket 10482').waitFor()
      expect(await focused(page)).toBe('Ticket 10482')
      await page.keyboard.press('g')
      await page.keyboard.press('a')
      await heading(page, 'My access').waitFor()
      expect(await focused(page)).toBe('My access')
      expect(await page.title()).toBe('My access · Telltale')
    })
  })

  it('begins with a link past the navigation', async () => {
    await at('/queue', async ({ page }) => {
      await page.getByText('17 customers wait.').waitFor()
      await page.keyboard.press('Tab')
      expect(await focused(page)).toBe('Skip to the page')
      await page.keyboard.press('Enter')
      await page.keyboard.press('Tab')
      expect(await focused(page)).toContain('Take the next ticket')
    })
  })

  it('lists the keys that act on this very page, and lets them be turned off', async () => {
    await at('/tickets/10482', async ({ page }) => {
      await page.getByText('Reveal').first().waitFor()
      await page.keyboard.press('?')
      const sheet = page.getByRole('dialog', { name: 'Keys' })
      const keys = await sheet.locator('dl').innerText()
      expect(keys).toContain('Reveal name')
      expect(keys).not.toContain('Take the next ticket')
      await sheet.getByLabel('Single keys act on this device').uncheck()
      await page.keyboard.press('Escape')
      await sheet.waitFor({ state: 'detached' })
      await page.keyboard.press('r')
      await page.reload()
      await page.getByText('Reveal').first().waitFor()
      await page.keyboard.press('r')
      await page.keyboard.press('?')
      expect(await sheet.count()).toBe(0)
      expect(served.asked.filter((one) => one.endsWith('/reveal'))).toEqual([])
    })
  })

  it('types into a box what is typed into a box', async () => {
    await at('/tickets/10482', async ({ page }) => {
      await page.getByText('Reveal').first().waitFor()
      await page.keyboard.press('w')
      await page.keyboard.type('r n g q ?')
      const box = page.getByRole('textbox', { name: 'Reply to the customer' })
      expect(await box.inputValue()).toBe('r n g q ?')
      expect(served.asked.filter((one) => one.endsWith('/reveal'))).toEqual([])
      await page.keyboard.press('Escape')
      await page.keyboard.press('r')
      await page.getByText('Aiko Tanaka', { exact: true }).waitFor()
    })
  })

  it('has a palette of all that can be done here, and of tickets by their number', async () => {
    await at('/queue', async ({ page }) => {
      await page.getByText('17 customers wait.').waitFor()
      await page.keyboard.press('Control+k')
      const palette = page.getByRole('dialog', { name: 'Find or do' })
      await palette.getByText('Take the next ticket').waitFor()
      await page.keyboard.type('my acc')
      await page.keyboard.press('Enter')
      await heading(page, 'My access').waitFor()
      await palette.waitFor({ state: 'detached' })
      await page.keyboard.press('Control+k')
      await palette.getByText('Go to Queue').waitFor()
      await page.keyboard.type('10482')
      await palette.getByText('Open ticket 10482').waitFor()
      await page.keyboard.press('Enter')
      await heading(page, 'Ticket 10482').waitFor()
    })
  })
})
