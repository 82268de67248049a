/** Who somebody is, on which device, and since when: docs/desk.md, "People", and docs/identity.md. */
import type { AgentFacts, Caller, Role, SessionFacts } from '../guard/facts.ts'
import type { Decision } from '../tlog/decision.ts'

/** What a request brings to show whose it is. */
export interface Presented {
  readonly secret: string
  /** The DPoP proof (RFC 9449) of this request; null where none came. */
  readonly proof: string | null
  readonly method: string
  /** Scheme, host and path, without query; the first two as configured, never as the request says. */
  readonly url: string
  /** Whether somebody is at the device, as its page says: what a page asks for by itself is no use of a
   * session. */
  readonly isAttended: boolean
}

/** A session that was just begun. */
export interface NewSession {
  /** Put into the cookie; the store keeps only its hash. */
  readonly secret: string
  readonly session: SessionFacts
  readonly agent: AgentFacts
}

/** How somebody signed in. */
export type Method = 'passkey' | 'oidc' | 'demo'

/** Sessions. Every refusal is SESSION_ENDED, DEVICE_REFUSED or AGENT_SUSPENDED, and is told apart for
 * the log only. */
export interface Sessions {
  /** `presentAtMs`: when the agent last proved to be there, now by default; null where an identity
   * provider remembered them. */
  begin(agent: string, method: Method, presentAtMs?: number | null): Promise<NewSession>
  /** Binds a session of at most a minute to the device's public key, once. */
  bind(presented: Presented): Promise<Caller>
  /** Who calls; counts as use where somebody is there. */
  callerOf(presented: Presented): Promise<Caller>
  /** Whose the cookie is, without a proof: good for nothing but to name a session that is then stepped
   * up by its own agent. */
  holderOf(secret: string): Promise<Caller>
  /** Whether a caller's session still stands, without counting as use. */
  stands(caller: Caller): Promise<boolean>
  /** Replaces nothing: only refreshes `stepUpAtMs`. */
  stepUp(caller: Caller, method: Method): Promise<Caller>
  /** The newest, ended ones too. */
  list(agent: string): Promise<readonly SessionRow[]>
  /** One's own, or an administrator anybody's; throws SESSION_UNKNOWN. */
  end(id: string, by: AgentFacts, why: string): Promise<void>
  /** Answers how many ended. */
  endAll(agent: string, exceptId: string | null, by: AgentFacts, why: string): Promise<number>
}

/** A session in a list. */
export interface SessionRow extends SessionFacts {
  readonly method: Method
  readonly seenAtMs: number
  readonly endedAtMs: number | null
}

/** An agent with what only administration needs. */
export interface PersonRow extends AgentFacts {
  readonly mail: string | null
  readonly externalId: string | null
  readonly createdAtMs: number
  readonly changedAtMs: number
  /** Id of the agent, or name of the service; null while active. */
  readonly suspendedBy: string | null
}

/** A team. */
export interface Team {
  readonly id: string
  readonly name: string
}

/** People and teams. Throws AGENT_UNKNOWN, AGENT_INVALID. Changes are decisions in the log;
 * suspending ends every session. `by` is the id of the agent, or the name of the service or command,
 * that does it. */
export interface People {
  agent(id: string): Promise<PersonRow | null>
  list(after: string | null, limit: number): Promise<readonly PersonRow[]>
  teams(): Promise<readonly Team[]>
  putTeam(team: Team, by: string): Promise<Team>
  /** Makes or changes; a person once given stays. */
  put(person: PersonSpec, by: string): Promise<PersonRow>
  suspend(id: string, by: string, why: string): Promise<void>
  /** A service resumes nobody whom a person suspended: that changes nothing. */
  resume(id: string, by: string): Promise<void>
  /** By position in the order of ids, as directories page; with how many there are. */
  at(
    from: number,
    limit: number,
  ): Promise<{ readonly all: number; readonly rows: readonly PersonRow[] }>
  /** Of a team, or with a role: at most `limit`. */
  members(
    of: { readonly team: string } | { readonly role: Role },
    limit: number,
  ): Promise<readonly PersonRow[]>
  byExternalId(externalId: string): Promise<PersonRow | null>
  /** Its members have no team then. Throws AGENT_INVALID. */
  removeTeam(id: string, by: string): Promise<void>
}

/** An agent as somebody wants it. */
export interface PersonSpec {
  readonly id: string
  readonly person: string
  readonly name: string
  readonly mail: string | null
  readonly team: string | null
  readonly roles: readonly Role[]
  readonly externalId: string | null
}

/** A span of time during which an agent is on duty. */
export interface Duty {
  readonly agent: string
  readonly startsAtMs: number
  readonly endsAtMs: number
}

/** Who is on duty when. */
export interface Rosters {
  /** Replaces what each agent had between their own first start and last end. Throws ROSTER_INVALID,
   * AGENT_UNKNOWN. */
  put(duties: readonly Duty[], by: string): Promise<void>
  /** null: the roster says nothing of this agent within a week of that time. */
  onDuty(agent: string, atMs: number): Promise<boolean | null>
}

/** What a program with a token may do. */
export const SCOPES = ['decisions', 'hooks', 'scim', 'metrics'] as const
/** One of `SCOPES`. */
export type Scope = (typeof SCOPES)[number]

/** A program with a token: hooks, decisions, SCIM. */
export interface ServiceCaller {
  readonly id: string
  readonly name: string
  readonly scopes: readonly Scope[]
}

/** A service in a list. */
export interface ServiceRow extends ServiceCaller {
  readonly createdAtMs: number
  readonly revokedAtMs: number | null
}

/** Programs with tokens. */
export interface Services {
  /** The token is told this once; throws SERVICE_INVALID. */
  create(
    name: string,
    scopes: readonly string[],
    by: string,
  ): Promise<ServiceRow & { token: string }>
  revoke(name: string, by: string): Promise<void>
  list(): Promise<readonly ServiceRow[]>
  /** Throws SERVICE_REFUSED, whatever is wrong with the token. */
  callerOf(token: string | null, scope: Scope): Promise<ServiceCaller>
}

/** The log, as far as this folder writes to it: durable when it resolves. */
export interface Decisions {
  decide(decision: Decision): Promise<unknown>
}
