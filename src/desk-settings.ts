/** What a desk runs with: what the command line, the environment and `desk.yaml` say, read once. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { TelltaleError } from './base/errors.ts'
import { listenAddress } from './cli/address.ts'
import type { DeskTold } from './cli/desk.ts'
import type { LogPlace } from './cli/log/ports.ts'
import { type DeskFile, type DirectoryConfig, readDeskFile } from './desk-config.ts'
import type { Address } from './http/serve.ts'
import { readSecret } from './keys/secret-file.ts'
import type { CodeSenderOptions } from './mail/codes.ts'
import type { GatewayOptions } from './mail/gateway.ts'

/** What a desk runs with. Secrets are read. */
export interface DeskSettings {
  readonly address: Address
  /** Scheme, host and port by which browsers reach it; null: where it listens. */
  readonly origin: string | null
  readonly proxies: readonly string[]
  readonly database: { readonly url: string } | { readonly dir: string }
  readonly log: LogPlace
  /** null: those that come along. */
  readonly policies: string | null
  /** null: the desk's own customers and tickets. */
  readonly source: { readonly map: string; readonly url: string } | null
  /** A domain at or above the host of the origin; null: the host itself. */
  readonly rpId: string | null
  readonly directory: (DirectoryConfig & { readonly clientSecret: string | null }) | null
  readonly codes: CodeSenderOptions
  readonly calls: GatewayOptions | null
  readonly hooks: ReadonlyMap<string, readonly string[]>
  /** A built console; null: the API alone. */
  readonly console: string | null
  /** Whether anybody may sign in as anybody, on this machine alone. */
  readonly demo: boolean
}

/** Everything that stands in one folder, where nothing else is said. */
const HOME = 'telltale-desk'
const LISTEN = { host: '127.0.0.1', port: 8090 }
/** Beside `src/` and `dist/` alike. */
const CONSOLE = join(import.meta.dirname, '..', 'dist', 'console')

/** Throws FILE_UNREADABLE, DESK_CONFIG_INVALID, KEYS_EXPOSED where others may read a secret, USAGE. */
export async function readSettings(
  told: DeskTold,
  env: Readonly<Record<string, string | undefined>>,
): Promise<DeskSettings> {
  const file: DeskFile =
    told.config === undefined ? { proxies: [], hooks: {} } : await readDeskFile(told.config)
  const { source, directory } = file
  return {
    address: await addressOf(told, file),
    origin: file.origin ?? null,
    proxies: file.proxies,
    database: await databaseOf(told, file, env),
    log: placeOf(told, file),
    policies: file.policies ?? null,
    source: source ? { map: source.map, url: await secretOf(source.databaseFile) } : null,
    rpId: file.passkeys?.rpId ?? null,
    directory: directory
      ? { ...directory, clientSecret: await optionalSecret(directory.clientSecretFile) }
      : null,
    codes: {
      mail: await mailOf(file),
      textMessages: await gatewayOf(file.textMessages),
      organisation: file.organisation ?? 'Customer support',
      reportUrl: file.reportUrl ?? null,
    },
    calls: await gatewayOf(file.calls),
    hooks: await hooksOf(file),
    console: CONSOLE,
    demo: false,
  }
}

async function addressOf(told: DeskTold, { listen, tls }: DeskFile): Promise<Address> {
  const { host, port } = told.listen ?? (listen === undefined ? LISTEN : listenAddress(listen))
  const [key, cert] = [told.tlsKey ?? tls?.key, told.tlsCert ?? tls?.cert]
  if (key === undefined && cert === undefined) return { host, port }
  if (key === undefined || cert === undefined) {
    throw new TelltaleError('USAGE', { problem: 'TLS takes both --tls-key and --tls-cert.' })
  }
  return { host, port, tls: { key: await textOf(key), cert: await textOf(cert) } }
}

async function databaseOf(
  told: DeskTold,
  file: DeskFile,
  env: Readonly<Record<string, string | undefined>>,
): Promise<DeskSettings['database']> {
  const url = told.database ?? env.TELLTALE_DATABASE
  if (url !== undefined) return { url }
  if (file.databaseFile !== undefined) return { url: await secretOf(file.databaseFile) }
  return { dir: join(HOME, 'postgres') }
}

function placeOf(told: DeskTold, { log = {} }: DeskFile): LogPlace {
  const dir = told.log ?? log.dir ?? join(HOME, 'log')
  return {
    dir,
    keys: log.keys ?? `${dir.replace(/[/\\]+$/, '')}.keys`,
    keyService: log.keyService === undefined ? null : log.keyService.trim().split(/\s+/),
  }
}

async function mailOf({ mail }: DeskFile): Promise<CodeSenderOptions['mail']> {
  if (mail === undefined) return null
  const { passwordFile, caFile, ...rest } = mail
  const password = await optionalSecret(passwordFile)
  return {
    ...rest,
    ...(password === null ? {} : { password }),
    ...(caFile === undefined ? {} : { ca: await textOf(caFile) }),
  }
}

async function gatewayOf(config: DeskFile['calls']): Promise<GatewayOptions | null> {
  if (config === undefined) return null
  return { url: config.url, secret: await secretOf(config.secretFile) }
}

async function hooksOf({ hooks }: DeskFile): Promise<DeskSettings['hooks']> {
  const read = Object.entries(hooks).map(
    async ([name, files]) => [name, await Promise.all(files.map(secretOf))] as const,
  )
  return new Map(await Promise.all(read))
}

async function optionalSecret(file: string | undefined): Promise<string | null> {
  return file === undefined ? null : secretOf(file)
}

async function secretOf(file: string): Promise<string> {
  const text = (await readSecret(file))?.trim()
  if (!text) throw new TelltaleError('FILE_UNREADABLE', { file, reason: 'it holds nothing' })
  return text
}

function textOf(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new TelltaleError('FILE_UNREADABLE', { file, reason: error.code ?? 'it cannot be read' })
  })
}
