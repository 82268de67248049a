/** Publication: a tree head is signed, remembered, cosigned and only then shown to readers. */
import { TelltaleError } from '../base/errors.ts'
import { rootOf } from '../tlog/edge.ts'
import { type Disk, replaceFile } from './disk.ts'
import type { CheckpointSigner, Cosign } from './signer.ts'
import type { TreeHead } from './source.ts'
import type { Tiling } from './tiling.ts'

/** The path of the newest checkpoint below the log's folder. */
export const CHECKPOINT_PATH = 'checkpoint'

/** Publishes what a tiling has flushed. */
export interface Publisher {
  /** The tree head that readers see. */
  published(): TreeHead
  /** Publishes this tree head, whose tiles are all written. False where the policy's witnesses did
   * not cosign: readers still see the one before. Throws LOG_STOPPED where what was signed last is
   * not remembered as this left it. */
  publish(head: TreeHead): Promise<boolean>
}

/** `start` is published, and `signed` the note remembered as signed last. `proof` gives the
 * consistency proof between two sizes. */
export function createPublisher(
  disk: Disk,
  signer: CheckpointSigner,
  start: TreeHead,
  signed: string,
  cosign: Cosign | null,
  proof: (from: number, to: number) => Promise<Buffer[]>,
): Publisher {
  let published = start
  let last = signed
  return {
    published: () => published,
    publish: async (head) => {
      const note = signer.sign(head)
      // Somebody else signed, or wants it forgotten: what this signs might contradict it.
      if ((await signer.memory.read()) !== last) throw new TelltaleError('LOG_STOPPED', FORGOTTEN)
      // Remembered before anybody sees it, so that nothing inconsistent is ever signed.
      await signer.memory.write(note)
      last = note
      const cosigned = cosign === null ? note : await cosign(note, (from) => proof(from, head.size))
      if (cosigned === null) return false
      await replaceFile(disk, CHECKPOINT_PATH, Buffer.from(cosigned))
      published = head
      return true
    },
  }
}

const FORGOTTEN = { reason: 'what it signed last was changed by somebody else' }

/** The tree head that a tiling has reached. */
export function headOf(tiling: Tiling): TreeHead {
  const edge = tiling.edge()
  return { size: edge.size, root: rootOf(edge) }
}
