/** The wiring of a verification that reads files only. */
import { stat } from 'node:fs/promises'
import type { VerifyPorts } from './cli/log/verify.ts'
import { readBounded, readFolder } from './disk/read.ts'
import { replaceOwnFile } from './disk/replace.ts'

/** The ports; `network` is what fetches logs and witnesses' checkpoints, null: nothing is fetched;
 * `own` finds the keys of this machine's own logs. */
export function verifyPorts(
  network: VerifyPorts['network'] = null,
  own: VerifyPorts['own'] = async () => null,
): VerifyPorts {
  return {
    own,
    readFile: async (path, bytesMax) => readBounded(path, bytesMax),
    replaceFile: replaceOwnFile,
    isFolder: (path) =>
      stat(path).then(
        (found) => found.isDirectory(),
        () => false,
      ),
    folder: readFolder,
    network,
  }
}
