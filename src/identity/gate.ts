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
import { type Endings, factsOf, isLive, type SessionsDeps } from './session.ts'
import type { KnownSession } from './stores.ts'

/** Lets in whoever shows a live session and proves its device. */
export function createGate(
  { store, decisions, nowMs }: SessionsDeps,
  { endNow, tellEnd }: Endings,
): Pick<Sessions, 'bind' | 'callerOf' | 'holderOf'> {
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
    throw new TelltaleError('DEVICE_REFUSED', {})
  }

  async function prove({ proof, method, url }: Presented, session: SessionFacts): Promise<Proof> {
    const notBeforeMs = Math.max(startedAtMs, session.createdAtMs)
    const read = readProof(proof, { method, url, notBeforeMs }, nowMs())
    return typeof read === 'string' ? refuse(session, read) : read
  }

  async function bind(presented: Presented): Promise<Caller> {
    const { session: row, agent } = await find(presented.secret)
    const session = factsOf(row)
    const { device, key, id } = await prove(presented, session)
    if (!memory.use(device, id, nowMs())) return refuse(session, 'replayed')
    const isYoung = nowMs() <= row.createdAtMs + SESSION_BIND_MS
    if (row.device === null && !isYoung) return refuse(session, 'bound-too-late')
    const bound = await store.bind(row.id, device, key, nowMs())
    for (const one of bound.ended)
      if (isLive({ ...one, endedAtMs: null }, nowMs()))
        await tellEnd(one, agent.id, 'signed-in-again')
    if (bound.device === null) throw new TelltaleError('SESSION_ENDED', {})
    // An answer that got lost is asked for again.
    if (sameText(bound.device, device)) return { agent, session: { ...session, device } }
    // Two devices hold a secret that only one was given: nobody can tell which is the thief's.
    if (isYoung) await endNow(session, row.agent, 'two-devices')
    return refuse(session, 'second-device')
  }

  async function callerOf(presented: Presented): Promise<Caller> {
    const { session: row, agent } = await find(presented.secret)
    const session = factsOf(row)
    if (session.device === null) return refuse(session, 'not-bound')
    const proof = await prove(presented, session)
    if (!sameText(proof.device, session.device)) return refuse(session, 'other-device')
    // Last, so that nobody without the key uses up what is remembered.
    if (!memory.use(proof.device, proof.id, nowMs())) return refuse(session, 'replayed')
    const isSeen = nowMs() < row.seenAtMs + SESSION_SEEN_EVERY_MS
    if (presented.isAttended && !isSeen && !(await store.touch(session.id, nowMs())))
      throw new TelltaleError('SESSION_ENDED', {})
    return { agent, session }
  }

  async function holderOf(secret: string): Promise<Caller> {
    const { session, agent } = await find(secret)
    if (session.device === null) throw new TelltaleError('SESSION_ENDED', {})
    return { agent, session: factsOf(session) }
  }

  return { bind, callerOf, holderOf }
}
