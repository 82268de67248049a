import type { Grant } from '../../../src/http/desk/shapes/grants.ts'
import { serverNowMs } from '../../api/proof.ts'
import { STATE_WORDS } from '../../words.ts'

/** Whether a grant can be used now. */
export function isLive({ state, emergency, liveFromMs, liveUntilMs }: Grant): boolean {
  const nowMs = serverNowMs()
  const isLet = state === 'approved' || (state === 'asked' && emergency)
  return isLet && liveFromMs !== null && liveFromMs <= nowMs && nowMs < (liveUntilMs ?? 0)
}

/** Where a grant stands, in a word and a shape. */
export function Standing({ grant }: { grant: Grant }) {
  const live = isLive(grant)
  const isOver = grant.state === 'approved' && !live
  return (
    <span className="standing" data-state={live ? 'live' : grant.state}>
      {live ? 'can be used' : isOver ? 'over' : STATE_WORDS[grant.state]}
      {grant.emergency && ' · emergency'}
      {grant.review !== null && ` · reviewed: ${grant.review}`}
    </span>
  )
}
