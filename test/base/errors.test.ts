import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { CATALOGUE, type ErrorCode, EXIT, TelltaleError } from '../../src/base/errors.ts'
import { dottedName, type Node, parseSource, walk } from '../tidy/source.ts'

const root = join(import.meta.dirname, '../..')
const page = readFileSync(join(root, 'docs/errors.md'), 'utf8')
const codes = Object.keys(CATALOGUE) as ErrorCode[]

/** Per code: the paragraphs of its section. */
const sections = new Map(
  page
    .split(/^## /m)
    .slice(1)
    .map((section) => {
      const [code, ...paragraphs] = section.trim().split(/\n\n+/)
      return [code, paragraphs.map((text) => text.replaceAll('\n', ' '))]
    }),
)

/** The codes that the sources of one folder create errors with. */
function createdIn(folder: string): Set<string> {
  const created = new Set<string>()
  for (const path of globSync(`${folder}/**/*.ts`, { cwd: root })) {
    const { program } = parseSource(path, readFileSync(join(root, path), 'utf8'))
    walk(program, (node) => {
      if (node.type !== 'NewExpression') return
      if (dottedName(node.callee as Node) !== 'TelltaleError') return
      for (const code of literalsIn((node.arguments as Node[])[0])) created.add(code)
    })
  }
  return created
}

/** The strings an expression may be, such as both sides of `a ? 'X' : 'Y'`. */
function literalsIn(expression: Node): string[] {
  const { type, value, consequent, alternate } = expression
  if (type === 'Literal') return [String(value)]
  if (type !== 'ConditionalExpression') return []
  return [...literalsIn(consequent as Node), ...literalsIn(alternate as Node)]
}

describe('docs/errors.md', () => {
  it('documents every code of the catalogue and no other, each once', () => {
    expect([...sections.keys()].sort()).toEqual([...codes].sort())
    expect(page.match(/^## /gm)).toHaveLength(codes.length)
  })

  it.each(codes)('gives the sentence and the advice of %s as the command says them', (code) => {
    const { says, next } = CATALOGUE[code]
    expect(sections.get(code)?.slice(0, 2)).toEqual([says, next])
  })

  it('tells the exit codes', () => {
    for (const code of Object.values(EXIT)) expect(page).toMatch(new RegExp(`\\b${code} \\w`))
  })
})

describe('the catalogue', () => {
  const created = createdIn('src')

  it.each(codes)('holds %s because something creates it', (code) => {
    expect([...created]).toContain(code)
  })

  it('holds every code that an error is created with, anywhere', () => {
    const all = ['src', 'simulate', 'bench', 'scripts'].flatMap((folder) => [...createdIn(folder)])
    expect([...new Set(all)].filter((code) => !(code in CATALOGUE))).toEqual([])
  })

  it.each(codes)('speaks to a person in %s', (code) => {
    const { says, next } = CATALOGUE[code]
    expect(says).toMatch(/^[A-Z{"].*[.}]$/)
    expect(next).toMatch(/^[A-Z{].*\.$/)
    expect(says + next).not.toMatch(/\n| {2}|please try again/i)
  })
})

describe('TelltaleError', () => {
  it('fills its sentence and tells what to do and how to exit', () => {
    const cause = new Error('EACCES')
    const error = new TelltaleError(
      'FILE_UNREADABLE',
      { file: '{reason}', reason: 'no' },
      { cause },
    )
    expect(error.message).toBe('Cannot read {reason}: no.')
    expect(error).toMatchObject({ code: 'FILE_UNREADABLE', exit: EXIT.badInput, cause })
    expect(error.next).toBe(CATALOGUE.FILE_UNREADABLE.next)
    expect(error).toBeInstanceOf(Error)
  })

  it('does not compile without each field of its sentence', () => {
    // @ts-expect-error the reason is missing
    const unfilled = new TelltaleError('FILE_UNREADABLE', { file: 'a.csv' })
    expect(unfilled.message).toBe('Cannot read a.csv: {reason}.')
  })
})
