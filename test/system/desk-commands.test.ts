import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshDatabase, type TestDatabase } from '../store/database.ts'
import { desk as newFolder } from './cli.ts'

const { folder, run, clear } = newFolder()
const log = join(folder, 'log')
let database: TestDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(async () => {
  await database.close()
  clear()
})

const desk = (...args: string[]) => run('desk', ...args, '--database', database.url, '--log', log)

describe('telltale desk', () => {
  it('makes the first admin of a desk, and tells its log', async () => {
    const made = await desk('person', 'ada', '--name', 'Ada Lind', '--role', 'admin')
    expect(made).toMatchObject({ code: 0, out: expect.stringMatching(/^ada \(A-\w+\): admin\n$/) })
    const decided = await run('log', 'export', log, '--kind', 'decisions')
    expect(decided.out).toContain('"agent.changed"')
    const wrong = await desk('person', 'ada', '--name', 'Ada', '--role', 'root')
    expect(wrong.code).toBe(2)
  })

  it('gives a token to a program once, and takes it back', async () => {
    const { out, err } = await desk('token', 'add', 'crm', '--scope', 'decisions')
    expect(out).toMatch(/^telltale_[\w-]{43}\n$/)
    expect(err).toContain('not shown again')
    const stored = JSON.stringify(
      await database.db.selectFrom('telltale.services').selectAll().execute(),
    )
    expect(stored).not.toContain(out.trim().slice('telltale_'.length))
    expect((await desk('token', 'list')).out).toBe('crm  decisions\n')
    expect((await desk('token', 'add', 'crm', '--scope', 'scim')).code).toBe(2)
    await desk('token', 'revoke', 'crm')
    expect((await desk('token', 'list')).out).toBe('crm  decisions  (revoked)\n')
  })
})
