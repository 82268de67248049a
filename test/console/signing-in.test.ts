// Signing in at the console, on a whole desk: by passkey, by a real directory; and what admins do.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { browser, LIGHT, sit } from './browser.ts'
import { be, startConsoleDesk } from './desk.ts'

let desk: Awaited<ReturnType<typeof startConsoleDesk>>
beforeAll(async () => {
  if (browser !== null) desk = await startConsoleDesk()
}, 120_000)
afterAll(async () => {
  await desk?.close()
  await browser?.close()
})

async function withAuthenticator(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page)
  await session.send('WebAuthn.enable')
  await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
}

async function atDirectory(page: Page, login: string): Promise<void> {
  await page.getByRole('button', { name: 'Sign in with the directory' }).click()
  await page.locator('input[name=login]').fill(login)
  await page.locator('input[name=password]').fill('any')
  await page.locator('button[type=submit], [type=submit]').first().click()
  await page.locator('form').waitFor()
  await page.locator('button[type=submit], [type=submit]').first().click()
}

describe.skipIf(browser === null)('signing in (needs a browser)', () => {
  it('adds a passkey and signs in by it', async () => {
    await desk.as('Mika Rautio', '/account', async ({ page }) => {
      await withAuthenticator(page)
      await page.getByLabel('Name of a new passkey').fill('This laptop')
      await page.keyboard.press('Enter')
      await page.getByRole('cell', { name: 'This laptop', exact: true }).waitFor()
      await page.getByRole('button', { name: 'Sign out' }).click()
      await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
      await page.getByRole('heading', { name: 'Queue' }).waitFor()
      expect(await page.getByText('Mika Rautio').count()).toBe(1)
    })
  })

  it('goes to the directory and comes back to the same page', async () => {
    await sit(`${desk.url}/search`, LIGHT, async ({ page }) => {
      await atDirectory(page, 'yuki')
      await page.getByRole('heading', { name: 'Search' }).waitFor()
      expect(new URL(page.url()).pathname).toBe('/search')
      await page.getByText('Yuki Tanabe').waitFor()
    })
  })

  it('says what is wrong where the directory knows somebody whom the desk does not', async () => {
    await sit(desk.url, LIGHT, async ({ page }) => {
      await atDirectory(page, 'nobody')
      await page.getByText('The directory knows you, but the desk does not let you in.').waitFor()
      expect(page.url()).not.toContain('sign-in')
    })
  })

  it('keeps nothing of one person for the next', async () => {
    await desk.as('Mika Rautio', '/', async ({ page }) => {
      await page.getByText('wait.').waitFor()
      await page.keyboard.press('n')
      await page.getByRole('textbox', { name: 'Reply to the customer' }).fill('Mine alone.')
      const number = (await page.getByRole('heading', { level: 1 }).innerText()).slice(7)
      const mika = (await desk.services.people.agent('mika'))!
      for (const { id, endedAtMs } of await desk.services.sessions.list('mika'))
        if (endedAtMs === null) await desk.services.sessions.end(id, mika, 'test')
      await page.getByRole('heading', { name: 'Your session has ended' }).waitFor()
      await be(page, 'Tomás Herrera')
      await page.getByRole('heading', { name: 'Queue' }).waitFor()
      await page.goto(`${desk.url}/tickets/${number}`)
      await page.getByText('There is no such ticket for you.').waitFor()
      expect(await page.content()).not.toContain('Mine alone.')
      await page.getByRole('button', { name: 'Sign out' }).click()
      await page.getByRole('heading', { name: 'Sign in to the desk' }).waitFor()
      expect(await page.evaluate('JSON.stringify({ ...sessionStorage })')).toBe('{}')
    })
  })

  it('lets an admin add somebody and suspend somebody, who is out at once', async () => {
    await desk.as('Sam Okoro', '/', async ({ page: sam }) => {
      await sam.getByRole('heading', { name: 'Queue' }).waitFor()
      await desk.as('Ada Lind', '/', async ({ page }) => {
        await page.getByRole('heading', { name: 'People' }).waitFor()
        await page.getByRole('button', { name: 'Add somebody' }).click()
        await page.getByLabel('Id, which stays').fill('noor')
        await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Noor Haddad')
        await page.getByRole('button', { name: 'Save' }).click()
        await page.getByRole('button', { name: 'Noor Haddad' }).waitFor()
        await page.getByRole('button', { name: 'Sam Okoro' }).click()
        await page.getByLabel('Suspend, because').fill('Left the company.')
        await page.getByRole('button', { name: 'Suspend' }).click()
        await page.getByRole('row', { name: /Sam Okoro.*suspended/ }).waitFor()
      })
      await sam.getByRole('heading', { name: /suspended|session has ended/ }).waitFor()
    })
  })
})
