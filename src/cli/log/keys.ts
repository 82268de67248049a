/** `telltale log keys`: the epochs of a log, each with a key of its own. */
import { TelltaleError } from '../../base/errors.ts'
import { BEGINNING, follow } from '../../sequencer/follow.ts'
import type { KeyRing } from '../../sequencer/keyring.ts'
import { destructionEntry, parseEntry } from '../../tlog/entry.ts'
import { safeJson } from '../output.ts'
import type { Terminal } from '../stdio.ts'
import type { LogPlace, LogTools, OpenLog } from './ports.ts'

/** Lists the epochs. */
export async function runListEpochs(
  tools: LogTools,
  terminal: Terminal,
  place: LogPlace,
  json: boolean,
): Promise<void> {
  const { ring } = await tools.keys(place)
  const epochs = ring.epochs().map(({ epoch, fromMs, destroyedMs }) => ({
    epoch,
    from: iso(fromMs),
    destroyed: destroyedMs === null ? null : iso(destroyedMs),
    current: epoch === ring.current().epoch,
  }))
  if (json) return terminal.out(safeJson({ epochs }))
  for (const { epoch, from, destroyed, current } of epochs) {
    const state = destroyed === null ? (current ? 'current' : '') : `destroyed ${destroyed}`
    terminal.out(`Epoch ${epoch}  from ${from}  ${state}`.trimEnd().concat('\n'))
  }
}

/** Begins a new epoch: what is appended from now on is sealed under a new key. */
export async function runRotate(tools: LogTools, terminal: Terminal, place: LogPlace) {
  const { ring } = await tools.keys(place)
  const before = ring.current().epoch
  const { epoch } = await ring.rotate(tools.wallMs())
  terminal.out(
    `Epoch ${epoch} has begun. What was sealed under epoch ${before} stays readable until its key is destroyed.\n` +
      'Back up the keys folder now: without the new key nobody can read what is sealed from here on.\n',
  )
}

/** Destroys the key of an epoch and records it in the log; repeats what was interrupted. Throws
 * EPOCH_IN_USE, EPOCH_UNKNOWN, and USAGE unless it is confirmed. */
export async function runDestroy(
  tools: LogTools,
  terminal: Terminal,
  place: LogPlace,
  { epoch, yes }: { readonly epoch: number; readonly yes: boolean },
): Promise<void> {
  if (!yes) {
    const problem = `Destroying the key of epoch ${epoch} cannot be undone: nobody will ever read what is sealed under it. Say so with --yes.`
    throw new TelltaleError('USAGE', { problem })
  }
  // First of all, so that nothing is destroyed where it cannot be recorded.
  const log = await tools.open(place)
  try {
    const wasDestroyed = isDestroyed(log.ring, epoch)
    const atMs = await log.ring.destroy(epoch, tools.wallMs())
    const recorded = wasDestroyed ? await recordOf(tools, place, log, epoch) : null
    const index = recorded ?? (await log.sequencer.append([destructionEntry(epoch, atMs)]))
    terminal.out(
      `The key of epoch ${epoch} was destroyed at ${iso(atMs)}; entry ${index} of the log says so.\n` +
        'Destroy every backup of it too: whoever has one can still read the epoch.\n',
    )
  } finally {
    await log.close()
  }
}

function isDestroyed(ring: KeyRing, epoch: number): boolean {
  return ring.epochs().some((one) => one.epoch === epoch && one.destroyedMs !== null)
}

/** The entry that records an epoch's destruction; null where there is none. */
async function recordOf(
  tools: LogTools,
  { dir }: LogPlace,
  { sequencer }: OpenLog,
  epoch: number,
): Promise<number | null> {
  await sequencer.whenPublished(sequencer.size())
  for await (const { first, entries } of follow(
    tools.files(dir),
    sequencer.published(),
    BEGINNING,
  )) {
    for (const [i, entry] of entries.entries()) {
      const { header } = parseEntry(entry)
      if (header.kind === 'destruction' && header.epoch === epoch) return first + i
    }
  }
  return null
}

function iso(atMs: number): string {
  return new Date(atMs).toISOString()
}
