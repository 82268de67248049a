// Every page and state, light and dark, wide and narrow: what axe, the policy and the eye of a narrow
// window say of it. The answers are fixed values; the console and the browser are real.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  axe,
  browser,
  type DARK,
  LIGHT,
  overflow,
  PHONE,
  type Seat,
  sit,
  smallTargets,
} from './browser.ts'
import { type Served, serveConsole } from './served.ts'

let served: Served
beforeAll(async () => {
  served = await serveConsole()
})
afterAll(async () => {
  await served?.close()
})

const CONTRAST = ['color-contrast']

interface State {
  readonly path: string
  readonly heading: string
  /** What of it waits until it is there. */
  readonly shows: string
  readonly act?: (seat: Seat) => Promise<unknown>
}

const press =
  (...keys: string[]) =>
  async ({ page }: Seat) => {
    for (const key of keys) await page.keyboard.press(key)
  }

const STATES: Record<string, State> = {
  queue: { path: '/queue', heading: 'Queue', shows: '17 customers wait.' },
  palette: { path: '/queue', heading: 'Queue', shows: 'Take the next', act: press('Control+k') },
  keys: { path: '/queue', heading: 'Queue', shows: 'Take the next', act: press('?') },
  ticket: { path: '/tickets/10482', heading: 'Ticket 10482', shows: 'Charged twice' },
  revealed: { path: '/tickets/10482', heading: 'Ticket 10482', shows: 'Reveal', act: press('r') },
  giving: { path: '/tickets/10482', heading: 'Ticket 10482', shows: 'Give to', act: press('a') },
  merging: { path: '/tickets/10482', heading: 'Ticket 10482', shows: 'Merge', act: press('m') },
  closing: { path: '/tickets/10482', heading: 'Ticket 10482', shows: 'Close', act: press('c') },
  masked: { path: '/tickets/10471', heading: 'Ticket 10471', shows: 'Is the customer with you?' },
  search: { path: '/search', heading: 'Search', shows: 'This hour: 4 of 30' },
  found: {
    path: '/search',
    heading: 'Search',
    shows: 'Exactly',
    act: async ({ page }) => {
      await page.getByLabel('Exactly').fill('aiko@example.com')
      await page.keyboard.press('Enter')
      await page.getByRole('button', { name: 'Open a ticket for them' }).click()
    },
  },
  exceptions: { path: '/exceptions', heading: 'Exceptions', shows: 'can be used' },
  asking: { path: '/exceptions/ask', heading: 'Ask for an exception', shows: 'What for' },
  exception: { path: '/exceptions/g-1', heading: 'Exception', shows: 'Customer 1 of 3' },
  requests: { path: '/requests', heading: 'Requests', shows: 'What speaks against it' },
  review: { path: '/review', heading: 'Review', shows: 'It was right' },
  access: { path: '/access', heading: 'My access', shows: '24 disclosures' },
  table: { path: '/access', heading: 'My access', shows: '24 disclosures', act: press('t') },
  account: { path: '/account', heading: 'Sign-ins', shows: 'Blue key' },
  people: { path: '/people', heading: 'People', shows: 'Noor Haddad' },
  person: {
    path: '/people',
    heading: 'People',
    shows: 'Noor Haddad',
    act: ({ page }) => page.getByRole('button', { name: 'Mika Sato' }).click(),
  },
}

async function reach(
  { path, heading, shows, act }: State,
  options: typeof LIGHT | typeof DARK | typeof PHONE,
  then: (seat: Seat) => Promise<void>,
) {
  await sit(served.origin + path, options, async (seat) => {
    await seat.page.getByRole('heading', { level: 1, name: heading }).waitFor()
    await seat.page.getByText(shows).first().waitFor()
    await act?.(seat)
    await then(seat)
    expect(seat.complaints).toEqual([])
  })
}

describe.skipIf(browser === null)('every page (needs a browser)', () => {
  for (const [name, state] of Object.entries(STATES)) {
    it(`${name}: clean in light and dark, on a telephone, from right to left`, async () => {
      await reach(state, LIGHT, async ({ page }) => {
        expect(await axe(page), 'light').toEqual([])
        expect(await overflow(page), 'scrolls sideways').toBeLessThanOrEqual(0)
        await page.emulateMedia({ colorScheme: 'dark' })
        expect(await axe(page, CONTRAST), 'dark').toEqual([])
        // A window of 640 pixels is one of 1280 at a zoom of 200%.
        for (const width of [640, PHONE.viewport.width]) {
          await page.setViewportSize({ width, height: 740 })
          expect(await overflow(page), `scrolls sideways at ${width}`).toBeLessThanOrEqual(0)
        }
        expect(await smallTargets(page)).toEqual([])
        await page.evaluate(`document.documentElement.dir = 'rtl'`)
        expect(await overflow(page), 'scrolls sideways from right to left').toBeLessThanOrEqual(0)
      })
    })
  }
})
