/** A signer with a fixed key that remembers in a file, for processes that are killed. */
import { open, readFile, rename } from 'node:fs/promises'
import { checkpointSigner } from '../../src/sequencer/signer.ts'
import { KEY_TYPE, signingKey } from '../../src/tlog/vkey.ts'

/** `file` holds the newest note. */
export function fileSigner(file: string) {
  return checkpointSigner(signingKey('soak.example', KEY_TYPE.ed25519, Buffer.alloc(32, 9)), {
    read: () => readFile(file, 'utf8').catch(() => null),
    write: async (note) => {
      const handle = await open(`${file}.new`, 'w')
      await handle.writeFile(note)
      await handle.sync()
      await handle.close()
      await rename(`${file}.new`, file)
    },
  })
}
