// What a page does when things do not go well, or not at once. The answers are fixed values, so that
// each state can be had; the console and the browser are real, and so are the proofs.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ticket } from './answers/tickets.ts'
import { axe, browser, LIGHT, type Seat, sit } from './browser.ts'
import { refusal, type Served, serveConsole } from './served.ts'

const SLOW = { timeout: 10_000 }

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

describe.skipIf(browser === null)('a page (needs a browser)', () => {
  it.each([
    ['/queue', 'GET /queue', { mine: [], cursor: null, waiting: [] }, 'You have no open ticket.'],
    ['/exceptions', 'GET /grants', { grants: [], cursor: null }, 'You have asked for none.'],
    ['/requests', 'GET /requests', { requests: [], cursor: null }, 'Nobody waits for you.'],
    ['/review', 'GET /requests', { requests: [], cursor: null }, 'Nothing waits for a review.'],
    ['/account', 'GET /passkeys', { passkeys: [] }, 'You have none.'],
    ['/people', 'GET /people', { people: [], cursor: null }, 'There is nobody yet.'],
  ])('%s says what to do where there is nothing', async (path, route, answer, says) => {
    served.routes.set(route, () => answer)
    await at(path, async ({ page, complaints }) => {
      await page.getByText(says).waitFor()
      expect(await axe(page)).toEqual([])
      expect(complaints).toEqual([])
    })
  })

  const ended = refusal(401, 'SESSION_ENDED', 'Your session has ended.', 'Sign in again.')
  const CONTRAST = ['color-contrast']

  it('asks who one is, in light and dark', async () => {
    served.routes.set('GET /session', ended)
    await at('/queue', async ({ page }) => {
      await page.getByText('Demonstration: no password, no protection').waitFor()
      expect(await axe(page)).toEqual([])
      await page.emulateMedia({ colorScheme: 'dark' })
      expect(await axe(page, CONTRAST)).toEqual([])
    })
  })

  it('is covered when the session ends, and nothing of it can be seen or reached', async () => {
    await at('/tickets/10482', async ({ page }) => {
      await page.getByText('Reveal').first().waitFor()
      await page.keyboard.press('r')
      await page.getByText('Aiko Tanaka', { exact: true }).waitFor()
      served.routes.set('GET /session', ended)
      served.tell({ kind: 'session', atMs: 1, ticket: null, grant: null })
      await page.getByRole('heading', { name: 'Your session has ended' }).waitFor()
      expect(await page.content()).not.toContain('Aiko Tanaka')
      expect(await page.getByText('my card was charged twice').isVisible()).toBe(false)
      await page.keyboard.press('Shift+Tab')
      expect(await page.evaluate(`document.activeElement.closest('[inert]')`)).toBe(null)
      expect(await axe(page)).toEqual([])
    })
  })

  it('asks for a fresh sign-in in place, and then goes on by itself', async () => {
    const usual = served.routes.get('POST /tickets/10482/reveal')!
    served.routes.set(
      'POST /tickets/10482/reveal',
      refusal(401, 'STEP_UP_NEEDED', 'This needs a sign-in within the last 5 minutes.', 'x'),
    )
    served.routes.set('POST /sign-in/demo', () => ({ agent: 'mika', bound: true }))
    await at('/tickets/10482', async ({ page }) => {
      await page.getByText('Reveal').first().waitFor()
      await page.keyboard.press('r')
      const stepUp = page.getByRole('region', { name: 'Sign in once more' })
      await stepUp.waitFor()
      expect(await axe(page)).toEqual([])
      served.routes.set('POST /tickets/10482/reveal', usual)
      await stepUp.getByRole('button', { name: /^Demonstration/ }).click()
      await page.getByText('Aiko Tanaka', { exact: true }).waitFor()
    })
  })

  it('takes a code in place, and says what is left of it', async () => {
    const nowMs = Date.now()
    served.routes.set('GET /tickets/10471', () =>
      ticket('self', {
        code: { sentAtMs: nowMs, expiresAtMs: nowMs + 300_500, attemptsLeft: 2 },
      }),
    )
    await at('/tickets/10471', async ({ page }) => {
      await page.getByText(/2 attempts left, for \d min/).waitFor()
      expect(await axe(page)).toEqual([])
      await page.emulateMedia({ colorScheme: 'dark' })
      expect(await axe(page, CONTRAST)).toEqual([])
    })
  })

  it('says that it is loading once that takes long enough to notice', async () => {
    let answer = () => {}
    const waits = new Promise<void>((resolve) => {
      answer = resolve
    })
    const usual = served.routes.get('GET /queue')!
    served.routes.set('GET /queue', async (request) => {
      await waits
      return usual(request)
    })
    await at('/queue', async ({ page }) => {
      await page.getByText('Loading your queue').waitFor()
      expect(await axe(page)).toEqual([])
      answer()
      await page.getByText('17 customers wait.').waitFor()
      expect(await page.getByText('Loading your queue').count()).toBe(0)
    })
  })

  it('says a refusal with who can help, and takes away what it refuses', async () => {
    await at('/tickets/10482', async ({ page }) => {
      await page.getByText('my card was charged twice').waitFor()
      const next = 'Take the next ticket, or ask your lead.'
      served.routes.set(
        'GET /tickets/10482',
        refusal(403, 'PURPOSE_ENDED', 'This purpose does not hold any more.', next),
      )
      served.tell({ kind: 'ticket', atMs: 1, ticket: '10482', grant: null })
      await page.getByText(next).waitFor()
      expect(await page.getByText('my card was charged twice').count()).toBe(0)
      expect(await axe(page)).toEqual([])
    })
  })

  it('goes on by itself after the server was away, and says so meanwhile', async () => {
    await at('/queue', async ({ page }) => {
      await page.getByText('Live', { exact: true }).waitFor()
      served.hangUp()
      await page.getByText('Reconnecting').waitFor()
      await page.getByText('Live', { exact: true }).waitFor()
      // It asks for what it may have missed.
      await expect
        .poll(() => served.asked.filter((one) => one === 'GET /queue').length, SLOW)
        .toBe(2)
      await page.context().setOffline(true)
      served.hangUp()
      await page.getByText('Offline: what you type is kept').waitFor()
      expect(await axe(page)).toEqual([])
      await page.context().setOffline(false)
      await page.getByText('Live', { exact: true }).waitFor()
    })
  })

  it('asks for a ticket no more often than something happens: each look is in the log', async () => {
    await at('/tickets/10482', async ({ page }) => {
      await page.getByText('Live', { exact: true }).waitFor()
      await page.getByText('Reveal').first().waitFor()
      await page.evaluate(`dispatchEvent(new Event('focus'))`)
      served.tell({ kind: 'queue', atMs: 1, ticket: null, grant: null })
      await page.keyboard.press('r')
      await page.getByText('Aiko Tanaka', { exact: true }).waitFor()
      expect(served.asked.filter((one) => one === 'GET /tickets/10482')).toHaveLength(1)
    })
  })

  it('tells what a reveal records, for the field that is pointed at', async () => {
    await at('/tickets/10482', async ({ page }) => {
      const will = page.locator('#will')
      expect(await will.innerText()).toBe(
        'Revealing is recorded: Mika Sato, name, for ticket 10482.',
      )
      const phone = page.getByRole('button', { name: 'Reveal phone' })
      await phone.focus()
      expect(await will.innerText()).toBe(
        'Revealing is recorded: Mika Sato, phone, for ticket 10482.',
      )
      expect(await phone.getAttribute('aria-describedby')).toBe('will')
      await page.keyboard.press('Enter')
      await page.getByText('+81 3 5550 0112', { exact: true }).waitFor()
      // A mask is read as such, never dot by dot.
      expect(await page.getByText('masked: a … @e … .com').count()).toBe(1)
      expect(await page.locator('.masked [aria-hidden]').allInnerTexts()).toContain('a•••@e•••.com')
    })
  })

  it('prints no clear value', async () => {
    await at('/tickets/10482', async ({ page }) => {
      await page.getByText('Reveal').first().waitFor()
      await page.keyboard.press('r')
      const value = page.getByText('Aiko Tanaka', { exact: true })
      await value.waitFor()
      await page.emulateMedia({ media: 'print' })
      expect(await value.isVisible()).toBe(false)
    })
  })

  it('does an act once though the line breaks on its way', async () => {
    const keys: unknown[] = []
    served.routes.set('POST /queue/next', (request) => {
      keys.push(request.headers['idempotency-key'])
      if (keys.length === 1) request.raw.socket.destroy()
      return ticket('customer').ticket
    })
    await at('/queue', async ({ page }) => {
      await page.getByText('17 customers wait.').waitFor()
      await page.keyboard.press('n')
      await page.getByRole('heading', { name: 'Ticket 10482' }).waitFor()
      expect(keys).toHaveLength(2)
      expect(keys[0]).toBe(keys[1])
    })
  })

  it('proves each request anew by a key that cannot leave the device', async () => {
    await at('/queue', async ({ page }) => {
      await page.getByText('17 customers wait.').waitFor()
      expect(served.proofs.length).toBeGreaterThan(2)
      expect(served.proofs.filter((one) => typeof one === 'string')).toEqual([])
      const proofs = served.proofs as { device: string; id: string }[]
      expect(new Set(proofs.map(({ device }) => device)).size).toBe(1)
      expect(new Set(proofs.map(({ id }) => id)).size).toBe(proofs.length)
      const exported = await page.evaluate(`new Promise((resolve) => {
        const open = indexedDB.open('telltale-device')
        open.onsuccess = () => {
          const get = open.result.transaction('keys').objectStore('keys').get('device')
          get.onsuccess = () => crypto.subtle.exportKey('jwk', get.result.privateKey)
            .then(() => resolve('exported'), (error) => resolve(error.name))
        }
      })`)
      expect(exported).toBe('InvalidAccessError')
    })
  })
})
