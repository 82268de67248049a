// Runs one command as if it had been started in this process's place. Plain JavaScript, because
// run.mjs needs it on a Node that may be too old to run TypeScript.
import { spawn } from 'node:child_process'

/**
 * How a command ended; one of the two is null.
 *
 * @typedef {{ code: number | null, signal: NodeJS.Signals | null }} End
 */

/**
 * Runs a command to its end, on this process's own terminal unless told otherwise. Whoever stops
 * this process stops the command: signals are passed on, and the command decides when it is done.
 * A Ctrl-C on a terminal has reached the command already, so it is not sent twice.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} [options]
 * @returns {Promise<End>}
 */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit', ...options })
    /** @param {NodeJS.Signals} signal */
    const passOn = (signal) => {
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal)
    }
    /** @type {NodeJS.Signals[]} */
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
    for (const signal of signals) process.on(signal, passOn)
    const release = () => {
      for (const signal of signals) process.off(signal, passOn)
    }
    child.once('error', (error) => {
      release()
      reject(error)
    })
    child.once('exit', (code, signal) => {
      release()
      resolve({ code, signal })
    })
  })
}

/**
 * Ends this process the way the command ended: with its exit code, or by the signal that stopped
 * it, so that a shell or a CI job sees the truth.
 *
 * @param {End} end
 */
export function endLike({ code, signal }) {
  if (signal) process.kill(process.pid, signal)
  process.exit(code ?? 1)
}
