/** docs/log.md shows what the commands really print: names, keys and times apart, to the letter. */
import { type ChildProcess, spawn } from 'node:child_process'
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { desk } from './cli.ts'

const root = process.cwd()
const here = desk()
const children: ChildProcess[] = []
const port = await freePort()

beforeAll(() => process.chdir(here.folder))
afterAll(() => {
  process.chdir(root)
  for (const child of children) child.kill()
  here.clear()
})

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}

interface Block {
  readonly kind: string
  readonly name: string
  readonly text: string
}

const blocks: Block[] = [
  ...readFileSync('docs/log.md', 'utf8').matchAll(/^```(\w*) ?(\S*)\n([\s\S]*?)^```$/gm),
].map(([, kind, name, text]) => ({ kind, name, text }))

/** What differs from run to run. */
function general(text: string): string {
  return text
    .replace(/\+[0-9a-f]{8}\+[A-Za-z0-9+/=]{44}/g, '+VKEY')
    .replace(/\(key [0-9a-f]{8}\)/g, '(key K)')
    .replace(/\bA-[0-9A-Z]{8}\b/g, 'A-P')
    .replace(/20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, 'TIME')
    .replace(/at 20\d\d-\d\d-\d\d \d\d:\d\d UTC/g, 'at MINUTE')
}

/** Puts in what the page leaves to the reader. */
function filled(text: string): string {
  return text
    .replace('127.0.0.1:7418', `127.0.0.1:${port}`)
    .replace('VKEY-OF-THE-WITNESS', () => witnessKey)
    .replace(/add north VKEY/, () => `add north ${readFileSync('auditor.vkey', 'utf8').trim()}`)
}

let witnessKey = ''

async function run(command: string): Promise<string> {
  const [program, ...argv] = filled(command).split(' ')
  if (program === 'cp') {
    cpSync(argv[0], argv[1])
    return ''
  }
  expect(program).toBe('./telltale')
  if (argv.at(-1) === '&') return start(argv.slice(0, -1))
  const from = argv.indexOf('<')
  const input = from === -1 ? '' : readFileSync(argv[from + 1], 'utf8')
  const done = await here.feed(input, ...(from === -1 ? argv : argv.slice(0, from)))
  expect(done.code, `${command}\n${done.out}${done.err}`).toBe(0)
  return done.out
}

/** A server, which says where it listens. */
function start(argv: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [join(root, 'src/main.ts'), ...argv], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  return new Promise((resolve) => child.stdout?.once('data', (said) => resolve(String(said))))
}

/** What is said of a copy in which one bit of entry 1 differs. */
async function changed(): Promise<string> {
  cpSync('desk.log', 'changed.log', { recursive: true })
  const path = 'changed.log/tile/entries/000.p/5'
  const bytes = readFileSync(path)
  bytes[bytes.indexOf('"grade":"none"') + 10] ^= 1
  writeFileSync(path, bytes)
  const found = await here.run('verify', 'changed.log', '--key', 'auditor.vkey')
  expect(found.code).toBe(1)
  return found.out
}

it('prints what the page shows', async () => {
  let ran = 0
  for (const [i, { kind, name, text }] of blocks.entries()) {
    if (name !== '') writeFileSync(name, filled(text))
    if (text.startsWith('TAMPERED')) expect(general(await changed())).toBe(general(text))
    if (kind !== 'sh') continue
    let out = ''
    for (const command of text.trim().split('\n')) {
      out = await run(command)
      ran++
    }
    witnessKey = /witness\S*\+[0-9a-f]{8}\+\S+/.exec(out)?.[0] ?? witnessKey
    const shown = blocks[i + 1]
    if (shown.kind === '' && shown.name === '') expect(general(out)).toBe(general(shown.text))
  }
  expect(ran).toBeGreaterThan(15)
})
