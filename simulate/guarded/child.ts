/** A demonstration's desk in a process of its own, which can be killed. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { DeskProcessOptions } from './desk.ts'

/** A running desk. */
export interface DeskProcess {
  readonly url: string
  readonly pid: number
  /** Asks it to end, and waits. */
  stop(): Promise<void>
  /** Kills it without a word. */
  kill(): Promise<void>
}

/** Starts a desk and waits until it answers. Throws what it said where it did not start. */
export async function startDeskProcess(options: DeskProcessOptions): Promise<DeskProcess> {
  const script = new URL('./serve.ts', import.meta.url).pathname
  const child = spawn(process.execPath, [script, JSON.stringify(options)], {
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let errors = ''
  child.stderr.on('data', (chunk) => {
    errors = (errors + chunk).slice(-4000)
  })
  const ended = once(child, 'exit')
  const first = await Promise.race([
    once(createInterface(child.stdout), 'line'),
    ended.then(() => null),
  ])
  if (first === null) throw new Error(`the desk did not start: ${errors}`)
  const { url } = JSON.parse(first[0]) as { url: string }
  const end = async (how: (child: ChildProcess) => void) => {
    how(child)
    await ended
  }
  return {
    url,
    pid: child.pid as number,
    stop: () => end((one) => one.stdin?.end()),
    kill: () => end((one) => one.kill('SIGKILL')),
  }
}
