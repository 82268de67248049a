/**
 * What a reveal costs at the desk: 50 agents who reveal once a second each; the same without a pause,
 * which is all that the machine can do; then a rate that is held for as long as asked, with the server's
 * memory. `node bench/desk/reveals.ts [seconds] [reveals a second]`. The desk runs in a process of its own, with a
 * PostgreSQL of its own; both share the machine's cores with this client.
 */
import { readFileSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { startDeskProcess } from '../../simulate/guarded/child.ts'
import { quantile, startWorker, type Worker } from './load.ts'

const heldS = Number(process.argv[2] ?? 300)
const perSecond = Number(process.argv[3] ?? 500)
const AGENTS = 50
const WARM_MS = 5000
const CLOSED_MS = 20_000
const PACED_S = 30

const desk = await startDeskProcess({
  size: { benchAgents: AGENTS, openTickets: 6 * AGENTS },
})
try {
  const workers: Worker[] = []
  for (let i = 0; i < AGENTS; i++) workers.push(await startWorker(desk.url, `bench-${i}`))
  await closedLoop(workers, WARM_MS)
  console.log(`once a second each: ${told(await heldRate(workers, AGENTS, PACED_S))}`)
  const closed = await closedLoop(workers, CLOSED_MS)
  console.log(`without a pause: ${told(closed)}`)
  const memory: number[] = []
  const held = await heldRate(workers, perSecond, heldS, memory)
  console.log(`${perSecond}/s for ${heldS} s: ${told(held)}`)
  console.log(`resident MiB every 10 s: ${memory.join(' ')}`)
} finally {
  await desk.stop()
}

interface Outcome {
  readonly waits: number[]
  readonly failures: string[]
  readonly seconds: number
}

async function closedLoop(workers: readonly Worker[], forMs: number): Promise<Outcome> {
  const [waits, failures]: [number[], string[]] = [[], []]
  const began = performance.now()
  await Promise.all(
    workers.map(async (worker) => {
      for (let i = 0; performance.now() < began + forMs; i++) await once(worker, i, waits, failures)
    }),
  )
  return { waits, failures, seconds: (performance.now() - began) / 1000 }
}

/** Requests leave when they are due, whether or not earlier ones were answered. */
async function heldRate(
  workers: readonly Worker[],
  rate: number,
  forS: number,
  memory: number[] = [],
): Promise<Outcome> {
  const [waits, failures]: [number[], string[]] = [[], []]
  const under = new Set<Promise<void>>()
  const began = performance.now()
  for (let sent = 0; sent < forS * rate; ) {
    const due = Math.min(forS * rate, Math.floor(((performance.now() - began) / 1000) * rate))
    for (; sent < due; sent++) {
      const one = once(workers[sent % AGENTS], sent, waits, failures).finally(() =>
        under.delete(one),
      )
      under.add(one)
    }
    if (memory.length < (performance.now() - began) / 10_000) memory.push(residentMiB(desk.pid))
    await sleep(2)
  }
  await Promise.all(under)
  return { waits, failures, seconds: (performance.now() - began) / 1000 }
}

async function once(worker: Worker, i: number, waits: number[], failures: string[]): Promise<void> {
  const began = performance.now()
  try {
    const { status, text } = await worker.reveal(worker.tickets[i % worker.tickets.length])
    if (status === 200) waits.push(performance.now() - began)
    else failures.push(`${status} ${text.slice(0, 200)}`)
  } catch (error) {
    failures.push(String(error))
  }
}

function told({ waits, failures, seconds }: Outcome): string {
  const sorted = waits.toSorted((a, b) => a - b)
  const at = (share: number) => quantile(sorted, share)?.toFixed(1)
  return (
    `${(waits.length / seconds).toFixed(0)}/s, p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, ` +
    `longest ${at(1)} ms, ${failures.length} failures ${[...new Set(failures)].slice(0, 3).join('; ')}`
  )
}

function residentMiB(pid: number): number {
  const kib = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Math.round(Number(kib) / 1024)
}
