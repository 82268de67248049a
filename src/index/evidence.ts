/** Evidence of one report from the exposure arrays (docs/index.md). */
import type { ComparisonGroup, Evidence } from '../attribution/evidence.ts'
import type { ExposureArrays } from './arrays.ts'
import { groupAt } from './groups.ts'
import { type Pairs, wasExplained, wasShown } from './pairs.ts'
import { NEVER } from './rows.ts'

/** A report by dense ids. Times are epoch seconds. */
export interface EvidenceQuery {
  readonly report: string
  readonly customer: number
  readonly contactedAtS: number
  readonly lagS: number
  /** The fields the caller knew; 0 asks for none. */
  readonly mask: number
  readonly knowing: boolean
  /** The customer's pairs without the disclosures under the report's own ticket, where it has one:
   * the pairs of `customer` in another set of arrays. */
  readonly own?: { readonly pairs: Pairs; readonly customer: number }
}

/** `reported`: customers of earlier reports, who leave the comparison group. */
export function evidence(
  arrays: ExposureArrays,
  query: EvidenceQuery,
  reported: ReadonlySet<number>,
): Evidence {
  const { customer, contactedAtS, mask } = query
  const beforeS = contactedAtS - query.lagS
  const own = query.own ?? { pairs: arrays, customer }
  const { hits, ungrounded } = hitsOf(own.pairs, own.customer, beforeS, mask)
  const group = groupAt(arrays, customer, beforeS)
  const first = arrays.firstContact[customer]
  return {
    report: query.report,
    hits: Uint32Array.from(hits),
    ungrounded: Uint8Array.from(ungrounded),
    knowing: query.knowing,
    ghost: !shownToAnyone(own.pairs, own.customer, contactedAtS),
    firstContact: first === NEVER ? null : first,
    group: group ? comparisonGroup(arrays, group, query, beforeS, reported) : emptyGroup(),
  }
}

/** Evidence of a report on somebody whom the index does not know at all. */
export function ghostEvidence(report: string, knowing: boolean): Evidence {
  return {
    report,
    hits: new Uint32Array(0),
    ungrounded: new Uint8Array(0),
    knowing,
    ghost: true,
    firstContact: null,
    group: emptyGroup(),
  }
}

function emptyGroup(): ComparisonGroup {
  return {
    size: 0,
    starts: new Uint32Array(1),
    agents: new Uint32Array(0),
    firstContacts: new Uint32Array(0),
  }
}

function hitsOf(pairs: Pairs, customer: number, beforeS: number, mask: number) {
  const hits: number[] = []
  const ungrounded: number[] = []
  for (let p = pairs.pairStarts[customer]; p < pairs.pairStarts[customer + 1]; p++) {
    if (!wasShown(pairs, p, beforeS, mask)) continue
    hits.push(pairs.pairAgent[p])
    ungrounded.push(wasExplained(pairs, p, beforeS) ? 0 : 1)
  }
  return { hits, ungrounded }
}

function shownToAnyone(pairs: Pairs, customer: number, beforeS: number): boolean {
  for (let p = pairs.pairStarts[customer]; p < pairs.pairStarts[customer + 1]; p++) {
    if (pairs.pairAt[p] < beforeS) return true
  }
  return false
}

function comparisonGroup(
  arrays: ExposureArrays,
  group: Uint32Array,
  query: EvidenceQuery,
  beforeS: number,
  reported: ReadonlySet<number>,
): ComparisonGroup {
  const members = group.subarray(0, keepUnreported(group, query.customer, reported))
  const shown = shownMembers(arrays, members, beforeS, query.mask)
  return { size: members.length, ...shown, firstContacts: contactsOf(arrays, members) }
}

/** Moves the members who have not reported to the front and gives their number. */
function keepUnreported(
  group: Uint32Array,
  customer: number,
  reported: ReadonlySet<number>,
): number {
  let kept = 0
  for (let i = 0; i < group.length; i++) {
    const member = group[i]
    if (member !== customer && !reported.has(member)) group[kept++] = member
  }
  return kept
}

function contactsOf({ firstContact }: ExposureArrays, members: Uint32Array): Uint32Array {
  const contacts = new Uint32Array(members.length)
  let known = 0
  for (let i = 0; i < members.length; i++) {
    const first = firstContact[members[i]]
    if (first !== NEVER) contacts[known++] = first
  }
  return contacts.slice(0, known).sort()
}

/** Lists the agents of each member shown to anybody. */
function shownMembers(
  arrays: ExposureArrays,
  members: Uint32Array,
  beforeS: number,
  mask: number,
): { starts: Uint32Array; agents: Uint32Array } {
  const { pairStarts, pairAgent, pairAt, pairFields } = arrays
  const anyFields = pairFields === null || mask === 0
  let bound = 0
  for (const member of members) bound += pairStarts[member + 1] - pairStarts[member]
  const starts = new Uint32Array(members.length + 1)
  const agents = new Uint32Array(bound)
  let listed = 0
  let count = 0
  for (let i = 0; i < members.length; i++) {
    const end = pairStarts[members[i] + 1]
    for (let p = pairStarts[members[i]]; p < end; p++) {
      const shown = pairAt[p] < beforeS && (anyFields || wasShown(arrays, p, beforeS, mask))
      agents[count] = pairAgent[p]
      count += Number(shown)
    }
    if (count > starts[listed]) starts[++listed] = count
  }
  return { starts: starts.slice(0, listed + 1), agents: agents.slice(0, count) }
}
