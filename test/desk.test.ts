import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDesk } from '../src/desk.ts'
import { createLogTools } from '../src/log-tools.ts'
import { startWholeDesk } from './http/desk/whole.ts'

let desk: Awaited<ReturnType<typeof startWholeDesk>>
beforeAll(async () => {
  desk = await startWholeDesk()
})
afterAll(() => desk.close())

const ports = () => ({
  version: '0.0.0',
  tools: createLogTools(),
  sink: { write: () => {} },
  nowMs: Date.now,
})

describe('a desk whose log has stopped', () => {
  it('shows nothing more, and is not ready', async () => {
    const own = await startWholeDesk()
    try {
      const mika = await own.signIn('mika')
      const { number } = (await mika.call('POST', '/queue/next', {})).body
      const reveal = () => mika.call('POST', `/tickets/${number}/reveal`, { fields: ['mail'] })
      expect((await reveal()).status).toBe(200)
      // Somebody else could hold the folder now, so nothing is written to it any more.
      rmSync(join(own.settings.log.dir, 'lock'))
      const refused = await reveal()
      expect(refused.status).toBe(503)
      expect(JSON.stringify(refused.body)).not.toMatch(/@|telltale-desk-/)
      await expect(own.failed).rejects.toThrow()
      const ready = await fetch(`${own.url}/health/ready`)
      expect(ready.status).toBe(503)
      expect(await ready.json()).toMatchObject({
        parts: { log: { ready: false }, store: { ready: true } },
      })
    } finally {
      await own.close().catch(() => {})
    }
  })
})

describe('a desk', () => {
  it('is the only writer of its log', async () => {
    const mika = await desk.signIn('mika')
    const { number } = (await mika.call('POST', '/queue/next', {})).body
    expect((await mika.call('GET', `/tickets/${number}`)).status).toBe(200)
    const second = await openDesk(desk.settings, ports()).catch((error) => error)
    expect(second).toMatchObject({ code: 'FOLDER_LOCKED' })
  })

  it('finishes what is under way, and goes on where it was after a restart', async () => {
    const mika = await desk.signIn('mika')
    const { number } = (await mika.call('POST', '/queue/next', {})).body
    const reveal = () => mika.call('POST', `/tickets/${number}/reveal`, { fields: ['name'] })
    await reveal()
    const [answers] = await Promise.all([
      Promise.allSettled(Array.from({ length: 10 }, reveal)),
      desk.stop(),
    ])
    const shown = answers.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
    // Whoever came too late found nobody; nobody was cut off or told something else.
    expect(shown.map(({ status }) => status)).toEqual(shown.map(() => 200))
    await expect(mika.call('GET', '/session')).rejects.toThrow()
    const again = await desk.again()
    try {
      expect(again.vkey).toBe(desk.vkey)
      const entries = await again.store.db.selectFrom('telltale.shown').selectAll().execute()
      const kept = entries.map(({ entry }) => entry)
      for (const { body } of shown) expect(kept).toContain(body.entry)
    } finally {
      await again.close()
    }
  })

  it.each([
    ['in the clear', { origin: 'http://desk.example' }],
    ['for a demonstration that others reach', { origin: 'https://desk.example' }],
    ['for a demonstration behind a proxy', { proxies: ['10.0.0.1'] }],
  ])('does not start %s', async (_, more) => {
    await expect(openDesk({ ...desk.settings, ...more }, ports())).rejects.toMatchObject({
      code: 'IDENTITY_CONFIG_INVALID',
    })
  })

  it('does not start with policies that do not parse, and leaves nothing running', async () => {
    const settings = { ...desk.settings, policies: '/nonexistent' }
    await expect(openDesk(settings, ports())).rejects.toMatchObject({
      code: 'GUARD_POLICY_INVALID',
    })
    const again = await desk.again()
    await again.close()
    expect(again.vkey).toBe(desk.vkey)
  })
})
