import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createKeyFolder, openKeyFolder } from '../../src/keys/folder.ts'
import { commandKeyService } from '../../src/keys/key-service.ts'
import { sealersOf } from '../../src/sequencer/keyring.ts'
import { disclosure, idsFrom } from '../tlog/disclosures.ts'
import { AT_MS, codeOf, ORIGIN, options, ownFolder } from './folders.ts'

const key = Buffer.from(Array.from({ length: 32 }, (_, i) => i * 7))
const START = `
  const action = process.argv.at(-1)
  const input = () => Buffer.from(require('node:fs').readFileSync(0, 'latin1'), 'base64')
  const answer = (bytes) => process.stdout.write(bytes.toString('base64') + '\\n')
`
/** A service of its own secret, which wraps by AES-256-GCM. */
const HONEST = `${START}
  const { createCipheriv, createDecipheriv, randomBytes } = require('node:crypto')
  const own = Buffer.alloc(32, 5)
  const bytes = input()
  if (action === 'wrap') {
    const iv = randomBytes(12)
    const cipher = createCipheriv('aes-256-gcm', own, iv)
    answer(Buffer.concat([iv, cipher.update(bytes), cipher.final(), cipher.getAuthTag()]))
  } else {
    const cipher = createDecipheriv('aes-256-gcm', own, bytes.subarray(0, 12))
    cipher.setAuthTag(bytes.subarray(-16))
    answer(Buffer.concat([cipher.update(bytes.subarray(12, -16)), cipher.final()]))
  }
`
const command = (script: string, ...args: string[]) => [
  process.execPath,
  '-e',
  script,
  '--',
  ...args,
]
const service = (script: string, timeoutMs?: number) =>
  commandKeyService(command(script), timeoutMs)

describe('a key service', () => {
  it('wraps a key and unwraps it', async () => {
    const wrapped = await service(HONEST).wrap(key)
    expect(wrapped.includes(key)).toBe(false)
    expect(await service(HONEST).unwrap(wrapped)).toEqual(key)
    const changed = Buffer.from(wrapped)
    changed[20] ^= 1
    expect(await codeOf(service(HONEST).unwrap(changed))).toBe('KEY_SERVICE_FAILED')
  })

  it('gets its arguments as they are, by no shell', async () => {
    const args = ['$HOME', '`id`', '; exit 3', '"', '*']
    const script = `${START} answer(Buffer.from(process.argv.slice(1).join('|').padEnd(32)))`
    const long = commandKeyService(command(script, 'a', 'b'))
    expect((await codeOf(long.unwrap(key))) ?? 'none').toBe('none')
    const seen = commandKeyService(
      command(
        `${START} process.exit(process.argv.slice(1).join('|') === ${JSON.stringify(
          [...args, 'unwrap'].join('|'),
        )} ? (answer(Buffer.alloc(32)), 0) : 4)`,
        ...args,
      ),
    )
    expect(await seen.unwrap(key)).toEqual(Buffer.alloc(32))
  })

  it.each<[string, string, string]>([
    ['gives the key back as it is', `${START} answer(input())`, 'holds the key'],
    [
      'hides the key in what it answers',
      `${START} answer(action === 'wrap' ? Buffer.concat([Buffer.from('x'), input()]) : input().subarray(1))`,
      'holds the key',
    ],
    ['cannot unwrap', `${START} answer(Buffer.alloc(32, input()[0]))`, 'another key'],
    ['unwraps to a shorter key', `${START} answer(Buffer.alloc(16))`, '16 bytes'],
    ['answers nothing', '', 'no base64'],
    ['answers no base64', `process.stdout.write('hello world')`, 'no base64'],
    ['answers base64 of another spelling', `process.stdout.write('AAAB\\n\\n')`, 'no base64'],
    ['fails', `process.exit(3)`, 'ended with 3'],
    ['is killed', `process.kill(process.pid, 'SIGKILL')`, 'SIGKILL'],
    [
      'answers too much',
      `process.stdout.write('A'.repeat(1e6)); setTimeout(() => {}, 1e6)`,
      'too much',
    ],
    [
      'complains',
      `process.stderr.write('no\\x1b[2J such\\nkey'); process.exit(1)`,
      'no [2J such key',
    ],
  ])('that %s is refused', async (_, script, problem) => {
    const wrapping = service(script).wrap(key)
    expect(await codeOf(wrapping)).toBe('KEY_SERVICE_FAILED')
    await wrapping.catch((error) => {
      expect(error.message).toContain(problem)
      expect(error.message).not.toContain(key.toString('base64').slice(0, 20))
    })
  })

  it('never has its input said, whatever it complains', async () => {
    const script = `process.stderr.write('bad: ' + require('node:fs').readFileSync(0)); process.exit(1)`
    const wrapping = service(script).wrap(key)
    expect(await codeOf(wrapping)).toBe('KEY_SERVICE_FAILED')
    await wrapping.catch((error) => {
      expect(error.message).toContain('bad: (key)')
      expect(error.message).not.toContain(key.toString('base64').slice(0, 20))
    })
  })

  it('that hangs is ended, with what it started', async () => {
    const dir = await ownFolder()
    const script = `
      const child = require('node:child_process').spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)'])
      require('node:fs').writeFileSync(${JSON.stringify(join(dir, 'pids'))}, process.pid + ' ' + child.pid)
      setTimeout(() => {}, 60000)`
    expect(await codeOf(service(script, 2000).unwrap(key))).toBe('KEY_SERVICE_FAILED')
    const pids = (await readFile(join(dir, 'pids'), 'utf8')).split(' ').map(Number)
    expect(pids).toHaveLength(2)
    const isAlive = async (pid: number) => {
      const status = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => 'gone')
      return !/^gone$|\) Z /.test(status)
    }
    const deadline = Date.now() + 5000
    while ((await Promise.all(pids.map(isAlive))).includes(true) && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    expect(await Promise.all(pids.map(isAlive))).toEqual([false, false])
  })

  it('that is not there is refused', async () => {
    expect(await codeOf(commandKeyService(['/no/such/command']).unwrap(key))).toBe(
      'KEY_SERVICE_FAILED',
    )
    expect(await codeOf(commandKeyService(['']).unwrap(key))).toBe('KEY_SERVICE_FAILED')
    expect(await codeOf(commandKeyService([]).unwrap(key))).toBe('KEY_SERVICE_FAILED')
    expect(await codeOf(commandKeyService(['a\0b']).unwrap(key))).toBe('KEY_SERVICE_FAILED')
  })
})

describe('a keys folder with a key service', () => {
  it('holds no epoch key, and opens, rotates and destroys by the service', async () => {
    const dir = join(await ownFolder(), 'keys')
    const keys = await createKeyFolder(dir, ORIGIN, AT_MS, options(service(HONEST)))
    const sealed = sealersOf(keys.ring).current().seal(disclosure(), idsFrom(1))[0]
    await keys.ring.rotate(AT_MS + 1)
    const text = await readFile(join(dir, 'epochs.json'), 'utf8')
    for (const epoch of [1, 2]) {
      const { key } = await keys.ring.key(epoch)
      expect(text).not.toContain(Buffer.from(key).toString('base64'))
    }
    const again = await openKeyFolder(dir, options(service(HONEST)))
    expect((await sealersOf(again.ring).of(1)).open(sealed).disclosure).toEqual(disclosure())
    await again.ring.destroy(1, AT_MS + 2)
    expect(await codeOf(again.ring.key(1))).toBe('EPOCH_DESTROYED')
    expect(again.ring.current()).toEqual(keys.ring.current())
    expect(await codeOf(openKeyFolder(dir, options()))).toBe('KEY_SERVICE_FAILED')
  })

  it('keeps what it has where the service fails', async () => {
    const dir = join(await ownFolder(), 'keys')
    const flag = join(dir, '..', 'down')
    const script = `if (require('node:fs').existsSync(${JSON.stringify(flag)})) process.exit(1)\n${HONEST}`
    const keys = await createKeyFolder(dir, ORIGIN, AT_MS, options(service(script)))
    const before = await readFile(join(dir, 'epochs.json'), 'utf8')
    await writeFile(flag, '')
    expect(await codeOf(keys.ring.rotate(AT_MS + 1))).toBe('KEY_SERVICE_FAILED')
    expect(await readFile(join(dir, 'epochs.json'), 'utf8')).toBe(before)
    expect(keys.ring.current().epoch).toBe(1)
  })
})
