/** Kills a desk at random moments while agents reveal, and holds the log to what they received. */
import { execFile } from 'node:child_process'
import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { startWorker, type Worker } from '../../bench/desk/load.ts'
import { startDeskProcess } from '../../simulate/guarded/child.ts'
import { randomFrom } from '../sequencer/support.ts'

/** What came of a campaign. */
export interface DeskCampaign {
  kills: number
  /** Reveals that a client received whole. */
  received: number
  /** Entries in the log: also those of answers that the kill cut off. */
  entries: number
}

/** Agents who reveal at once, each with one request under way. */
const WORKERS = 8
/** A life is cut off at most so long after its agents began. */
const LIFE_MAX_MS = 1500

const SIZE = { customers: 500, closedTickets: 0, benchAgents: WORKERS, openTickets: 8 * WORKERS }

interface Received {
  readonly agent: string
  readonly ticket: string
  readonly fields: readonly string[]
}

/** Runs a desk in `dir`, kills it `kills` times; throws where a client holds what the log does not. */
export async function deskCampaign(
  dir: string,
  kills: number,
  seed: number,
  onKill: (campaign: DeskCampaign) => void = () => {},
): Promise<DeskCampaign> {
  const random = randomFrom(seed)
  const result: DeskCampaign = { kills: 0, received: 0, entries: 0 }
  const received = new Map<number, Received>()
  while (result.kills < kills) {
    await killedLife(dir, random() * LIFE_MAX_MS, received)
    result.kills++
    result.received = received.size
    onKill(result)
  }
  const desk = await startDeskProcess({ dir, size: SIZE })
  await desk.stop()
  result.entries = await check(dir, received)
  return result
}

async function killedLife(dir: string, lifeMs: number, received: Map<number, Received>) {
  const desk = await startDeskProcess({ dir, size: SIZE })
  let alive = true
  const workers: Worker[] = []
  for (let i = 0; i < WORKERS; i++) workers.push(await startWorker(desk.url, `bench-${i}`))
  const shift = workers.map(async (worker) => {
    for (let i = 0; alive; i++) {
      const ticket = worker.tickets[i % worker.tickets.length]
      const answer = await worker.reveal(ticket).catch(() => null)
      if (answer === null) return
      if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text}`)
      take(received, worker, ticket, answer.text)
    }
  })
  await sleep(lifeMs)
  await desk.kill()
  alive = false
  await Promise.all(shift)
}

function take(received: Map<number, Received>, { agent }: Worker, ticket: string, text: string) {
  const { entry, fields } = JSON.parse(text) as {
    entry: number
    fields: { name: string; view: string; value: string | null }[]
  }
  const clear = fields.filter(({ view, value }) => view === 'clear' && value !== null)
  if (received.has(entry)) throw new Error(`entry ${entry} was told twice`)
  received.set(entry, { agent, ticket, fields: clear.map(({ name }) => name) })
}

/** Reads the whole log once; how many entries it has. */
async function check(dir: string, received: ReadonlyMap<number, Received>): Promise<number> {
  const [log, out] = [join(dir, 'log'), join(dir, 'export.jsonl')]
  const main = new URL('../../src/main.ts', import.meta.url).pathname
  await promisify(execFile)(process.execPath, [
    main,
    ...['log', 'export', log, '--kind', 'all', '--out', out],
  ])
  let index = 0
  let found = 0
  for await (const line of createInterface(createReadStream(out))) {
    const told = received.get(index++)
    if (told === undefined) continue
    const entry = JSON.parse(line)
    const holds =
      entry.agent === told.agent &&
      entry.reference === told.ticket &&
      told.fields.every((name) => entry.fields?.includes(name))
    if (!holds) throw new Error(`entry ${index - 1} is not what ${told.agent} received: ${line}`)
    found++
  }
  if (found !== received.size) throw new Error(`${received.size - found} entries are missing`)
  return index
}
