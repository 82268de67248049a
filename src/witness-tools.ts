/** The wiring of the commands of a witness. */
import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { TelltaleError } from './base/errors.ts'
import type { WitnessTools } from './cli/witness.ts'
import { folderDisk } from './disk/folder.ts'
import { createWitnessFolder, openWitnessFolder } from './disk/witness-store.ts'
import { readSecret, replaceSecret } from './keys/secret-file.ts'
import { replaceFile } from './sequencer/disk.ts'
import { untilAskedToEnd } from './signals.ts'
import { type Policy, parsePolicy } from './tlog/policy.ts'
import {
  formatSkey,
  formatVkey,
  KEY_TYPE,
  parseSkey,
  parseVkey,
  type SigningKey,
  signingKey,
} from './tlog/vkey.ts'
import { openWitness } from './witness/witness.ts'

const KEYS = 'keys'
/** Which logs it cosigns for, as a tlog-policy. */
const LOGS = 'policy'

/** The real tools. */
export function createWitnessTools(): WitnessTools {
  return { init, add, serve, untilAskedToEnd }
}

async function init(dir: string, name: string, postQuantum: boolean): Promise<readonly string[]> {
  const types = postQuantum ? [KEY_TYPE.cosignature, KEY_TYPE.mldsa] : [KEY_TYPE.cosignature]
  const keys = types.map((type) => signingKey(name, type, randomBytes(32)))
  await createWitnessFolder(dir)
  await replaceFile(folderDisk(dir), LOGS, Buffer.from('quorum none\n'))
  await replaceSecret(join(dir, KEYS), keys.map((key) => `${formatSkey(key)}\n`).join(''))
  return keys.map(formatVkey)
}

async function add(dir: string, vkey: string): Promise<void> {
  parseVkey(vkey)
  const { text } = await policyOf(dir)
  const changed = `log ${vkey}\n${text}`
  parsePolicy(changed)
  await replaceFile(folderDisk(dir), LOGS, Buffer.from(changed))
}

const serve: WitnessTools['serve'] = async (dir, listen, onFault) => {
  const keys = await keysOf(dir)
  const { policy } = await policyOf(dir)
  const logs = new Map(
    policy.logs.map(({ name }) => [name, policy.logs.filter((log) => log.name === name)]),
  )
  const store = await openWitnessFolder(dir)
  try {
    const witness = await openWitness({ keys, logs, store, nowMs: Date.now })
    const { startWitnessServer } = await import('./http/witness-server.ts')
    const server = await startWitnessServer(witness, await addressOf(listen), onFault)
    const close = async () => {
      await server.close()
      await store.close()
    }
    return { url: server.url, logs: [...logs.keys()], close }
  } catch (error) {
    await store.close()
    throw error
  }
}

async function keysOf(dir: string): Promise<SigningKey[]> {
  const text = await readSecret(join(dir, KEYS))
  if (text === null) throw new TelltaleError('WITNESS_STATE_MISSING', { dir })
  return text.trimEnd().split('\n').map(parseSkey)
}

async function policyOf(dir: string): Promise<{ text: string; policy: Policy }> {
  const text = (await folderDisk(dir).read(LOGS))?.toString()
  if (text === undefined) throw new TelltaleError('WITNESS_STATE_MISSING', { dir })
  return { text, policy: parsePolicy(text) }
}

/** An address with the content of its TLS files. Throws FILE_UNREADABLE, USAGE. */
export async function addressOf(listen: Parameters<WitnessTools['serve']>[1]) {
  const { host, port, tlsKey, tlsCert } = listen
  if (tlsKey === undefined && tlsCert === undefined) return { host, port }
  if (tlsKey === undefined || tlsCert === undefined) {
    throw new TelltaleError('USAGE', { problem: 'TLS takes both --tls-key and --tls-cert.' })
  }
  return { host, port, tls: { key: await textOf(tlsKey), cert: await textOf(tlsCert) } }
}

function textOf(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error) => {
    throw new TelltaleError('FILE_UNREADABLE', { file, reason: error.code ?? error.message })
  })
}
