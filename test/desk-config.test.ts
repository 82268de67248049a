import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { parseDeskFile } from '../src/desk-config.ts'
import { readSettings } from '../src/desk-settings.ts'

const dir = mkdtempSync(join(tmpdir(), 'telltale-config-'))
afterAll(() => rmSync(dir, { recursive: true }))

const FORMAT = 'format: telltale-desk/1\n'
const parse = (text: string) => parseDeskFile(FORMAT + text, '/etc/telltale/desk.yaml')

/** Writes a file beside the settings; secrets are for their owner alone. */
function write(name: string, text: string, mode = 0o600): string {
  const path = join(dir, name)
  writeFileSync(path, text)
  chmodSync(path, mode)
  return path
}

describe('a desk.yaml', () => {
  it('may say nothing', () => {
    expect(parse('')).toEqual({ proxies: [], hooks: {} })
  })

  it('says where files are from its own folder', () => {
    const file = parse(`
database-file: secrets/database
source: { map: telltale.yaml, database-file: /run/secrets/source }
hooks: { router: [secrets/new, secrets/old] }
`)
    expect(file.databaseFile).toBe('/etc/telltale/secrets/database')
    expect(file.source).toEqual({
      map: '/etc/telltale/telltale.yaml',
      databaseFile: '/run/secrets/source',
    })
    expect(file.hooks.router).toEqual(['/etc/telltale/secrets/new', '/etc/telltale/secrets/old'])
  })

  it('is told everything that is wrong with it at once, and starts nothing', () => {
    const broken = () =>
      parse(`
orgin: https://desk.example
mail: { host: mail.example, port: 99999, tls: maybe, pasword-file: x }
directory: { label: Directory, issuer: https://id.example }
hooks: { Router: one }
`)
    expect(broken).toThrow(expect.objectContaining({ code: 'DESK_CONFIG_INVALID' }))
    const problems = [
      'orgin is not known (did you mean "origin"?)',
      'mail.pasword-file is not known (did you mean "password-file"?)',
      'mail.port is no port',
      'mail.tls is none of implicit, starttls, none',
      'mail.from is missing',
      'directory.client-id is missing',
      'hooks.Router is no name of a source',
      'hooks.Router is no list of texts',
    ]
    for (const problem of problems) expect(broken).toThrow(problem)
  })

  it.each([
    ['another format', 'format: telltale-desk/2', 'format is not telltale-desk/1'],
    ['a key twice', `${FORMAT}origin: a\norigin: b`, 'is not YAML'],
    ['a list', '- a', 'holds no keys'],
    ['an alias', `${FORMAT}origin: &a x\norganisation: *a`, 'is not YAML'],
  ])('is refused: %s', (_, text, problem) => {
    expect(() => parseDeskFile(text, 'desk.yaml')).toThrow(problem)
  })
})

describe('settings', () => {
  it('are those of a desk on this machine where nothing is said', async () => {
    const settings = await readSettings({}, {})
    expect(settings).toMatchObject({
      address: { host: '127.0.0.1', port: 8090 },
      origin: null,
      database: { dir: 'telltale-desk/postgres' },
      log: { dir: 'telltale-desk/log', keys: 'telltale-desk/log.keys', keyService: null },
      source: null,
      demo: false,
    })
  })

  it('are what is said last: command line, environment, file', async () => {
    const database = write('database', 'postgresql://file/db\n')
    const config = write('desk.yaml', `${FORMAT}listen: 127.0.0.1:1\ndatabase-file: database\n`)
    const url = async (told: object, env: Record<string, string>) =>
      (await readSettings({ config, ...told }, env)).database
    expect(await url({}, {})).toEqual({ url: 'postgresql://file/db' })
    const env = { TELLTALE_DATABASE: 'postgresql://env/db' }
    expect(await url({}, env)).toEqual({ url: 'postgresql://env/db' })
    expect(await url({ database: 'postgresql://told/db' }, env)).toEqual({
      url: 'postgresql://told/db',
    })
    const listen = { host: '127.0.0.1', port: 2 }
    expect((await readSettings({ config, listen }, {})).address).toEqual(listen)
    chmodSync(database, 0o644)
    await expect(url({}, {})).rejects.toMatchObject({ code: 'KEYS_EXPOSED' })
  })

  it('hold secrets read from files of their own, which others may not read', async () => {
    write('smtp', 'secret-of-mail\n')
    write('whsec', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n')
    const config = write(
      'secrets.yaml',
      `${FORMAT}mail: { host: mail.example, port: 465, from: a@b.example, password-file: smtp }
hooks: { router: [whsec] }
`,
    )
    const { codes, hooks } = await readSettings({ config }, {})
    expect(codes.mail).toMatchObject({ tls: 'implicit', password: 'secret-of-mail' })
    expect(hooks.get('router')).toEqual(['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'])
    write('smtp', '', 0o600)
    await expect(readSettings({ config }, {})).rejects.toMatchObject({ code: 'FILE_UNREADABLE' })
  })
})
