import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chmod, mkdir, readdir, readFile, readlink, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { lockFolder } from '../../src/disk/lock.ts'
import { type EmbeddedServer, startEmbedded } from '../../src/store/embedded.ts'
import { quickFolder } from './folder.ts'

let base: string
let dir: string
let children: ChildProcess[] = []
let servers: EmbeddedServer[] = []

const start = async (folder = dir, settings: Record<string, string> = {}) => {
  const server = await startEmbedded({
    dir: folder,
    lock: lockFolder,
    settings: { fsync: 'off', ...settings },
  })
  servers.push(server)
  return server
}

beforeAll(async () => {
  base = await quickFolder()
  dir = join(base, 'postgres')
})
afterEach(async () => {
  for (const server of servers) await server.stop()
  for (const child of children) child.kill('SIGKILL')
  servers = []
  children = []
})
afterAll(() => rm(base, { recursive: true, force: true }))

async function ask(url: string, statement: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(statement)).rows
  } finally {
    await client.end()
  }
}

/** A supervisor in a process of its own. */
async function supervise(): Promise<{ child: ChildProcess; url: string; pid: number }> {
  const script = fileURLToPath(new URL('./supervisor.ts', import.meta.url))
  const child = spawn(process.execPath, [script, dir], { stdio: ['pipe', 'pipe', 'inherit'] })
  children.push(child)
  const [line] = await once(child.stdout!, 'data')
  return { child, ...JSON.parse(String(line)) }
}

const isRunning = (pid: number) =>
  readFile(`/proc/${pid}/stat`, 'utf8').then(
    (text) => !/\) Z/.test(text),
    () => false,
  )

async function ends(pid: number): Promise<boolean> {
  for (let i = 0; i < 1000; i++) {
    if (!(await isRunning(pid))) return true
    await sleep(20)
  }
  return false
}

/** Numbers of the processes that work in the data folder, whose command matches. */
async function workingIn(folder: string, command: RegExp): Promise<number[]> {
  const found: number[] = []
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => '')
    const text = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
    if (cwd === join(folder, 'data') && command.test(text)) found.push(Number(pid))
  }
  return found
}

const asRoot = it.runIf(process.getuid?.() === 0)
const onLinux = describe.skipIf(process.platform !== 'linux')

onLinux('a server of our own (needs Linux)', () => {
  it('keeps what was written, for the owner of one database who rules nothing else', async () => {
    const first = await start()
    await ask(first.url, 'create table kept as select 7 as n')
    expect(
      await ask(
        first.url,
        `select rolsuper, rolcreatedb, rolcreaterole, current_setting('server_encoding') as encoding,
           current_setting('data_checksums') as checksums, current_setting('listen_addresses') as tcp,
           datlocale as locale
         from pg_roles, pg_database where rolname = current_user and datname = current_database()`,
      ),
    ).toEqual([
      {
        rolsuper: false,
        rolcreatedb: false,
        rolcreaterole: false,
        encoding: 'UTF8',
        checksums: 'on',
        tcp: '',
        locale: 'C.UTF-8',
      },
    ])
    await first.stop()
    expect(await isRunning(first.pid)).toBe(false)
    const second = await start()
    expect(await ask(second.url, 'select n from kept')).toEqual([{ n: 7 }])
  })

  it('asks for the password, and keeps its folders to itself', async () => {
    const server = await start()
    const wrong = server.url.replace(/:[^:@]+@/, ':guess@')
    await expect(ask(wrong, 'select 1')).rejects.toThrow(/password authentication failed/)
    const modes = async (path: string) => ((await stat(join(dir, path))).mode & 0o777).toString(8)
    expect(await modes('credentials.json')).toBe('600')
    expect(await modes('server.log')).toBe('600')
    expect(await modes('data')).toBe('700')
    expect(await modes('run')).toBe('700')
  })

  it('never writes into its log what was asked, not even where it fails', async () => {
    const server = await start()
    const secret = 'aiko.tanaka@example.com'
    await expect(ask(server.url, `select '${secret}'::int`)).rejects.toThrow()
    await expect(ask(server.url, `select nothing from "${secret}"`)).rejects.toThrow()
    await ask(server.url, `do $$ begin raise warning '${secret}'; end $$`)
    await server.stop()
    const log = await readFile(join(dir, 'server.log'), 'utf8')
    expect(log).toContain('ready to accept connections')
    expect(log).not.toContain('aiko')
  })

  it('is one at a time', async () => {
    await start()
    await expect(start()).rejects.toMatchObject({ code: 'FOLDER_LOCKED' })
  })

  it('says so when something else ends it', async () => {
    const server = await start()
    process.kill(server.pid, 'SIGQUIT')
    await server.ended
    expect(await isRunning(server.pid)).toBe(false)
    expect(await workingIn(dir, /./)).toEqual([])
    await start()
  })

  it('listens elsewhere where the path is too long for a socket', async () => {
    const long = join(base, 'x'.repeat(100))
    const server = await start(long)
    expect(await ask(server.url, 'select 1 as one')).toEqual([{ one: 1 }])
    const socketDir = new URL(server.url.replace('@/', '@x/')).searchParams.get('host')!
    expect(Buffer.byteLength(socketDir)).toBeLessThan(90)
    await server.stop()
    expect(existsSync(socketDir)).toBe(false)
  })
})

onLinux('a server whose supervisor (needs Linux)', () => {
  it.each([
    ['exits', (child: ChildProcess) => child.stdin!.write('x')],
    ['is killed', (child: ChildProcess) => child.kill('SIGKILL')],
  ])('%s ends too', async (_, end) => {
    const { child, pid } = await supervise()
    expect(await workingIn(dir, /postgres/)).toContain(pid)
    end(child)
    expect(await ends(pid)).toBe(true)
    expect(await readFile(join(dir, 'server.log'), 'utf8')).toContain(
      'database system is shut down',
    )
  })

  it('is killed with the watcher is stopped by the next start, which loses nothing', async () => {
    const { child, url, pid } = await supervise()
    for (const watcher of await workingIn(dir, /^\/bin\/sh/)) process.kill(watcher, 'SIGKILL')
    await ask(url, 'create table orphaned as select 8 as n')
    child.kill('SIGKILL')
    await once(child, 'exit')
    await sleep(300)
    expect(await isRunning(pid)).toBe(true)
    const next = await start()
    expect(await isRunning(pid)).toBe(false)
    expect(await ask(next.url, 'select n from orphaned')).toEqual([{ n: 8 }])
  })

  it('leaves no watcher when it stops the server itself', async () => {
    const server = await start()
    const watchers = await workingIn(dir, /^\/bin\/sh/)
    expect(watchers).toHaveLength(1)
    await server.stop()
    expect(await ends(watchers[0])).toBe(true)
  })
})

onLinux('a start (needs Linux)', () => {
  it('touches no process that only has the number of a server long gone', async () => {
    const stranger = spawn('sleep', ['1000'])
    children.push(stranger)
    await writeFile(join(dir, 'data', 'postmaster.pid'), `${stranger.pid}\n${dir}/data\n`)
    const server = await start()
    expect(await ask(server.url, 'select 1 as one')).toEqual([{ one: 1 }])
    expect(await isRunning(stranger.pid!)).toBe(true)
  })

  it('refuses a folder in which somebody else runs a server', async () => {
    const [binaries] = (await readdir(dir)).filter((name) => name.startsWith('binaries-'))
    const args = ['-D', join(dir, 'data'), '-c', 'listen_addresses=', '-k', join(dir, 'run')]
    await mkdir(join(dir, 'run'), { recursive: true })
    const owner = await stat(join(dir, 'data'))
    await chmod(join(dir, 'run'), 0o777)
    const other = spawn(join(dir, binaries, 'bin', 'postgres'), args, {
      cwd: join(dir, 'data'),
      stdio: 'ignore',
      uid: owner.uid,
      gid: owner.gid,
    })
    children.push(other)
    while (!existsSync(join(dir, 'run', '.s.PGSQL.5432'))) await sleep(20)
    await expect(start()).rejects.toMatchObject({ code: 'STORE_IN_USE' })
    expect(await isRunning(other.pid!)).toBe(true)
    other.kill('SIGINT')
    await once(other, 'exit')
  })

  it('makes the folder again where the first time was cut short', async () => {
    const cut = join(base, 'cut')
    await mkdir(join(cut, 'data.partial', 'base'), { recursive: true })
    await mkdir(join(cut, 'binaries-1.partial'), { recursive: true })
    await writeFile(join(cut, 'credentials.json'), '{"postgres":"of another time"}')
    const server = await start(cut)
    expect(await ask(server.url, 'select 1 as one')).toEqual([{ one: 1 }])
    expect((await readdir(cut)).filter((name) => name.includes('partial'))).toEqual([])
  })

  it('that fails says why in the words of the server, and leaves nothing behind', async () => {
    const failed = start(dir, { shared_buffers: '9999999999' })
    await expect(failed).rejects.toMatchObject({
      code: 'STORE_START_FAILED',
      message: expect.stringContaining('shared_buffers'),
    })
    expect(await workingIn(dir, /./)).toEqual([])
    await start()
  })

  it('refuses the data of another major version', async () => {
    const version = join(dir, 'data', 'PG_VERSION')
    await writeFile(version, '17\n')
    await expect(start()).rejects.toMatchObject({
      code: 'STORE_OTHER_MAJOR',
      details: { found: '17', wanted: 18 },
    })
    await writeFile(version, '18\n')
    await start()
  })

  asRoot('says which folder keeps the server out (needs root)', async () => {
    const closed = join(base, 'closed')
    await mkdir(closed, { mode: 0o700 })
    await expect(start(join(closed, 'postgres'))).rejects.toMatchObject({
      code: 'STORE_DIR_UNREACHABLE',
      details: { dir: closed },
    })
  })
})
