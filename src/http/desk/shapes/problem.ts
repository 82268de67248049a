/** How the API says no: RFC 9457. */
import Type, { type Static } from 'typebox'
import { component, count, shape } from './base.ts'

/** An error: `application/problem+json`. */
export const problem = component(
  'Problem',
  shape(
    {
      type: Type.String({ description: '`urn:telltale:error:` and the code' }),
      title: Type.String({ description: 'What the status means' }),
      status: Type.Integer({ minimum: 400, maximum: 599, description: 'The HTTP status' }),
      code: Type.String({ description: 'What is wrong, for programs: a code of docs/errors.md' }),
      detail: Type.String({ description: 'What is wrong, in a sentence for the person' }),
      next: Type.String({ description: 'What the person can do about it' }),
      instance: Type.String({
        description: '`urn:telltale:request:` and the id under which operators find this request',
      }),
      at: Type.Optional(
        Type.String({
          description: 'What of the request is wrong, as a JSON pointer; never its value',
        }),
      ),
      retryAfterS: Type.Optional(count('After how many seconds the same request may succeed')),
    },
    'What went wrong, and what to do about it',
  ),
)
/** An error: `application/problem+json`. */
export type Problem = Static<typeof problem>
