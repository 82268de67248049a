/** The wiring of a verification that reads files only. */
import { stat } from 'node:fs/promises'
import type { VerifyPorts } from './cli/log/verify.ts'
import { readBounded, readFolder } from './disk/read.ts'
import { replaceOwnFile } from './disk/replace.ts'

/** The ports; `network` is what fetches logs and witnesses' checkpoints, null: nothing is fetched. */
export function verifyPorts(network: VerifyPorts['network'] = null): VerifyPorts {
  return {
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
