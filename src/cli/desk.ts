/** `telltale desk serve`: the guarded desk, until the process is asked to end. */

import type { Role } from '../guard/facts.ts'
import type { People, Services } from '../identity/ports.ts'
import type { ListenOptions } from './address.ts'
import type { Terminal } from './stdio.ts'

/** What a person says when starting a desk; it wins over what the file says. */
export interface DeskTold {
  readonly config?: string
  readonly database?: string
  readonly listen?: Pick<ListenOptions, 'host' | 'port'>
  readonly tlsKey?: string
  readonly tlsCert?: string
  /** The log's folder. */
  readonly log?: string
}

/** A desk that serves. */
export interface ServedDesk {
  readonly url: string
  /** The log's verifier key. */
  readonly vkey: string
  /** Rejects with what stops the log. */
  readonly failed: Promise<never>
  close(): Promise<void>
}

/** What the command needs of the rest; `desk.ts` wires it. */
export interface DeskTools {
  /** `sink` takes the desk's own log lines. */
  serve(told: DeskTold, sink: (line: string) => void): Promise<ServedDesk>
  /** Lets in who manages a desk that does not serve, and the name of this account with them. */
  manage<T>(told: DeskTold, act: (desk: ManagedDesk) => Promise<T>): Promise<T>
  untilAskedToEnd(): Promise<void>
}

/** A desk's people and programs; each change is in the log before it counts. */
export interface ManagedDesk {
  readonly people: Pick<People, 'put' | 'agent'>
  readonly services: Services
  /** Who does it: the name of this account. */
  readonly by: string
}

/** Serves until asked to end. Throws what stopped the log: a desk that cannot log shows nothing. */
export async function runDeskServe(
  tools: DeskTools,
  terminal: Terminal,
  told: DeskTold,
): Promise<void> {
  const desk = await tools.serve(told, (line) => terminal.out(line))
  terminal.err(`Serving the desk at ${desk.url}\nIts log's key: ${desk.vkey}\n`)
  try {
    await Promise.race([tools.untilAskedToEnd(), desk.failed])
  } finally {
    await desk.close()
  }
  terminal.err('Closed; everything durable is published.\n')
}

/** Somebody as the command line says. */
export interface PersonTold {
  readonly name: string
  readonly mail?: string
  readonly externalId?: string
  readonly team?: string
  readonly role: readonly Role[]
}

/** Makes or changes an agent: how a desk gets its first admin. */
export async function runDeskPerson(
  tools: DeskTools,
  terminal: Terminal,
  told: DeskTold,
  id: string,
  { name, mail, externalId, team, role }: PersonTold,
): Promise<void> {
  const done = await tools.manage(told, async ({ people, by }) => {
    const person = (await people.agent(id))?.person ?? id
    const names = { mail: mail ?? null, externalId: externalId ?? null, team: team ?? null }
    return people.put({ id, person, name, roles: role, ...names }, by)
  })
  terminal.out(`${done.id} (${done.pseudonym}): ${done.roles.join(', ')}\n`)
}

/** Makes a token for a program and shows it, once. */
export async function runDeskToken(
  tools: DeskTools,
  terminal: Terminal,
  told: DeskTold,
  name: string,
  scopes: readonly string[],
): Promise<void> {
  const { token } = await tools.manage(told, ({ services, by }) =>
    services.create(name, scopes, by),
  )
  terminal.err(`${name} may do ${scopes.join(', ')} with this token, which is not shown again:\n`)
  terminal.out(`${token}\n`)
}

/** Takes a token back. */
export async function runDeskRevoke(
  tools: DeskTools,
  terminal: Terminal,
  told: DeskTold,
  name: string,
): Promise<void> {
  await tools.manage(told, ({ services, by }) => services.revoke(name, by))
  terminal.out(`${name} may do nothing any more.\n`)
}

/** Lists the programs with tokens. */
export async function runDeskTokens(
  tools: DeskTools,
  terminal: Terminal,
  told: DeskTold,
): Promise<void> {
  const rows = await tools.manage(told, ({ services }) => services.list())
  for (const { name, scopes, revokedAtMs } of rows) {
    terminal.out(`${name}  ${scopes.join(', ')}${revokedAtMs === null ? '' : '  (revoked)'}\n`)
  }
  if (rows.length === 0) terminal.out('No program has a token.\n')
}
