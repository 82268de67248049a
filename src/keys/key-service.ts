/**
 * An external key service (KMS, HSM), reached by a command: `<command> wrap` reads a key in base64
 * from standard input and writes what it becomes, in base64, to standard output; `<command> unwrap`
 * does the reverse. Exit code 0, within ten seconds. The command is started as it is, by no shell.
 */
import { spawn } from 'node:child_process'
import { TelltaleError } from '../base/errors.ts'
import { KEY_SERVICE_OUTPUT_BYTES_MAX, KEY_SERVICE_TIMEOUT_MS } from '../base/limits.ts'
import { formatBase64, parseBase64 } from '../tlog/base64.ts'
import { EPOCH_KEY_BYTES } from '../tlog/derive.ts'

/** Keeps keys so that nobody reads them without it. */
export interface KeyService {
  /** What the key becomes; it was seen to become the key again. Throws KEY_SERVICE_FAILED. */
  wrap(key: Uint8Array): Promise<Buffer>
  /** The key again, 32 bytes. Throws KEY_SERVICE_FAILED. */
  unwrap(wrapped: Uint8Array): Promise<Buffer>
}

/** The service that is reached by this command and its arguments. */
export function commandKeyService(
  command: readonly string[],
  timeoutMs: number = KEY_SERVICE_TIMEOUT_MS,
): KeyService {
  const ask = async (action: 'wrap' | 'unwrap', bytes: Uint8Array) => {
    const output = await run(command, action, `${formatBase64(bytes)}\n`, timeoutMs)
    const answer = parseBase64(output.replace(/\n$/, ''))
    if (answer === null || answer.length === 0) throw failed(action, 'it answered no base64')
    return answer
  }
  const unwrap = async (wrapped: Uint8Array) => {
    const key = await ask('unwrap', wrapped)
    if (key.length === EPOCH_KEY_BYTES) return key
    throw failed('unwrap', `it answered a key of ${key.length} bytes`)
  }
  return {
    wrap: async (key) => {
      const wrapped = await ask('wrap', key)
      if (wrapped.includes(Buffer.from(key))) throw failed('wrap', 'what it answered holds the key')
      // Before anything is sealed under a key that nobody would have again.
      if (!(await unwrap(wrapped)).equals(key)) throw failed('unwrap', 'it answered another key')
      return wrapped
    },
    unwrap,
  }
}

function run(
  command: readonly string[],
  action: string,
  input: string,
  timeoutMs: number,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = started(command, action)
    let [output, complaint] = ['', '']
    const fail = (problem: string) => {
      clearTimeout(timer)
      killGroup(child.pid)
      // A command that complains about its input must not carry a key into a message.
      reject(failed(action, problem.replaceAll(input.trim(), '(key)')))
    }
    const timer = setTimeout(() => fail(`it took longer than ${timeoutMs} ms`), timeoutMs)
    child.on('error', (error) => fail(error.message))
    child.stdin.on('error', () => {}) // It need not read what it refuses; its exit code tells.
    child.stdin.end(input)
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaint = (complaint + text).slice(0, 1000)
    })
    child.stdout.setEncoding('latin1').on('data', (text: string) => {
      output += text
      if (output.length > KEY_SERVICE_OUTPUT_BYTES_MAX) fail('it answered too much')
    })
    child.on('close', (code, signal) => {
      const said = complaint.trim().replace(/\p{Cc}+/gu, ' ')
      if (code !== 0) fail(`it ended with ${signal ?? code}${said && `, saying: ${said}`}`)
      clearTimeout(timer)
      resolve(output)
    })
  })
}

function started(command: readonly string[], action: string) {
  try {
    // A group of its own, so that whatever it starts ends with it.
    return spawn(command[0], [...command.slice(1), action], { detached: true })
  } catch (error) {
    throw failed(action, (error as Error).message)
  }
}

function killGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL')
  } catch {
    // It has ended.
  }
}

function failed(action: string, problem: string): TelltaleError {
  return new TelltaleError('KEY_SERVICE_FAILED', { action, problem })
}
