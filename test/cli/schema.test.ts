/** The published JSON Schema against the type it describes, and against documents of every kind. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import type { VerdictDocument } from '../../src/cases/document.ts'
import { REJECT_REASONS } from '../../src/disclosure/rejects.ts'
import { ALL, DOCUMENTS } from './samples/documents.ts'

const ROOT = join(import.meta.dirname, '..', '..')

interface Schema {
  $ref?: string
  $defs?: Record<string, Schema>
  type?: string | string[]
  description?: string
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: boolean
  items?: Schema | false
  prefixItems?: Schema[]
  enum?: string[]
  const?: string
}

const schema = JSON.parse(readFileSync(join(ROOT, 'schemas/verdict.schema.json'), 'utf8')) as Schema
const ajv = new Ajv2020({
  strict: true,
  allErrors: true,
  strictTypes: false,
  formats: { 'date-time': ISO_TIME() },
})
const validate = ajv.compile(schema)

function ISO_TIME(): RegExp {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/
}

describe('schemas/verdict.schema.json', () => {
  it('takes every sample', () => {
    for (const [name, document] of Object.entries(ALL)) {
      expect(
        validate(JSON.parse(JSON.stringify(document))),
        `${name}: ${ajv.errorsText(validate.errors)}`,
      ).toBe(true)
    }
  })

  it('refuses what is missing, unknown or of another type', () => {
    const broken: ((document: VerdictDocument & Record<string, unknown>) => void)[] = [
      (document) => delete (document as Partial<VerdictDocument>).ghosts,
      (document) => Object.assign(document, { extra: 1 }),
      (document) => Object.assign(document.log, { extra: 1 }),
      (document) => Object.assign(document.named[0], { gamma: null }),
      (document) => Object.assign(document, { verdict: 'guilty' }),
      (document) => Object.assign(document.agents[0], { hits: 1.5 }),
      (document) => Object.assign(document.agents[0], { comparisonShare: 2.1 }),
      (document) => Object.assign(document.reports[0], { contactedAt: '5 March' }),
      (document) => Object.assign(document.posterior.twoAgents[0], { agents: ['one'] }),
    ]
    for (const breakIt of broken) {
      const document = structuredClone(DOCUMENTS.named) as VerdictDocument & Record<string, unknown>
      breakIt(document)
      expect(validate(document), breakIt.toString()).toBe(false)
    }
  })

  it('says of every property what it means, and is strict everywhere', () => {
    const unsaid: string[] = []
    const loose: string[] = []
    const visit = (one: Schema, path: string): void => {
      for (const [name, property] of Object.entries(one.properties ?? {})) {
        const said = property.description ?? resolve(property).description ?? ''
        if (said.length < 5) unsaid.push(`${path}.${name}`)
        visit(property, `${path}.${name}`)
      }
      if (one.properties !== undefined) {
        const all = Object.keys(one.properties)
        if (one.additionalProperties !== false || one.required?.length !== all.length)
          loose.push(path)
      }
      if (one.items) visit(one.items, `${path}[]`)
    }
    visit(schema, '')
    for (const [name, one] of Object.entries(schema.$defs ?? {})) visit(one, name)
    expect({ unsaid, loose }).toEqual({ unsaid: [], loose: [] })
  })

  it('describes exactly the type in the code', () => {
    const types = new Map([
      ...declarations(readFileSync(join(ROOT, 'src/cases/document.ts'), 'utf8')),
      ...declarations(readFileSync(join(ROOT, 'src/disclosure/source.ts'), 'utf8')),
      [
        'RejectReason',
        Object.keys(REJECT_REASONS)
          .map((reason) => `'${reason}'`)
          .join(' | '),
      ],
    ])
    expect(types.has('VerdictDocument')).toBe(true)
    expect(shapeOfSchema(schema)).toEqual(shapeOfType(types.get('VerdictDocument') ?? '', types))
  })
})

function resolve(one: Schema): Schema {
  if (one.$ref === undefined) return one
  const found = schema.$defs?.[one.$ref.replace('#/$defs/', '')]
  if (found === undefined) throw new Error(`no ${one.$ref}`)
  return found
}

/** A type or a schema, reduced to what both can say. */
type Shape = string | { list: Shape } | { tuple: Shape[] } | { [key: string]: Shape }

function shapeOfSchema(given: Schema): Shape {
  const one = resolve(given)
  if (one.const !== undefined) return `'${one.const}'`
  if (one.enum !== undefined)
    return one.enum
      .map((value) => `'${value}'`)
      .sort()
      .join(' | ')
  if (one.prefixItems !== undefined) return { tuple: one.prefixItems.map(shapeOfSchema) }
  if (one.type === 'array') return { list: shapeOfSchema(one.items as Schema) }
  if (one.type === 'object') {
    return Object.fromEntries(
      Object.entries(one.properties ?? {}).map(([name, value]) => [name, shapeOfSchema(value)]),
    )
  }
  const types = Array.isArray(one.type) ? one.type : [one.type ?? 'none']
  return types
    .map((type) => (type === 'integer' ? 'number' : type))
    .sort()
    .join(' | ')
}

/** The declared types of a source file: name -> what stands right of it, comments removed. */
function declarations(source: string): Map<string, string> {
  const bare = source
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/^\s*\/\/.*$/gm, '')
    .replace(/\breadonly /g, '')
  const found = new Map<string, string>()
  for (const match of bare.matchAll(/export (?:interface (\w+)|type (\w+) =)\s*/g)) {
    const from = (match.index ?? 0) + match[0].length
    const name = match[1] ?? match[2]
    const text = bare.slice(from)
    found.set(
      name,
      match[1] ? text.slice(0, endOfBraces(text)) : text.slice(0, text.search(/\n(?:\n|export)/)),
    )
  }
  return found
}

function endOfBraces(text: string): number {
  let depth = 0
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '{') depth++
    if (text[i] === '}' && --depth === 0) return i + 1
  }
  return text.length
}

function shapeOfType(given: string, types: ReadonlyMap<string, string>): Shape {
  const type = given.trim()
  if (type.endsWith('[]')) return { list: shapeOfType(unwrap(type.slice(0, -2)), types) }
  if (type.startsWith('['))
    return { tuple: split(type.slice(1, -1), ',').map((part) => shapeOfType(part, types)) }
  const alternatives = split(type, '|')
  if (alternatives.length > 1)
    return alternatives
      .map((part) => part.trim())
      .sort()
      .join(' | ')
  if (type.startsWith('{')) {
    const members = split(type.slice(1, -1), ';').flatMap((line) => split(line, '\n'))
    return Object.fromEntries(
      members
        .map((member) => member.trim())
        .filter((member) => member !== '')
        .map((member) => {
          const [, name, value] = /^(\w+): ([\s\S]+)$/.exec(member) ?? []
          if (name === undefined) throw new Error(`cannot read the member: ${member}`)
          return [name, shapeOfType(value, types)]
        }),
    )
  }
  const named = types.get(type)
  return named === undefined ? type : shapeOfType(named, types)
}

function unwrap(type: string): string {
  return type.startsWith('(') && type.endsWith(')') ? type.slice(1, -1) : type
}

/** Splits where no bracket is open. */
function split(text: string, by: string): string[] {
  const parts = ['']
  let depth = 0
  for (const char of text) {
    if ('{[('.includes(char)) depth++
    if ('}])'.includes(char)) depth--
    if (char === by && depth === 0) parts.push('')
    else parts[parts.length - 1] += char
  }
  return parts
}
