// An agent's day at the console, on a whole desk.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { browser } from './browser.ts'
import { kept, startConsoleDesk } from './desk.ts'

const SLOW = { timeout: 10_000 }

let desk: Awaited<ReturnType<typeof startConsoleDesk>>
beforeAll(async () => {
  if (browser !== null) desk = await startConsoleDesk()
}, 120_000)
afterAll(async () => {
  await desk?.close()
  await browser?.close()
})

/** The customer of a ticket, as the database has them. */
async function customerOf(number: string) {
  const { rows } = await desk.store.pool.query(
    `select c.* from support.tickets t join support.customers c on c.key = t.customer where t.number = $1`,
    [number],
  )
  return rows[0] as Record<'key' | 'name' | 'mail' | 'phone' | 'payment', string>
}

/** A customer with an open ticket of nobody's, and another mail address than all others. */
async function somebody() {
  const { rows } = await desk.store.pool.query(
    `select c.* from support.customers c join support.tickets t on t.customer = c.key
     where t.state = 'open' and t.assignee is null
       and (select count(*) from support.customers o where o.mail = c.mail) = 1 limit 1`,
  )
  return rows[0] as Record<'key' | 'name' | 'mail' | 'phone', string>
}

async function takeNext(page: Page): Promise<string> {
  await page.getByText('wait.').waitFor()
  await page.keyboard.press('n')
  const heading = page.getByRole('heading', { level: 1, name: /^Ticket / })
  await heading.waitFor()
  await card(page).waitFor()
  return (await heading.innerText()).replace('Ticket ', '')
}

const card = (page: Page) => page.getByRole('complementary', { name: 'Customer' })

describe.skipIf(browser === null)('an agent (needs a browser)', () => {
  it('takes the next ticket with one key, reveals a field with another, and it is in the log', async () => {
    await desk.as('Mika Rautio', '/', async ({ page }) => {
      const number = await takeNext(page)
      const { name } = await customerOf(number)
      await expect.poll(() => card(page).innerText(), SLOW).toContain('the customer contacted us')
      expect(await page.content()).not.toContain(name)
      expect(await card(page).innerText()).toContain(
        `Revealing is recorded: Mika Rautio, name, for ticket ${number}.`,
      )
      await page.keyboard.press('r')
      await card(page).getByText(name, { exact: true }).waitFor()
      const mark = await card(page)
        .getByText(/^Recorded as entry \d+/)
        .innerText()
      const entry = Number(/\d+/.exec(mark)![0])
      const shown = await desk.store.pool.query(
        'select entry, fields, masked, reference from telltale.shown where entry = $1',
        [entry],
      )
      expect(shown.rows).toMatchObject([{ reference: number }])
      expect(await page.getByRole('status').allInnerTexts()).toContain(
        `Name: ${name}. Recorded; hides in a minute.`,
      )
      expect(await kept(page)).not.toContain(name)
      await page.goBack()
      await page.getByRole('heading', { name: 'Queue' }).waitFor()
      expect(await page.content()).not.toContain(name)
    })
  })

  it('sees a revealed value for a minute and no longer', async () => {
    await desk.as('Tomás Herrera', '/', async ({ page }) => {
      const number = await takeNext(page)
      const { name } = await customerOf(number)
      await page.clock.install()
      await page.keyboard.press('r')
      await card(page).getByText(name, { exact: true }).waitFor()
      await page.clock.runFor(58_000)
      expect(await card(page).getByText(name, { exact: true }).count()).toBe(1)
      await page.clock.runFor(3_000)
      expect(await page.content()).not.toContain(name)
      // The clock of this device is a minute ahead by now; the console follows the desk's.
      await page.keyboard.press('r')
      await card(page).getByText(name, { exact: true }).waitFor()
      await page.keyboard.press('h')
      expect(await page.content()).not.toContain(name)
    })
  })

  it('finds a customer, opens a ticket, and sees more once the customer read back a code', async () => {
    const { mail, name } = await somebody()
    await desk.as('Dana Whitlock', '/search', async ({ page }) => {
      await page.keyboard.press('/')
      await page.keyboard.type(mail)
      await page.keyboard.press('Enter')
      await page.getByRole('article', { name: 'Found: 1 of 1' }).waitFor()
      expect(await kept(page)).not.toContain(mail)
      await page.getByRole('button', { name: 'Open a ticket for them' }).click()
      await page.keyboard.type('Asks about an invoice')
      await page.keyboard.press('Enter')
      await page.getByText('Is the customer with you?').waitFor()
      expect(
        await card(page)
          .getByRole('button', { name: /^Reveal/ })
          .count(),
      ).toBe(0)
      expect(await card(page).innerText()).toContain('only your own word stands behind it')
      await page.keyboard.press('s')
      await page.getByLabel('Code that the customer reads to you').waitFor()
      await expect.poll(() => desk.codeOf(mail), SLOW).toMatch(/^\d{6}$/)
      const code = desk.codeOf(mail)!
      const wrong = code === '000000' ? '000001' : '000000'
      await page.getByLabel('Code that the customer reads to you').fill(wrong)
      await page.getByText('2 attempts left').waitFor()
      await page.getByLabel('Code that the customer reads to you').fill(code)
      await card(page).getByText('the customer contacted us').waitFor()
      await page.keyboard.press('r')
      await card(page).getByText(name, { exact: true }).waitFor()
    })
  })

  it('writes; what is typed survives a reload and the end of the session', async () => {
    await desk.as('Yuki Tanabe', '/', async ({ page, complaints }) => {
      const number = await takeNext(page)
      await page.keyboard.press('w')
      await page.keyboard.type('Thank you for waiting.')
      await page.reload()
      const box = page.getByRole('textbox', { name: 'Reply to the customer' })
      await expect.poll(() => box.inputValue(), SLOW).toBe('Thank you for waiting.')
      await box.focus()
      const sessions = await desk.services.sessions.list('yuki')
      const yuki = (await desk.services.people.agent('yuki'))!
      for (const { id, endedAtMs } of sessions)
        if (endedAtMs === null) await desk.services.sessions.end(id, yuki, 'test')
      await page.getByRole('heading', { name: 'Your session has ended' }).waitFor()
      expect(await card(page).isVisible()).toBe(false)
      await page.getByRole('button', { name: 'Yuki Tanabe' }).click()
      await page.getByRole('heading', { name: `Ticket ${number}` }).waitFor()
      expect(await box.inputValue()).toBe('Thank you for waiting.')
      expect(await page.evaluate('document.activeElement.tagName')).toBe('TEXTAREA')
      await page.keyboard.press('Control+Enter')
      await expect.poll(() => box.inputValue(), SLOW).toBe('')
      const { rows } = await desk.store.pool.query(
        `select body, author from support.messages where ticket = $1 and direction = 'out' order by id desc limit 1`,
        [number],
      )
      expect(rows[0].body).toBe('Thank you for waiting.')
      complaints.length = 0
    })
  })

  it('closes with a few seconds to think', async () => {
    await desk.as('Mika Rautio', '/', async ({ page }) => {
      const number = await takeNext(page)
      const state = async () =>
        (
          await desk.store.pool.query('select state from support.tickets where number = $1', [
            number,
          ])
        ).rows[0].state
      await page.keyboard.press('c')
      await page.getByText('The ticket closes in 5 seconds.').waitFor()
      await page.keyboard.press('z')
      await page.getByText('The ticket closes in 5 seconds.').waitFor({ state: 'detached' })
      await page.keyboard.press('c')
      await page.getByRole('heading', { name: 'Queue' }).waitFor()
      expect(await state()).toBe('closed')
    })
  })

  it('gives a ticket to a colleague and sees its customer no longer', async () => {
    await desk.as('Mika Rautio', '/', async ({ page }) => {
      const number = await takeNext(page)
      await page.keyboard.press('a')
      await page.getByLabel('Colleague who gets the ticket').selectOption('tomas')
      await page.getByRole('button', { name: 'Give it' }).click()
      await page.getByRole('heading', { name: 'Queue' }).waitFor()
      await page.goto(`${desk.url}/tickets/${number}`)
      await page.getByText('There is no such ticket for you.').waitFor()
    })
  })

  it('is told of what others do, and keeps its place', async () => {
    await desk.as('Mika Rautio', '/', async ({ page }) => {
      await takeNext(page)
      await page.goBack()
      const row = page.getByRole('table').getByRole('link').first()
      await row.waitFor()
      await page.keyboard.press('j')
      const place = await row.innerText()
      const before = await page.locator('.next-count').innerText()
      const tomas = await desk.signIn('tomas')
      await tomas.call('POST', '/queue/next')
      await expect.poll(() => page.locator('.next-count').innerText(), SLOW).not.toBe(before)
      expect(await page.evaluate('document.activeElement.textContent')).toBe(place)
    })
  })
})
