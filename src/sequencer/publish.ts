/** Publication: a tree head is signed, remembered, cosigned and only then shown to readers. */
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
   * not cosign: readers still see the one before. */
  publish(head: TreeHead): Promise<boolean>
}

/** `proof` gives the consistency proof between two sizes. */
export function createPublisher(
  disk: Disk,
  signer: CheckpointSigner,
  start: TreeHead,
  cosign: Cosign | null,
  proof: (from: number, to: number) => Promise<Buffer[]>,
): Publisher {
  let published = start
  return {
    published: () => published,
    publish: async (head) => {
      const note = signer.sign(head)
      // Remembered before anybody sees it, so that nothing inconsistent is ever signed.
      await signer.memory.write(note)
      const cosigned = cosign === null ? note : await cosign(note, (from) => proof(from, head.size))
      if (cosigned === null) return false
      await replaceFile(disk, CHECKPOINT_PATH, Buffer.from(cosigned))
      published = head
      return true
    },
  }
}

/** The tree head that a tiling has reached. */
export function headOf(tiling: Tiling): TreeHead {
  const edge = tiling.edge()
  return { size: edge.size, root: rootOf(edge) }
}
