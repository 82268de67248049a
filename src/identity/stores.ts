/** What identity keeps, and asks of the store. Each call is one step: whole, or not at all. */
import type { AgentFacts, SessionFacts } from '../guard/facts.ts'
import type {
  Duty,
  Method,
  People,
  PersonRow,
  PersonSpec,
  ServiceRow,
  SessionRow,
  Team,
} from './ports.ts'

/** The public key of a device (RFC 7517), of the only kind that is taken. */
export interface DeviceKey {
  readonly kty: 'EC'
  readonly crv: 'P-256'
  readonly x: string
  readonly y: string
}

/** A session with its agent, as one reading of the store found them. */
export interface KnownSession {
  readonly session: SessionRow
  readonly agent: AgentFacts
}

/** What binding did. */
export interface Bound {
  readonly device: string | null
  readonly ended: readonly SessionRow[]
}

/** Sessions in the store. */
export interface SessionStore {
  agent(id: string): Promise<AgentFacts | null>
  /** Only of an active agent, else null; ends the agent's oldest so that `liveMax` are left. */
  add(
    session: SessionFacts,
    method: Method,
    secretHash: Uint8Array,
    liveMax: number,
  ): Promise<AgentFacts | null>
  find(secretHash: Uint8Array): Promise<KnownSession | null>
  byId(id: string): Promise<KnownSession | null>
  /** Binds what is not bound yet, and ends what else the device held. Answers to which device the
   * session now belongs, null where it has ended, and which live ones ended. */
  bind(id: string, device: string, key: DeviceKey, atMs: number): Promise<Bound>
  /** False where it has ended. */
  touch(id: string, seenAtMs: number): Promise<boolean>
  stepUp(id: string, atMs: number): Promise<boolean>
  list(agent: string, limit: number): Promise<readonly SessionRow[]>
  /** False where it had ended. */
  end(id: string, atMs: number, why: string): Promise<boolean>
  endAll(agent: string, exceptId: string | null, atMs: number, why: string): Promise<number>
}

/** Agents and teams in the store. */
export interface PeopleStore {
  agent(id: string): Promise<PersonRow | null>
  list(after: string | null, limit: number): Promise<readonly PersonRow[]>
  teams(): Promise<readonly Team[]>
  putTeam(team: Team, atMs: number): Promise<void>
  at(from: number, limit: number): ReturnType<People['at']>
  members(...args: Parameters<People['members']>): ReturnType<People['members']>
  byExternalId(externalId: string): Promise<PersonRow | null>
  /** False where agents or something else still belong to it. */
  removeTeam(id: string): Promise<boolean>
  /** Changes nothing where it does not answer `done`. */
  put(
    spec: PersonSpec,
    pseudonym: string,
    atMs: number,
  ): Promise<'done' | 'external-id-taken' | 'pseudonym-taken' | 'team-unknown'>
  /** Ends every session in the same transaction; null where there is no such agent. */
  suspend(id: string, by: string, atMs: number, why: string): Promise<Suspended | null>
  resume(id: string, atMs: number): Promise<void>
}

/** What suspending did. */
export interface Suspended {
  readonly wasActive: boolean
  readonly sessions: number
}

/** Rosters in the store. */
export interface RosterStore {
  /** Those of `agents` that there are. */
  known(agents: readonly string[]): Promise<readonly string[]>
  /** Replaces what each agent had between their own first start and last end. */
  put(duties: readonly Duty[]): Promise<void>
  /** Spans of an agent that touch the time between. */
  between(agent: string, fromMs: number, toMs: number): Promise<readonly Duty[]>
}

/** Names that others have for agents: an identity provider's subject, a directory's user name. */
export interface IdentityStore {
  agentOf(issuer: string, subject: string): Promise<string | null>
  subjectOf(issuer: string, agent: string): Promise<string | null>
  /** False where the subject belongs to another agent. */
  link(issuer: string, subject: string, agent: string): Promise<boolean>
  /** Gives an agent this name alone; false where it belongs to another agent. */
  name(issuer: string, subject: string, agent: string): Promise<boolean>
  /** Active agents with this mail, at most two: only one alone can be meant. */
  byMail(mail: string): Promise<readonly string[]>
  byExternalId(externalId: string): Promise<string | null>
}

/** A ceremony under way. */
export interface Challenge {
  readonly id: string
  readonly kind: string
  readonly payload: unknown
  readonly expiresAtMs: number
}

/** Ceremonies under way: each is taken once. */
export interface ChallengeStore {
  /** False where there are `max` already; what is over is forgotten. */
  add(challenge: Challenge, nowMs: number, max: number): Promise<boolean>
  /** Its payload; null where there is none of that kind any more. */
  take(id: string, kind: string, nowMs: number): Promise<unknown>
}

/** A passkey. */
export interface Passkey {
  readonly id: string
  readonly agent: string
  readonly publicKey: Uint8Array
  readonly counter: number
  readonly transports: readonly string[]
  readonly label: string
  readonly createdAtMs: number
  readonly usedAtMs: number | null
}

/** Passkeys in the store. */
export interface PasskeyStore {
  of(agent: string): Promise<readonly Passkey[]>
  find(id: string): Promise<Passkey | null>
  /** False where the id is taken, or the agent has `max`. */
  add(passkey: Passkey, max: number): Promise<boolean>
  /** False where another use had as high a counter already. */
  used(id: string, counter: number, atMs: number): Promise<boolean>
  remove(agent: string, id: string): Promise<boolean>
}

/** Services in the store. */
export interface ServiceStore {
  /** False where the name is taken, or there are `max`. */
  add(service: ServiceRow, tokenHash: Uint8Array, max: number): Promise<boolean>
  /** False where there is none, or it was revoked. */
  revoke(name: string, atMs: number): Promise<boolean>
  list(): Promise<readonly ServiceRow[]>
  find(tokenHash: Uint8Array): Promise<ServiceRow | null>
}
