/** Comparison groups: which customers a reported one is fairly compared with (docs/index.md). */
import type { Rows } from './placement.ts'
import { NEVER } from './rows.ts'

/** Live rows of the block being walked; grown to the largest block seen. */
let scratch = new Uint32Array(1)

/** The customers of the group that `customer` stands in at `atS`, that one among them, in row
 * order; null when no row of theirs is live. */
export function groupAt(rows: Rows, customer: number, atS: number): Uint32Array | null {
  const row = liveRow(rows, customer, atS)
  if (row === -1) return null
  const { rowCustomer, sizes } = rows
  const [begin, end] = blockOf(rows, row)
  const live = collectLive(rows, begin, end, atS)
  const place = rankOf(scratch, live, row)
  const groups = piecesOf(live, sizes.group)
  const group = Math.min(Math.floor(place / sizes.group), groups - 1)
  const first = group * sizes.group
  const members = scratch.slice(first, group === groups - 1 ? live : first + sizes.group)
  for (let i = 0; i < members.length; i++) members[i] = rowCustomer[members[i]]
  return members
}

/** Writes the live rows of [begin, end) to `scratch` and gives their number. */
function collectLive(rows: Rows, begin: number, end: number, atS: number): number {
  if (scratch.length < end - begin) scratch = new Uint32Array(end - begin)
  const { rowFrom, rowUntil } = rows
  // Some row is live, so atS is positive; kept an unsigned 32-bit number for speed.
  const lastS = (Math.min(Math.ceil(atS), NEVER) - 1) >>> 0
  let live = 0
  for (let i = begin; i < end; i++) {
    scratch[live] = i
    // from < T <= until in one unsigned comparison, without a branch to guess wrong: times wrap
    // round to large numbers where T is too early.
    live += Number((lastS - rowFrom[i]) >>> 0 < (rowUntil[i] - rowFrom[i]) >>> 0)
  }
  return live
}

/** The place of `row` among the first `live` rows, which ascend. */
function rankOf(ascending: Uint32Array, live: number, row: number): number {
  let low = 0
  let high = live - 1
  while (low < high) {
    const middle = (low + high) >>> 1
    if (ascending[middle] < row) low = middle + 1
    else high = middle
  }
  return low
}

function liveRow(rows: Rows, customer: number, atS: number): number {
  const { customerRowStarts, customerRows, rowFrom, rowUntil } = rows
  for (let i = customerRowStarts[customer]; i < customerRowStarts[customer + 1]; i++) {
    const row = customerRows[i]
    if (rowFrom[row] < atS && atS <= rowUntil[row]) return row
  }
  return -1
}

/** The block [begin, end) that holds `row`. */
function blockOf({ rangeStarts, sizes }: Rows, row: number): [number, number] {
  let low = 0
  let high = rangeStarts.length - 2
  while (low < high) {
    const middle = (low + high + 1) >>> 1
    if (rangeStarts[middle] <= row) low = middle
    else high = middle - 1
  }
  const start = rangeStarts[low]
  const length = rangeStarts[low + 1] - start
  const blocks = piecesOf(length, sizes.block)
  const block = Math.min(Math.floor((row - start) / sizes.block), blocks - 1)
  const begin = start + block * sizes.block
  const end = block === blocks - 1 ? start + length : begin + sizes.block
  return [begin, end]
}

/** Pieces of `size` that `length` is cut into: a remainder below half a piece joins the last. */
function piecesOf(length: number, size: number): number {
  return Math.max(1, Math.floor(length / size + 0.5))
}
