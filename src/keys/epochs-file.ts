/** `epochs.json` of the keys folder: docs/formats.md section 8. */

import { AT_MAX_MS } from '../base/limits.ts'
import type { Epoch } from '../sequencer/keyring.ts'
import { formatBase64, parseBase64 } from '../tlog/base64.ts'
import { EPOCH_KEY_BYTES } from '../tlog/derive.ts'
import { damaged } from './secret-file.ts'

/** An epoch as it is kept: with its key, or with what a key service unwraps it from, or destroyed. */
export interface KeptEpoch extends Epoch {
  readonly key: Buffer | null
  readonly wrapped: Buffer | null
}

/** The one spelling of the file. */
export function formatEpochs(epochs: readonly KeptEpoch[]): string {
  const list = epochs.map(({ epoch, fromMs, key, wrapped, destroyedMs }) => ({
    epoch,
    from: fromMs,
    ...(key !== null && { key: formatBase64(key) }),
    ...(wrapped !== null && { wrapped: formatBase64(wrapped) }),
    ...(destroyedMs !== null && { destroyed: destroyedMs }),
  }))
  return `${JSON.stringify({ epochs: list })}\n`
}

/** Reads what `formatEpochs` writes and nothing else. Throws KEYS_DAMAGED, which says no key. */
export function parseEpochs(file: string, text: string): KeptEpoch[] {
  const epochs = listIn(text, 'epochs')?.map(epochOf)
  if (epochs === undefined || formatEpochs(epochs) !== text) {
    throw damaged(file, 'it is not in the form that docs/formats.md gives')
  }
  epochs.forEach(({ epoch, fromMs, key, wrapped, destroyedMs }, i) => {
    const wrong = (problem: string) => damaged(file, `epoch ${i + 1} in it ${problem}`)
    if (epoch !== i + 1) throw wrong('is numbered otherwise')
    if (!(fromMs >= (epochs[i - 1]?.fromMs ?? 0))) throw wrong('begins before the one before')
    const kinds = [key, wrapped, destroyedMs].filter((one) => one !== null)
    if (kinds.length !== 1) throw wrong('is not one of held, wrapped and destroyed')
    const isLong = key === null || key.length === EPOCH_KEY_BYTES
    if (!isLong || wrapped?.length === 0) throw wrong('has a key of another length')
    if (Math.max(fromMs, destroyedMs ?? 0) > AT_MAX_MS)
      throw wrong('has a time after the year 9999')
  })
  const last = epochs.at(-1)
  if (last === undefined) throw damaged(file, 'it has no epoch')
  if (last.destroyedMs !== null) throw damaged(file, 'the key of its last epoch is destroyed')
  return epochs
}

/** The list under the only key of a JSON object; undefined where the text is none. */
export function listIn(text: string, name: string): unknown[] | undefined {
  try {
    const { [name]: list } = Object(JSON.parse(text)) as Record<string, unknown>
    return Array.isArray(list) ? list : undefined
  } catch {
    return undefined
  }
}

function epochOf(value: unknown): KeptEpoch {
  const raw = Object(value) as Record<string, unknown>
  const number = (one: unknown) => (Number.isSafeInteger(one) ? (one as number) : Number.NaN)
  const bytes = (one: unknown) => (typeof one === 'string' ? parseBase64(one) : null)
  return {
    epoch: number(raw.epoch),
    fromMs: number(raw.from),
    key: bytes(raw.key),
    wrapped: bytes(raw.wrapped),
    destroyedMs: raw.destroyed === undefined ? null : number(raw.destroyed),
  }
}
