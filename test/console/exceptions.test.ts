// Exceptions at the console, on a whole desk: asked for, decided by somebody else, used, reviewed.
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

/** A ticket of this agent's, and its customer. */
async function ticketOf(agent: string) {
  const { body } = await (await desk.signIn(agent)).call('POST', '/queue/next')
  const { rows } = await desk.store.pool.query(
    'select c.* from support.tickets t join support.customers c on c.key = t.customer where t.number = $1',
    [body.number],
  )
  return { number: body.number as string, customer: rows[0] as { payment: string; phone: string } }
}

const TEXT = 'The bank asks for the last digits of the card that was charged twice.'

async function ask(page: Page, text: string): Promise<void> {
  await page.getByLabel('Reason').selectOption('fraud-check')
  await page.getByLabel('What for, so that somebody else can decide').fill(text)
}

describe.skipIf(browser === null)('an exception (needs a browser)', () => {
  it('is asked for from a ticket, approved by a lead, used at once, and ended', async () => {
    const { number, customer } = await ticketOf('mika')
    await desk.as('Mika Rautio', `/tickets/${number}`, async ({ page }) => {
      await page.getByText('needs an exception that names this field').waitFor()
      await page.getByRole('link', { name: 'Ask for one' }).click()
      await page.getByRole('heading', { name: 'Ask for an exception' }).waitFor()
      expect(await page.getByLabel('Payment (sensitive)').isChecked()).toBe(true)
      expect(await page.getByRole('button', { name: 'Ask', exact: true }).isDisabled()).toBe(true)
      await ask(page, TEXT)
      await page.reload()
      expect(await page.getByLabel(/^What for/).inputValue()).toBe(TEXT)
      await page.getByRole('button', { name: 'Ask', exact: true }).click()
      await page.getByText('waits for a decision').waitFor()
      expect(await page.getByRole('button', { name: /^Reveal/ }).count()).toBe(0)

      await desk.as('Lea Brandt', '/requests', async ({ page: lead }) => {
        const request = lead.getByRole('article', { name: 'Mika Rautio: See 1 customer' })
        await request.getByText('What speaks against it').waitFor()
        await request.getByText(TEXT).waitFor()
        expect(await request.getByRole('button', { name: 'Approve' }).isDisabled()).toBe(true)
        await request.getByLabel('What Mika Rautio is told').fill('The last digits only.')
        await request.getByRole('button', { name: 'Approve' }).click()
        await lead.getByText('Nobody waits for you.').waitFor()
      })

      await page.getByText('can be used').waitFor()
      await page.getByText('The last digits only.').waitFor()
      expect(await page.content()).not.toContain(customer.payment)
      await page.keyboard.press('r')
      await page.getByText(customer.payment, { exact: true }).waitFor()
      expect(await kept(page)).not.toContain(customer.payment)
      await page.getByRole('button', { name: 'I am done with it' }).click()
      await expect.poll(() => page.locator('.page-head').innerText(), SLOW).toContain('over')
      expect(await page.content()).not.toContain(customer.payment)
    })
  })

  it('is denied with words that the asker reads', async () => {
    const { number } = await ticketOf('tomas')
    await desk.as(
      'Tomás Herrera',
      `/exceptions/ask?ticket=${number}&fields=payment`,
      async ({ page }) => {
        await ask(page, 'A second charge came in; the bank wants the digits of that card as well.')
        await page.getByRole('button', { name: 'Ask', exact: true }).click()
        await page.getByText('waits for a decision').waitFor()
        await desk.as('Lea Brandt', '/requests', async ({ page: lead }) => {
          await lead.getByLabel('What Tomás Herrera is told').fill('The bank has a form for this.')
          await lead.getByRole('button', { name: 'Say no' }).click()
          await lead.getByText('Nobody waits for you.').waitFor()
        })
        await page.getByText('The bank has a form for this.').waitFor()
        await expect.poll(() => page.locator('.page-head').innerText(), SLOW).toContain('denied')
      },
    )
  })

  it('needs a fresh sign-in where a decision does, in place', async () => {
    const { number } = await ticketOf('yuki')
    const yuki = await desk.signIn('yuki')
    await yuki.call('POST', '/grants', {
      kind: 'see',
      reason: 'fraud-check',
      text: 'The customer waits on the line for the digits of the card we have.',
      ticket: number,
      handles: [],
      tickets: [number],
      fields: ['payment'],
      minutes: 30,
      extra: 0,
      emergency: false,
    })
    await desk.as('Lea Brandt', '/requests', async ({ page }) => {
      await page.getByLabel('What Yuki Tanabe is told').fill('Read the digits to nobody else.')
      await desk.store.pool.query(
        `update telltale.sessions set step_up_at_ms = 0 where agent = 'lea' and ended_at_ms is null`,
      )
      await page.getByRole('button', { name: 'Approve' }).click()
      const stepUp = page.getByRole('region', { name: 'Sign in once more' })
      await stepUp.getByText('This needs a sign-in within the last 5 minutes.').waitFor()
      await stepUp.getByRole('button', { name: /^Demonstration/ }).click()
      // What was asked for happens by itself.
      await page.getByText('Nobody waits for you.').waitFor()
    })
    const { body } = await yuki.call('GET', '/grants')
    expect(body.grants[0]).toMatchObject({
      state: 'approved',
      decisionText: 'Read the digits to nobody else.',
    })
  })

  it('is used at once in an emergency, says so in red, and waits for an officer', async () => {
    const { number, customer } = await ticketOf('mika')
    await desk.as(
      'Mika Rautio',
      `/exceptions/ask?ticket=${number}&fields=payment`,
      async ({ page }) => {
        await ask(
          page,
          'Somebody at the door says that they collect for us, and the customer is afraid.',
        )
        await page.getByLabel('Emergency: use it at once, before anybody decides').check()
        await page.getByRole('button', { name: 'Use it now' }).click()
        await page.getByText('can be used · emergency').waitFor()
        await page.keyboard.press('r')
        await page.getByText(customer.payment, { exact: true }).waitFor()
      },
    )
    await desk.as('Omar Aziz', '/review', async ({ page }) => {
      const card = page.getByRole('article', { name: /^Mika Rautio/ })
      await card.getByText('emergency, used at once').waitFor()
      await card.getByLabel('Why').fill('A ticket would have done.')
      await card.getByRole('button', { name: 'It should not have been' }).click()
      await page.getByText('Nothing waits for a review.').waitFor()
    })
    const { body } = await (await desk.signIn('mika')).call('GET', '/grants')
    expect(body.grants[0]).toMatchObject({ emergency: true, review: 'wrong' })
  })

  it('exports what an officer allowed, as a file', async () => {
    const { number } = await ticketOf('tomas')
    await desk.as(
      'Tomás Herrera',
      `/exceptions/ask?ticket=${number}&fields=phone`,
      async ({ page }) => {
        await page.getByText('Export customers').click()
        await ask(page, 'The bank asked for the numbers of everybody whose card was charged twice.')
        await page.getByRole('button', { name: 'Ask', exact: true }).click()
        await page.getByText('waits for a decision').waitFor()
        await desk.as('Omar Aziz', '/requests', async ({ page: officer }) => {
          await officer
            .getByLabel('What Tomás Herrera is told')
            .fill('For the bank alone, and delete it afterwards.')
          await officer.getByRole('button', { name: 'Approve' }).click()
          await officer.getByText('Nobody waits for you.').waitFor()
        })
        const download = page.waitForEvent('download')
        await page.getByRole('button', { name: 'Make the file' }).click()
        const file = await download
        expect(file.suggestedFilename()).toMatch(/\.csv$/)
        const rows = (await (await file.createReadStream()).toArray()).join('').trim().split('\r\n')
        // The customer, and the canaries that would tell of a leak.
        expect(rows.length).toBeGreaterThan(2)
      },
    )
  })
})
