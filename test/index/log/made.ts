/** Real logs for tests: a folder, its keys, a sequencer. */
import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { folderDisk } from '../../../src/disk/folder.ts'
import { createKeyFolder, openKeyFolder } from '../../../src/keys/folder.ts'
import { openVerifiedLog } from '../../../src/log-source.ts'
import { initLog, openSequencer } from '../../../src/sequencer/sequencer.ts'
import { checkpointSigner } from '../../../src/sequencer/signer.ts'
import { destructionEntry, type Sealable, sealerFor } from '../../../src/tlog/entry.ts'
import type { Disclosure } from '../../../src/tlog/sealed.ts'
import { formatVkey } from '../../../src/tlog/vkey.ts'
import { ALONE } from '../../sequencer/support.ts'

const ORIGIN = 'log.example/desk'
const AT_MS = Date.UTC(2024, 0, 1)
const options = { service: null, lock: async () => ({ release: async () => {} }) }

export interface MadeLog {
  readonly dir: string
  readonly vkey: string
  /** Seals, appends and publishes. */
  append(all: readonly Sealable[]): Promise<void>
  appendEntries(entries: readonly Uint8Array[]): Promise<void>
  rotate(): Promise<void>
  /** Destroys an epoch's key and says so in the log. */
  destroy(epoch: number): Promise<void>
  open(more?: Parameters<typeof openVerifiedLog>[1]): ReturnType<typeof openVerifiedLog>
}

/** A folder of this test's own. */
export function ownFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'telltale-log-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export async function makeLog(
  dir = join(ownFolder(), 'desk.log'),
  origin = ORIGIN,
): Promise<MadeLog> {
  mkdirSync(dir)
  const made = await createKeyFolder(`${dir}.keys`, origin, AT_MS, options)
  await initLog(folderDisk(dir), checkpointSigner(made.signer, made.memory))
  return madeLog(dir)
}

/** The log in a folder that was made before. */
export async function madeLog(dir: string): Promise<MadeLog> {
  const { signer, memory, ring } = await openKeyFolder(`${dir}.keys`, options)
  const log: MadeLog = {
    dir,
    vkey: formatVkey(signer),
    async append(all) {
      const sealer = sealerFor(ring.current())
      await log.appendEntries(all.flatMap((one) => sealer.seal(one, () => randomBytes(16))))
    },
    async appendEntries(entries) {
      const sequencer = await openSequencer({
        disk: folderDisk(dir),
        signer: checkpointSigner(signer, memory),
        ...ALONE,
      })
      for (let at = 0; at < entries.length; at += 4096) {
        await sequencer.append(entries.slice(at, at + 4096))
      }
      await sequencer.close()
    },
    rotate: async () => void (await ring.rotate(AT_MS)),
    async destroy(epoch) {
      await log.appendEntries([destructionEntry(epoch, await ring.destroy(epoch, AT_MS))])
    },
    open: (more = {}) => openVerifiedLog(dir, more),
  }
  return log
}

/** A disclosure at a desk; `i` makes it another one. */
export function disclosure(i: number, more: Partial<Disclosure> = {}): Disclosure {
  return {
    agent: `agent-${i % 7}`,
    atMs: AT_MS + i * 1000 + (i % 1000),
    customers: [`C${i % 97}`],
    fields: ['name', 'phone'],
    masked: [],
    grade: 'routed',
    path: 'desk',
    purpose: 'ticket',
    query: null,
    queue: null,
    reference: `T-${i % 300}`,
    session: null,
    writer: null,
    ...more,
  }
}

export const disclosures = (count: number, from = 0) =>
  Array.from({ length: count }, (_, i) => disclosure(from + i))
