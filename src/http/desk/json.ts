/** Bodies of requests: JSON that says one thing only. */
import type { FastifyInstance } from 'fastify'
import { JSON_DEPTH_MAX } from '../../base/desk-http-limits.ts'
import { TelltaleError } from '../../base/errors.ts'

/** Takes bodies of these types; any other type is refused. */
export function takeJson(app: FastifyInstance, types: readonly string[]): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser([...types], { parseAs: 'string' }, (_, text, done) => {
    try {
      done(null, text === '' ? undefined : parseJson(text as string))
    } catch (error) {
      done(error as Error)
    }
  })
}

/** Parses JSON. Two readers of a body with a key twice, or with one that objects have by birth, can
 * disagree on what it says: it is refused. Throws REQUEST_INVALID. */
export function parseJson(text: string): unknown {
  const value = parsed(text)
  const problem = ambiguity(text)
  if (problem !== null) throw new TelltaleError('REQUEST_INVALID', { reason: problem })
  return value
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new TelltaleError('REQUEST_INVALID', { reason: 'the body is not JSON' })
  }
}

const INBORN = new Set(['__proto__', 'constructor', 'prototype'])

/** Walks valid JSON by its tokens; null: it is fine. */
function ambiguity(json: string): string | null {
  /** Keys of the objects around; null for a list. */
  const around: (Set<string> | null)[] = []
  let isKey = false
  for (let i = 0; i < json.length; i++) {
    const char = json[i]
    if (char === '"') {
      const end = endOfString(json, i)
      const keys = around.at(-1)
      if (isKey && keys) {
        const key = JSON.parse(json.slice(i, end)) as string
        if (INBORN.has(key)) return 'a key of the body is not taken'
        if (keys.has(key)) return 'a key of the body stands twice'
        keys.add(key)
      }
      isKey = false
      i = end - 1
    } else if (char === '{' || char === '[') {
      if (around.length === JSON_DEPTH_MAX) return 'the body is nested too deeply'
      around.push(char === '{' ? new Set() : null)
      isKey = char === '{'
    } else if (char === '}' || char === ']') {
      around.pop()
      isKey = false
    } else if (char === ',') {
      isKey = around.at(-1) instanceof Set
    }
  }
  return null
}

/** Index after the closing quote. */
function endOfString(json: string, start: number): number {
  let i = start + 1
  while (json[i] !== '"') i += json[i] === '\\' ? 2 : 1
  return i + 1
}
