/**
 * Getting a checkpoint cosigned: every witness of the policy is asked at once, and as soon as the
 * policy's quorum has cosigned, the checkpoint can be published. Witnesses may be slow, gone, or
 * lie; none of them can hold the log up beyond a bounded time.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { TelltaleError } from '../base/errors.ts'
import { WITNESS_GRACE_MS, WITNESS_ROUNDS_MAX, WITNESS_TIMEOUT_MS } from '../base/limits.ts'
import { type Checkpoint, parseCheckpoint } from '../tlog/checkpoint.ts'
import { formatNote, type Note, parseNote, type Signature } from '../tlog/note.ts'
import type { Policy, Witness } from '../tlog/policy.ts'
import { verifyConsistency } from '../tlog/proof.ts'
import { hasQuorum } from '../tlog/quorum.ts'
import { openCheckpoint, signersOf } from '../tlog/signed.ts'
import type { VerifierKey } from '../tlog/vkey.ts'

/** One request of C2SP tlog-witness. */
export interface WitnessRequest {
  readonly oldSize: number
  readonly proof: readonly Buffer[]
  /** The signed checkpoint. */
  readonly note: string
}

/** What a witness answers; nothing of it is believed yet. */
export type WitnessReply =
  /** Signature lines. */
  | { readonly kind: 'cosigned'; readonly signatures: readonly Signature[] }
  /** It knows another size than the old one. */
  | { readonly kind: 'conflict'; readonly size: number }
  /** The proof does not hold against what it knows. */
  | { readonly kind: 'unproven' }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'unreachable'; readonly reason: string }

/** The port to a witness, wherever it is. Its methods answer in bounded time, at the latest when the
 * signal is given, and throw nothing. */
export interface WitnessClient {
  /** Keys of the policy that this one witness cosigns with. */
  readonly witnesses: readonly Witness[]
  add(request: WitnessRequest, signal: AbortSignal): Promise<WitnessReply>
  /** The last checkpoint that it cosigned for a log, as it says; null where it says none. */
  latest(origin: string, signal: AbortSignal): Promise<string | null>
}

/** What became of one witness's part. */
export type WitnessOutcome =
  | { readonly kind: 'cosigned' }
  | { readonly kind: 'unreachable'; readonly reason: string }
  | { readonly kind: 'refused'; readonly reason: string }
  /** It cosigned a larger tree than this. `isProven`: and showed one that our key signed. */
  | { readonly kind: 'ahead'; readonly size: number; readonly isProven: boolean }
  /** It holds another history. `isProven`: and showed one that our key signed; `size` is that
   * one's, or null. */
  | { readonly kind: 'forked'; readonly size: number | null; readonly isProven: boolean }

/** A checkpoint after the witnesses were asked. */
export interface Gathered {
  /** The checkpoint with every cosignature that holds. */
  readonly note: string
  readonly isQuorum: boolean
  /** By the client's place in the list that was given. */
  readonly outcomes: readonly WitnessOutcome[]
}

/** Gives the consistency proof from an earlier size to that of the checkpoint. */
export type ProofFrom = (oldSize: number) => Promise<readonly Buffer[]>

/** Asks the witnesses of a policy, and remembers from one checkpoint to the next where each is. */
export interface Gatherer {
  /** Throws what `proofFrom` throws, and NOTE_INVALID, CHECKPOINT_INVALID. */
  gather(note: string, proofFrom: ProofFrom): Promise<Gathered>
}

/** `log` is the key that signs the checkpoints; the clients' keys are those of this very policy. */
export function createGatherer(
  policy: Policy,
  log: VerifierKey,
  clients: readonly WitnessClient[],
): Gatherer {
  const sizes = new Map<WitnessClient, number>()
  return {
    gather: async (text, proofFrom) => {
      const note = parseNote(text)
      const checkpoint = parseCheckpoint(note.text)
      const round = { note, text, checkpoint, log, proofFrom, sizes }
      const stop = new AbortController()
      const cosigned = new Set<Witness>()
      const signatures: Signature[] = []
      const outcomes: WitnessOutcome[] = clients.map(() => ({
        kind: 'unreachable',
        reason: 'it did not answer in time',
      }))
      const enough = createBell()
      const check = () => {
        if (hasQuorum(policy, cosigned)) enough.ring()
      }

      const tasks = clients.map(async (client, i) => {
        const { outcome, lines } = await askOne(client, round, stop.signal)
        // What comes when nobody waits any more does not change what was returned.
        if (stop.signal.aborted) return
        outcomes[i] = outcome
        signatures.push(...lines.map(({ signature }) => signature))
        for (const { witness } of lines) cosigned.add(witness)
        check()
      })
      check()
      const all = Promise.all(tasks)
      all.catch(() => {})
      const late = sleep(WITNESS_TIMEOUT_MS, undefined, { signal: stop.signal })
      const graced = enough.rung.then(() =>
        sleep(WITNESS_GRACE_MS, undefined, { signal: stop.signal }),
      )
      try {
        await Promise.race([all, late, graced])
      } finally {
        for (const timer of [late, graced]) timer.catch(() => {})
        stop.abort()
      }
      const full = formatNote({ ...note, signatures: [...note.signatures, ...signatures] })
      return { note: full, isQuorum: hasQuorum(policy, cosigned), outcomes }
    },
  }
}

interface Round {
  readonly note: Note
  readonly text: string
  readonly checkpoint: Checkpoint
  readonly log: VerifierKey
  readonly proofFrom: ProofFrom
  readonly sizes: Map<WitnessClient, number>
}

interface Line {
  readonly witness: Witness
  readonly signature: Signature
}

interface Asked {
  readonly outcome: WitnessOutcome
  readonly lines: readonly Line[]
}

/** Asks one witness, again where it turns out to be at another size than was thought. */
async function askOne(client: WitnessClient, round: Round, signal: AbortSignal): Promise<Asked> {
  const { checkpoint, text, proofFrom, sizes } = round
  for (let attempt = 0; attempt < WITNESS_ROUNDS_MAX; attempt++) {
    const oldSize = sizes.get(client) ?? 0
    if (oldSize > checkpoint.size) return without(await aheadOrNot(client, round, oldSize, signal))
    const proof = oldSize === 0 || oldSize === checkpoint.size ? [] : await proofFrom(oldSize)
    const reply = await client.add({ oldSize, proof, note: text }, signal)
    switch (reply.kind) {
      case 'cosigned': {
        const lines = valid(client.witnesses, round.note.text, reply.signatures)
        if (typeof lines === 'string') return without({ kind: 'refused', reason: lines })
        sizes.set(client, checkpoint.size)
        return { outcome: { kind: 'cosigned' }, lines }
      }
      case 'conflict':
        sizes.set(client, reply.size)
        break
      case 'unproven':
        return without(await forkedOrNot(client, round, signal))
      default:
        return without(reply)
    }
  }
  const size = sizes.get(client) ?? 0
  if (size > checkpoint.size) return without(await aheadOrNot(client, round, size, signal))
  return without({ kind: 'refused', reason: 'it names another size each time' })
}

const without = (outcome: WitnessOutcome): Asked => ({ outcome, lines: [] })

/** The cosignatures of these witnesses, one of each; a sentence where they are not good. */
function valid(
  witnesses: readonly Witness[],
  text: string,
  signatures: readonly Signature[],
): Line[] | string {
  try {
    const signers = signersOf({ text, signatures }, witnesses)
    if (signers.length === 0) return 'it did not cosign with the key that the policy names'
    if (signers.some(({ timeS }) => timeS === 0)) return 'its cosignature says no time'
    return signers.map(({ key }) => ({
      witness: key,
      signature: signatures.find(({ name, id }) => name === key.name && id === key.id) as Signature,
    }))
  } catch (error) {
    if (error instanceof TelltaleError) return error.message
    throw error
  }
}

/** A witness says that it cosigned more entries than there are: a log put back to an earlier state
 * looks like this. A size alone proves nothing; a checkpoint that our key signed does. */
async function aheadOrNot(
  client: WitnessClient,
  { checkpoint, log, sizes }: Round,
  size: number,
  signal: AbortSignal,
): Promise<WitnessOutcome> {
  // Asked anew the next time: it may have been mistaken, or lied.
  sizes.delete(client)
  const shown = await latestOf(client, checkpoint.origin, log, signal)
  const isProven = shown !== null && shown.size > checkpoint.size
  return { kind: 'ahead', size: isProven ? shown.size : size, isProven }
}

/** A witness says that our proof does not lead on from what it cosigned. */
async function forkedOrNot(
  client: WitnessClient,
  { checkpoint, log, proofFrom, sizes }: Round,
  signal: AbortSignal,
): Promise<WitnessOutcome> {
  sizes.delete(client)
  const shown = await latestOf(client, checkpoint.origin, log, signal)
  if (shown === null || shown.size === 0) return { kind: 'forked', size: null, isProven: false }
  if (shown.size > checkpoint.size) return { kind: 'ahead', size: shown.size, isProven: true }
  try {
    verifyConsistency({
      from: shown.size,
      to: checkpoint.size,
      oldRoot: shown.root,
      newRoot: checkpoint.root,
      proof: shown.size === checkpoint.size ? [] : await proofFrom(shown.size),
    })
    return { kind: 'refused', reason: 'it rejects a proof that holds' }
  } catch (error) {
    if (!(error instanceof TelltaleError) || error.code !== 'PROOF_INVALID') throw error
    return { kind: 'forked', size: shown.size, isProven: true }
  }
}

/** What a witness shows of our log, signed by our own key; null for anything else. */
async function latestOf(
  client: WitnessClient,
  origin: string,
  log: VerifierKey,
  signal: AbortSignal,
): Promise<Checkpoint | null> {
  const note = await client.latest(origin, signal)
  if (note === null) return null
  try {
    return openCheckpoint(note, log).checkpoint
  } catch (error) {
    if (error instanceof TelltaleError) return null
    throw error
  }
}

function createBell() {
  let ring = () => {}
  const rung = new Promise<void>((resolve) => {
    ring = resolve
  })
  return { ring, rung }
}
