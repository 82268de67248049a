/** The epoch keys of a keys folder. */
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { TelltaleError } from '../base/errors.ts'
import { type KeyRing, requireKey } from '../sequencer/keyring.ts'
import { EPOCH_KEY_BYTES } from '../tlog/derive.ts'
import type { EpochKey } from '../tlog/entry.ts'
import { formatEpochs, type KeptEpoch, parseEpochs } from './epochs-file.ts'
import type { KeyService } from './key-service.ts'
import { damaged, readSecret, replaceSecret } from './secret-file.ts'

/** Runs `act` while no other process changes the folder. */
export type Alone = <T>(act: () => Promise<T>) => Promise<T>

/** A first epoch, written to a folder that has none. */
export async function makeEpochs(
  dir: string,
  atMs: number,
  service: KeyService | null,
): Promise<void> {
  const first = await freshEpoch(1, atMs, randomBytes(EPOCH_KEY_BYTES), service)
  await replaceSecret(join(dir, 'epochs.json'), formatEpochs([first]))
}

/** Opens the ring of a folder. Throws KEYS_EXPOSED, KEYS_DAMAGED, FILE_UNREADABLE,
 * KEY_SERVICE_FAILED. */
export async function openRing(
  dir: string,
  service: KeyService | null,
  alone: Alone,
): Promise<KeyRing> {
  const path = join(dir, 'epochs.json')
  let epochs: readonly KeptEpoch[] = []
  let current: EpochKey
  const unwrapped = new Map<number, Buffer>()

  async function keyOf(kept: KeptEpoch): Promise<EpochKey> {
    const { epoch, wrapped } = kept
    let key = kept.key ?? unwrapped.get(epoch)
    if (key === undefined) {
      key = await unwrap(wrapped as Buffer, service)
      unwrapped.set(epoch, key)
    }
    return { epoch, key }
  }

  async function adopt(next: readonly KeptEpoch[]): Promise<void> {
    const last = await keyOf(next[next.length - 1])
    for (const { epoch, destroyedMs } of next) {
      if (destroyedMs === null) continue
      epochs.find((one) => one.epoch === epoch)?.key?.fill(0)
      unwrapped.get(epoch)?.fill(0)
      unwrapped.delete(epoch)
    }
    epochs = next
    current = last
  }

  async function read(): Promise<KeptEpoch[]> {
    const text = await readSecret(path)
    if (text === null) throw damaged(path, 'it is missing')
    return parseEpochs(path, text)
  }

  async function change(next: (old: readonly KeptEpoch[]) => Promise<readonly KeptEpoch[]>) {
    await alone(async () => {
      const changed = await next(await read())
      await replaceSecret(path, formatEpochs(changed))
      await adopt(changed)
    })
  }

  await adopt(await read())
  return {
    epochs: () => epochs.map(({ epoch, fromMs, destroyedMs }) => ({ epoch, fromMs, destroyedMs })),
    current: () => current,
    key: async (epoch) => keyOf(requireKey(epochs, epoch)),
    rotate: async (atMs) => {
      const key = randomBytes(EPOCH_KEY_BYTES)
      await change(async (old) => {
        const fromMs = Math.max(atMs, old[old.length - 1].fromMs)
        return [...old, await freshEpoch(old.length + 1, fromMs, key, service)]
      })
      return current
    },
    destroy: async (epoch, atMs) => {
      await change(async (old) => {
        if (epoch === old.length) throw new TelltaleError('EPOCH_IN_USE', { epoch })
        if (old[epoch - 1] === undefined) throw new TelltaleError('EPOCH_UNKNOWN', { epoch })
        return old.map((one) =>
          one.epoch === epoch
            ? { ...one, key: null, wrapped: null, destroyedMs: one.destroyedMs ?? atMs }
            : one,
        )
      })
      return epochs[epoch - 1].destroyedMs as number
    },
    refresh: async () => adopt(await read()),
  }
}

async function freshEpoch(
  epoch: number,
  fromMs: number,
  key: Buffer,
  service: KeyService | null,
): Promise<KeptEpoch> {
  const kept = { epoch, fromMs, destroyedMs: null }
  return service === null
    ? { ...kept, key, wrapped: null }
    : { ...kept, key: null, wrapped: await service.wrap(key) }
}

async function unwrap(wrapped: Buffer, service: KeyService | null): Promise<Buffer> {
  if (service !== null) return service.unwrap(wrapped)
  const problem = 'the key is wrapped, and no command is given'
  throw new TelltaleError('KEY_SERVICE_FAILED', { action: 'unwrap', problem })
}
