/** Whether the desk works. */
import Type, { type Static } from 'typebox'
import { nullable, shape } from './base.ts'

/** `GET /health/live`. */
export const alive = shape({ live: Type.Boolean({ description: 'Whether the program runs' }) })

const part = shape({
  ready: Type.Boolean({ description: 'Whether it works' }),
  why: Type.Optional(
    nullable(Type.String({ description: 'Why not; told to operators only: see /metrics' })),
  ),
})

/** `GET /health/ready`. */
export const ready = shape({
  ready: Type.Boolean({ description: 'Whether requests can be answered' }),
  parts: shape({ store: part, source: part, log: part }),
})
/** `GET /health/ready`. */
export type Ready = Static<typeof ready>
