/** Who calls: the one way from a cookie and a proof to a caller. docs/identity.md, "Sessions". */
import { PROOF_AGE_MS, SESSION_BIND_MS } from '../base/desk-limits.ts'
import { TelltaleError } from '../base/errors.ts'
import {
  PROOFS_PER_DEVICE_MAX,
  PROOFS_REMEMBERED_MAX,
  SESSION_SEEN_EVERY_MS,
} from '../base/identity-limits.ts'
import type { Caller, SessionFacts } from '../guard/facts.ts'
import type { Presented, Sessions } from './ports.ts'
import { type Proof, readProof } from './proof.ts'
import { createRefusals } from './refusals.ts'
import { createProofMemory } from './replay.ts'
import { hashOf, isSecret, sameText } from './secrets.ts'
import { type EndSession, factsOf, isLive, type SessionsDeps } from './session.ts'
import type { KnownSession } from './stores.ts'

/** `endNow` ends a session and tells so. */
export function createGate(
  { store, decisions, nowMs }: SessionsDeps,
  endNow: EndSession,
): Pick<Sessions, 'bind' | 'callerOf'> {
  const startedAtMs = nowMs()
  const tellRefusal = createRefusals(decisions)
  const memory = createProofMemory({
    // A proof may be as far ahead of our clock as behind it.
    windowMs: 2 * PROOF_AGE_MS,
    all: PROOFS_REMEMBERED_MAX,
    perDevice: PROOFS_PER_DEVICE_MAX,
  })

  /** The live session of a secret. */
  async function find(secret: string): Promise<KnownSession> {
    const known = isSecret(secret) ? await store.find(hashOf(secret)) : null
    if (known === null || !isLive(known.session, nowMs()))
      throw new TelltaleError('SESSION_ENDED', {})
    if (known.agent.status === 'active') return known
    await tellRefusal(known.session, 'suspended', nowMs())
    throw new TelltaleError('AGENT_SUSPENDED', {})
  }

  async function refuse(session: SessionFacts, why: string): Promise<never> {
    await tellRefusal(session, why, nowMs())
    throw new TelltaleError('PROOF_INVALID', {})
  }

  async function prove(
    presented: Presented,
    facts: SessionFacts,
    session: string | null,
  ): Promise<Proof> {
    const { method, url } = presented
    const target = { method, url, session, notBeforeMs: startedAtMs }
    const proof = await readProof(presented.proof, target, nowMs())
    return typeof proof === 'string' ? refuse(facts, proof) : proof
  }

  async function bind(presented: Presented): Promise<Caller> {
    const { session: row, agent } = await find(presented.secret)
    const session = factsOf(row)
    const proof = await prove(presented, session, null)
    if (!memory.use(proof.device, proof.id, nowMs())) return refuse(session, 'replayed')
    const isYoung = nowMs() <= row.createdAtMs + SESSION_BIND_MS
    if (row.device === null && !isYoung) return refuse(session, 'bound-too-late')
    const isFirst = row.device === null && (await store.bind(row.id, proof.device, proof.key))
    const device = isFirst ? proof.device : (await store.byId(row.id))?.session.device
    // An answer that got lost is asked for again.
    if (device && sameText(device, proof.device)) return { agent, session: { ...session, device } }
    // Two devices hold a secret that only one was given: nobody can tell which is the thief's.
    if (isYoung) await endNow(session, row.agent, 'two-devices')
    return refuse(session, 'second-device')
  }

  async function callerOf(presented: Presented): Promise<Caller> {
    const { session: row, agent } = await find(presented.secret)
    const session = factsOf(row)
    if (session.device === null) return refuse(session, 'not-bound')
    const proof = await prove(presented, session, session.id)
    if (!sameText(proof.device, session.device)) return refuse(session, 'other-device')
    // Last, so that nobody without the key uses up what is remembered.
    if (!memory.use(proof.device, proof.id, nowMs())) return refuse(session, 'replayed')
    const isSeen = nowMs() < row.seenAtMs + SESSION_SEEN_EVERY_MS
    if (!isSeen && !(await store.touch(session.id, nowMs())))
      throw new TelltaleError('SESSION_ENDED', {})
    return { agent, session }
  }

  return { bind, callerOf }
}
