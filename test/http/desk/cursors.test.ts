import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createCursors } from '../../../src/http/desk/cursors.ts'

const cursors = createCursors(randomBytes(32))

describe('a cursor', () => {
  it('opens for whom and what it was sealed', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (cursor, list, agent) => {
        const sealed = cursors.seal(cursor, list, agent) as string
        expect(sealed).toMatch(/^[\w-]+$/)
        expect(cursors.open(sealed, list, agent)).toBe(cursor.toWellFormed())
      }),
    )
  })

  it('says nothing and opens for nobody else', () => {
    const sealed = cursors.seal('customer-4711', 'queue', 'mia') as string
    expect(Buffer.from(sealed, 'base64url').toString('latin1')).not.toContain('4711')
    expect(cursors.seal('customer-4711', 'queue', 'mia')).not.toBe(sealed)
    const refused = (text: string, list: string, agent: string, other = cursors) =>
      expect(() => other.open(text, list, agent)).toThrow(
        expect.objectContaining({ code: 'CURSOR_INVALID' }),
      )
    refused(sealed, 'queue', 'leo')
    refused(sealed, 'grants', 'mia')
    refused(sealed, 'queue', 'mia', createCursors(randomBytes(32)))
    refused(`${sealed}AA`, 'queue', 'mia')
    refused(sealed.slice(0, 20), 'queue', 'mia')
    refused('', 'queue', 'mia')
  })

  it('is not opened once a bit of it is changed', () => {
    const bytes = Buffer.from(cursors.seal('a', 'queue', 'mia') as string, 'base64url')
    for (let i = 0; i < bytes.length * 8; i++) {
      const changed = Buffer.from(bytes)
      changed[i >> 3] ^= 1 << (i & 7)
      expect(() => cursors.open(changed.toString('base64url'), 'queue', 'mia')).toThrow()
    }
  })

  it('of the last page is none', () => {
    expect(cursors.seal(null, 'queue', 'mia')).toBeNull()
    expect(cursors.open(undefined, 'queue', 'mia')).toBeNull()
  })
})
