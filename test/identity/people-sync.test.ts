import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serveDesk } from './served.ts'

let desk: Awaited<ReturnType<typeof serveDesk>>
let dir: string
let token: string
beforeAll(async () => {
  desk = await serveDesk()
  dir = await mkdtemp(join(tmpdir(), 'telltale-people-'))
  token = (await desk.services.create('hr', ['scim'], 'root')).token
  await writeFile(join(dir, 'token'), `${token}\n`, { mode: 0o600 })
  await desk.addAgent('old')
})
afterAll(async () => {
  await desk.close()
  await rm(dir, { recursive: true })
})

async function sync(file: string, content: string, ...more: string[]) {
  await writeFile(join(dir, file), content)
  const args = ['src/main.ts', 'people', 'sync', join(dir, file), '--desk', desk.origin]
  const child = spawn(process.execPath, [...args, '--token-file', join(dir, 'token'), ...more])
  const exit = new Promise<number | null>((resolve) => child.on('close', resolve))
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)])
  return { code: await exit, out, err }
}

const PEOPLE = `format: telltale-people/1
teams: [{id: billing, name: Billing}]
people:
  - {id: mara, name: Mara Lind, team: billing, roles: [agent]}
  - {id: lea, name: Léa, roles: [lead]}
`

describe('telltale people sync', () => {
  it('says what it would do, and does nothing', async () => {
    const before = desk.decided.length
    const { code, out, err } = await sync('people.yaml', PEOPLE, '--dry-run')
    expect(out.split('\n')).toEqual([
      'old: left as they are: not in the file',
      'billing: team (Billing)',
      'mara: made (made; roles agent; team billing)',
      'lea: made (made; roles lead; no team)',
      '',
    ])
    expect(err).toBe('3 changes to make; none was made.\n')
    expect(code).toBe(1)
    expect(await desk.people.agent('mara')).toBeNull()
    expect(desk.decided).toHaveLength(before)
  })

  it('does it, and nothing the second time', async () => {
    const first = await sync('people.yaml', PEOPLE, '--suspend-missing')
    expect([first.code, first.err]).toEqual([0, '4 changes made.\n'])
    expect(await desk.people.agent('mara')).toMatchObject({ team: 'billing', roles: ['agent'] })
    expect((await desk.people.agent('old'))?.status).toBe('suspended')
    expect(desk.decided.at(-1)).toMatchObject({ agent: 'service:hr', subject: 'lea' })
    const second = await sync('people.yaml', PEOPLE, '--json')
    expect(JSON.parse(second.out)).toEqual({
      format: 'telltale-people/1',
      dryRun: false,
      changes: [],
    })
  })

  it('takes a roster', async () => {
    const csv = 'agent,starts,ends\nmara,2026-01-05T08:00:00Z,2026-01-05T16:00:00Z\n'
    expect(await sync('roster.csv', csv)).toMatchObject({
      code: 0,
      out: 'mara: roster (1 spans)\n',
    })
    expect(await desk.rosters.onDuty('mara', Date.UTC(2026, 0, 5, 9))).toBe(true)
  })

  it('says why not', async () => {
    const both = PEOPLE.replace('[lead]', '[lead, admin]')
    const refused = await sync('people.yaml', both)
    expect([refused.code, refused.err]).toEqual([2, expect.stringContaining('(AGENT_INVALID)')])
    const wrong = await sync('people.yaml', 'x')
    expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining('PEOPLE_FILE_INVALID')])
    await desk.services.revoke('hr', 'root')
    const revoked = await sync('people.yaml', PEOPLE)
    expect([revoked.code, revoked.err]).toEqual([2, expect.stringContaining('(SERVICE_REFUSED)')])
    expect(revoked.err + revoked.out).not.toContain(token)
  })

  it('sends its token to nobody over a network in the clear', async () => {
    const { code, err } = await sync('people.yaml', PEOPLE, '--desk', 'http://desk.example')
    expect([code, err]).toEqual([2, expect.stringContaining('USAGE')])
  })
})
