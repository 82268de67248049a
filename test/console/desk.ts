/** The console on a whole desk: real PostgreSQL, a real log, a real mailbox, a real identity provider. */
import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { bundleConsole } from '../../scripts/bundle-console.ts'
import { CALLBACK_PATH } from '../../src/http/desk/identity/directory.ts'
import { startWholeDesk } from '../http/desk/whole.ts'
import { CLIENT, startProvider } from '../identity/provider.ts'
import { openSink, readMail } from '../mail/sink.ts'
import { LIGHT, type Seat, sit } from './browser.ts'

/** Everything, with a demonstration's people, who are also in the directory by their mail addresses. */
export async function startConsoleDesk() {
  const folder = mkdtempSync(join(tmpdir(), 'telltale-console-'))
  await bundleConsole(folder)
  const mailbox = await openSink()
  const port = await freePort()
  const origin = `http://localhost:${port}`
  const provider = await startProvider([origin + CALLBACK_PATH], {
    yuki: { email: 'yuki@desk.example', email_verified: true },
    nobody: { email: 'nobody@desk.example', email_verified: true },
  })
  const desk = await startWholeDesk({
    address: { host: 'localhost', port },
    origin,
    console: folder,
    codes: {
      mail: { host: '127.0.0.1', port: mailbox.port, tls: 'none', from: 'support@desk.example' },
      textMessages: null,
      organisation: 'Example',
      reportUrl: null,
    },
    directory: {
      label: 'Sign in with the directory',
      issuer: provider.issuer,
      clientId: CLIENT.id,
      clientSecret: CLIENT.secret,
      linkBy: 'mail',
      externalIdClaim: 'oid',
      stepUpAcr: [],
    },
  })
  return {
    ...desk,
    /** The code that was last sent to this customer. */
    codeOf: (to: string) => {
      const mail = mailbox.mails.findLast((one) => one.to.includes(to))
      return mail && /\b\d{3} ?\d{3}\b/.exec(readMail(mail.source).body)?.[0].replace(' ', '')
    },
    /** Somebody at the console, signed in. */
    as: (name: string, path: string, act: (seat: Seat) => Promise<void>) =>
      sit(origin + path, LIGHT, async (seat) => {
        await be(seat.page, name)
        await act(seat)
        // What the desk refused is on the page.
        const wrong = seat.complaints.filter((one) => !/status of 4\d\d/.test(one))
        if (wrong.length > 0) throw new Error(wrong.join('\n'))
      }),
    close: async () => {
      await desk.close()
      await mailbox.close()
      await provider.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Signs in as somebody of the demonstration. */
export async function be(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name }).click()
  await page.getByRole('navigation', { name: 'Pages' }).waitFor()
}

/** All that the browser keeps for this page. */
export function kept(page: Page): Promise<string> {
  return page.evaluate(`(async () => JSON.stringify([
    location.href, document.title, history.state, { ...localStorage }, { ...sessionStorage },
    await caches.keys(), (await indexedDB.databases()).map(({ name }) => name),
  ]))()`)
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
