/** `desk.yaml`: how a desk runs. docs/api.md, "Running a desk", has every key. */
import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { parse } from 'yaml'
import { DESK_CONFIG_BYTES_MAX } from './base/desk-http-limits.ts'
import { TelltaleError } from './base/errors.ts'
import type { LinkBy } from './identity/directory.ts'
import { type Reader, reader } from './source/reader.ts'

/** The first line of every file; a later version of the format has another number. */
const DESK_CONFIG_FORMAT = 'telltale-desk/1'

/** What the file says. Secrets stand in files of their own, which it names. */
export interface DeskFile {
  /** `HOST:PORT`. */
  readonly listen?: string
  /** Scheme, host and port by which browsers reach the desk. */
  readonly origin?: string
  readonly tls?: { readonly key: string; readonly cert: string }
  readonly proxies: readonly string[]
  /** A file that holds the address of a database. */
  readonly databaseFile?: string
  readonly log?: { readonly dir?: string; readonly keys?: string; readonly keyService?: string }
  /** A folder of policies instead of the ones that come along. */
  readonly policies?: string
  readonly organisation?: string
  readonly source?: { readonly map: string; readonly databaseFile: string }
  readonly passkeys?: { readonly rpId: string }
  readonly directory?: DirectoryConfig
  readonly mail?: MailConfig
  readonly textMessages?: GatewayConfig
  readonly calls?: GatewayConfig
  /** Where customers report a suspicious contact. */
  readonly reportUrl?: string
  /** Per source of webhooks: files with its secrets. */
  readonly hooks: Readonly<Record<string, readonly string[]>>
}

/** An identity provider. */
export interface DirectoryConfig {
  /** What the button says. */
  readonly label: string
  readonly issuer: string
  readonly clientId: string
  readonly clientSecretFile?: string
  readonly linkBy: LinkBy
  readonly externalIdClaim: string
  readonly stepUpAcr: readonly string[]
}

/** A mail server. */
export interface MailConfig {
  readonly host: string
  readonly port: number
  readonly tls: 'implicit' | 'starttls' | 'none'
  readonly from: string
  readonly user?: string
  readonly passwordFile?: string
  readonly caFile?: string
}

/** A provider of text messages or calls. */
export interface GatewayConfig {
  readonly url: string
  readonly secretFile: string
}

/** Reads the file; paths in it are from its folder. Throws FILE_UNREADABLE, or DESK_CONFIG_INVALID with
 * every problem at once. */
export async function readDeskFile(file: string): Promise<DeskFile> {
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw new TelltaleError('FILE_UNREADABLE', { file, reason: error.code ?? 'it cannot be read' })
  })
  if (bytes.length > DESK_CONFIG_BYTES_MAX) throw invalid(file, ['is longer than it can be'])
  return parseDeskFile(bytes.toString('utf8'), file)
}

/** Throws DESK_CONFIG_INVALID. */
export function parseDeskFile(text: string, file: string): DeskFile {
  let document: unknown
  try {
    document = parse(text, { maxAliasCount: 0, uniqueKeys: true })
  } catch (error) {
    throw invalid(file, [`is not YAML (${(error as Error).message.split('\n')[0]})`])
  }
  const problems: string[] = []
  const found = deskOf(reader(document, '', problems), (path) => resolve(dirname(file), path))
  if (problems.length > 0) throw invalid(file, problems)
  return found
}

function invalid(file: string, problems: readonly string[]): TelltaleError {
  return new TelltaleError('DESK_CONFIG_INVALID', { file, problems: problems.join('; ') })
}

type At = (path: string) => string

function deskOf(map: Reader, at: At): DeskFile {
  map.knows(
    'format',
    'listen',
    'origin',
    'tls',
    'proxies',
    'database-file',
    'log',
    'policies',
    'organisation',
    'source',
    'passkeys',
    'directory',
    'mail',
    'text-messages',
    'calls',
    'report-url',
    'hooks',
  )
  if (map.raw('format') !== DESK_CONFIG_FORMAT) map.refuse('format', `is not ${DESK_CONFIG_FORMAT}`)
  return {
    ...texts(map, { listen: 'listen', origin: 'origin', organisation: 'organisation' }),
    ...texts(map, { reportUrl: 'report-url' }),
    ...paths(map, at, { databaseFile: 'database-file', policies: 'policies' }),
    proxies: map.texts('proxies') ?? [],
    ...section(map, 'tls', ['key', 'cert'], (tls) => ({
      tls: { key: at(needed(tls, 'key')), cert: at(needed(tls, 'cert')) },
    })),
    ...section(map, 'log', ['dir', 'keys', 'key-service'], (log) => ({
      log: {
        ...paths(log, at, { dir: 'dir', keys: 'keys' }),
        ...texts(log, { keyService: 'key-service' }),
      },
    })),
    ...section(map, 'source', ['map', 'database-file'], (source) => ({
      source: {
        map: at(needed(source, 'map')),
        databaseFile: at(needed(source, 'database-file')),
      },
    })),
    ...section(map, 'passkeys', ['rp-id'], (passkeys) => ({
      passkeys: { rpId: needed(passkeys, 'rp-id') },
    })),
    ...section(map, 'directory', DIRECTORY_KEYS, (one) => ({ directory: directoryOf(one, at) })),
    ...section(map, 'mail', MAIL_KEYS, (one) => ({ mail: mailOf(one, at) })),
    ...section(map, 'text-messages', GATEWAY_KEYS, (one) => ({ textMessages: gatewayOf(one, at) })),
    ...section(map, 'calls', GATEWAY_KEYS, (one) => ({ calls: gatewayOf(one, at) })),
    hooks: hooksOf(map.section('hooks'), at),
  }
}

const DIRECTORY_KEYS = [
  'label',
  'issuer',
  'client-id',
  'client-secret-file',
  'link-by',
  'external-id-claim',
  'step-up-acr',
]
const MAIL_KEYS = ['host', 'port', 'tls', 'from', 'user', 'password-file', 'ca-file']
const GATEWAY_KEYS = ['url', 'secret-file']

function directoryOf(map: Reader, at: At): DirectoryConfig {
  return {
    label: needed(map, 'label'),
    issuer: needed(map, 'issuer'),
    clientId: needed(map, 'client-id'),
    ...paths(map, at, { clientSecretFile: 'client-secret-file' }),
    linkBy: map.one('link-by', ['none', 'mail', 'external-id']) ?? 'none',
    externalIdClaim: map.text('external-id-claim') ?? 'sub',
    stepUpAcr: map.texts('step-up-acr') ?? [],
  }
}

function mailOf(map: Reader, at: At): MailConfig {
  return {
    host: needed(map, 'host'),
    port: portOf(map),
    tls: map.one('tls', ['implicit', 'starttls', 'none']) ?? 'implicit',
    from: needed(map, 'from'),
    ...texts(map, { user: 'user' }),
    ...paths(map, at, { passwordFile: 'password-file', caFile: 'ca-file' }),
  }
}

function portOf(map: Reader): number {
  const port = map.raw('port')
  if (Number.isInteger(port) && (port as number) > 0 && (port as number) < 65_536)
    return port as number
  map.refuse('port', map.has('port') ? 'is no port' : 'is missing')
  return 0
}

function gatewayOf(map: Reader, at: At): GatewayConfig {
  return { url: needed(map, 'url'), secretFile: at(needed(map, 'secret-file')) }
}

function hooksOf(map: Reader | undefined, at: At): DeskFile['hooks'] {
  if (map === undefined) return {}
  const sources = map.keys().map((name) => {
    if (!/^[a-z0-9][a-z0-9-]{0,63}$/.test(name)) {
      map.refuse(name, 'is no name of a source: small letters, digits and dashes')
    }
    return [name, (map.texts(name) ?? []).map(at)] as const
  })
  return Object.fromEntries(sources)
}

function section<T extends object>(
  map: Reader,
  key: string,
  knows: readonly string[],
  read: (section: Reader) => T,
): T | Record<never, never> {
  const found = map.section(key)
  if (found === undefined) return {}
  found.knows(...knows)
  return read(found)
}

function needed(map: Reader, key: string): string {
  const text = map.text(key)
  if (text === undefined && !map.has(key)) map.refuse(key, 'is missing')
  return text ?? ''
}

/** Those of these texts that the map has, by our names. */
function texts<N extends string>(
  map: Reader,
  names: Readonly<Record<N, string>>,
): { [K in N]?: string } {
  const found = Object.entries<string>(names).flatMap(([name, key]) => {
    const text = map.text(key)
    return text === undefined ? [] : [[name, text] as const]
  })
  return Object.fromEntries(found) as { [K in N]?: string }
}

function paths<N extends string>(
  map: Reader,
  at: At,
  names: Readonly<Record<N, string>>,
): { [K in N]?: string } {
  const found = Object.entries(texts(map, names)).map(([name, path]) => [name, at(path as string)])
  return Object.fromEntries(found) as { [K in N]?: string }
}
