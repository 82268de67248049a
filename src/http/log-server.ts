/** A log over HTTP: its files for any tlog-tiles client, and the endpoint that desks append to. */
import { APPEND_BODY_BYTES_MAX } from '../base/limits.ts'
import { type AppendPort, addAppend, type Writers } from './append.ts'
import { addFiles, FILE_PATHS } from './files.ts'
import {
  type Address,
  createServer,
  listen,
  type Running,
  refuseTheRest,
  requireTls,
} from './serve.ts'

/** What a log server needs. */
export interface LogServerOptions {
  /** The log's folder (docs/formats.md, section 1). */
  readonly dir: string
  readonly address: Address
  /** Who may append and where it goes; absent: nobody, the server only serves files. */
  readonly append?: { readonly writers: Writers; readonly port: AppendPort }
  /** Told of failures that a client only hears of as INTERNAL. */
  readonly onFault: (error: unknown) => void
}

/** Serves a log. Throws LISTEN_NEEDS_TLS where tokens would cross a network in the clear,
 * LISTEN_FAILED. */
export async function startLogServer(options: LogServerOptions): Promise<Running> {
  const { dir, address, append, onFault } = options
  if (append) requireTls(address)
  const app = createServer(address.tls, APPEND_BODY_BYTES_MAX, onFault)
  refuseTheRest(app, [...FILE_PATHS, ...(append ? ([[/^\/append$/, 'POST']] as const) : [])])
  addFiles(app, dir)
  if (append) addAppend(app, append.writers, append.port)
  return listen(app, address)
}
