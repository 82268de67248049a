/** Who somebody is, on which device, and since when: docs/desk.md, "People". */
import type { AgentFacts, Caller, Role, SessionFacts } from '../guard/facts.ts'

/** What a request brings to show whose it is. */
export interface Presented {
  readonly secret: string
  /** The DPoP proof (RFC 9449) of this request; null where none came. */
  readonly proof: string | null
  readonly method: string
  /** Scheme, host and path, without query. */
  readonly url: string
}

export interface NewSession {
  /** Put into the cookie; the store keeps only its hash. */
  readonly secret: string
  readonly session: SessionFacts
  readonly agent: AgentFacts
}

/** How somebody signed in. */
export type Method = 'passkey' | 'oidc' | 'demo'

/** Sessions. Every refusal is SESSION_ENDED, PROOF_INVALID or AGENT_SUSPENDED, and is told apart for
 * the log only. */
export interface Sessions {
  begin(agent: string, method: Method): Promise<NewSession>
  /** Binds a session of at most a minute to the device's public key, once. */
  bind(presented: Presented): Promise<Caller>
  /** Who calls; counts as use. A step-up session replaces nothing: it only refreshes `stepUpAtMs`. */
  callerOf(presented: Presented): Promise<Caller>
  /** Whether a caller's session still stands, without counting as use. */
  stands(caller: Caller): Promise<boolean>
  stepUp(caller: Caller, method: Method): Promise<Caller>
  list(agent: string): Promise<readonly SessionRow[]>
  end(id: string, by: AgentFacts, why: string): Promise<void>
  endAll(agent: string, exceptId: string | null, by: AgentFacts, why: string): Promise<number>
}

export interface SessionRow extends SessionFacts {
  readonly method: Method
  readonly seenAtMs: number
  readonly endedAtMs: number | null
}

/** People and teams. Throws AGENT_UNKNOWN, AGENT_INVALID. Changes are decisions in the log;
 * suspending ends every session. */
export interface People {
  agent(id: string): Promise<AgentFacts | null>
  list(after: string | null, limit: number): Promise<readonly AgentFacts[]>
  put(person: PersonSpec, by: string): Promise<AgentFacts>
  suspend(id: string, by: AgentFacts | null, why: string): Promise<void>
  resume(id: string, by: AgentFacts | null): Promise<void>
}

export interface PersonSpec {
  readonly id: string
  readonly person: string
  readonly name: string
  readonly mail: string
  readonly team: string | null
  readonly roles: readonly Role[]
  readonly externalId: string | null
}

/** A program with a token: hooks, decisions, SCIM. */
export interface ServiceCaller {
  readonly id: string
  readonly name: string
  readonly scopes: readonly string[]
}
