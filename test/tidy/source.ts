import { parseSync } from 'vite'

/** A node of the syntax tree (ESTree with TypeScript's additions); offsets are UTF-16. */
export interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly [key: string]: unknown
}

/** One import, re-export or worker start: which module, and which of its names (`*` for all). */
export interface Import {
  readonly module: string
  readonly names: readonly string[]
  /** Nothing of it is left when the program runs. */
  readonly typesOnly: boolean
}

/** One name that a file declares for others. */
export interface Export {
  readonly name: string
  readonly isType: boolean
  /** A docstring stands right before it. */
  readonly documented: boolean
  /** Code of its own file, outside its declaration, mentions it. */
  readonly usedAtHome: boolean
}

/** A TypeScript or JavaScript file as the rules see it; `path` is relative to the root. */
export interface Source {
  readonly path: string
  readonly text: string
  readonly program: Node
  readonly imports: readonly Import[]
  readonly exports: readonly Export[]
}

/** Parses one file; throws on a syntax error. */
export function parseSource(path: string, text: string): Source {
  const parsed = parseSync(path, text)
  const error = parsed.errors[0]
  if (error) throw new Error(`${path}: ${error.message}`)
  const program = parsed.program as unknown as Node
  const docEnds = parsed.comments
    .filter(({ type, value }) => type === 'Block' && value.startsWith('*'))
    .map(({ end }) => end)
  const imports: Import[] = parsed.module.staticImports.map(({ moduleRequest, entries }) => ({
    module: moduleRequest.value,
    names: entries.map(({ importName }) =>
      importName.kind === 'Name'
        ? importName.name!
        : importName.kind === 'Default'
          ? 'default'
          : '*',
    ),
    typesOnly: entries.length > 0 && entries.every(({ isType }) => isType),
  }))
  const exports: Export[] = []
  for (const { start, end, entries } of parsed.module.staticExports) {
    for (const entry of entries) {
      if (entry.moduleRequest) {
        const names = [entry.importName.kind === 'Name' ? entry.importName.name! : '*']
        imports.push({ module: entry.moduleRequest.value, names, typesOnly: entry.isType })
      } else {
        const name = entry.exportName.name ?? 'default'
        const documented = docEnds.some(
          (end) => end <= start && /^\s*$/.test(text.slice(end, start)),
        )
        const usedAtHome = isMentioned(program, entry.localName.name ?? name, { start, end })
        exports.push({ name, isType: entry.isType, documented, usedAtHome })
      }
    }
  }
  return { path, text, program, imports: [...imports, ...lateImports(program)], exports }
}

/** Visits every node below and including `node`, parents first. */
export function walk(node: Node, visit: (node: Node, parents: readonly Node[]) => void): void {
  const parents: Node[] = []
  const step = (current: Node): void => {
    visit(current, parents)
    parents.push(current)
    for (const value of Object.values(current)) {
      for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) step(child)
    }
    parents.pop()
  }
  step(node)
}

/** The 1-based line of an offset. */
export function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length
}

/** `a.b.c` for a chain of plain names, else null. */
export function dottedName(node: Node): string | null {
  if (node.type === 'Identifier') return node.name as string
  if (node.type !== 'MemberExpression' || node.computed) return null
  const object = dottedName(node.object as Node)
  return object && `${object}.${(node.property as Node).name}`
}

function isNode(value: unknown): value is Node {
  return (
    typeof (value as Node | null)?.type === 'string' && typeof (value as Node).start === 'number'
  )
}

function isMentioned(
  program: Node,
  name: string,
  declaration: { readonly start: number; readonly end: number },
): boolean {
  let found = false
  walk(program, (node) => {
    const isElsewhere = node.start < declaration.start || node.end > declaration.end
    if (node.type === 'Identifier' && node.name === name && isElsewhere) found = true
  })
  return found
}

/** `import('./x.ts')` and `new URL('./x.ts', import.meta.url)`, the way a worker is started. */
function lateImports(program: Node): Import[] {
  const found: Import[] = []
  walk(program, (node) => {
    const isUrl = node.type === 'NewExpression' && dottedName(node.callee as Node) === 'URL'
    if (node.type !== 'ImportExpression' && !isUrl) return
    const target = isUrl ? (node.arguments as Node[])[0] : (node.source as Node)
    const module = target?.type === 'Literal' ? String(target.value) : ''
    if (/^\.{1,2}\/.*\.m?[jt]sx?$/.test(module))
      found.push({ module, names: ['*'], typesOnly: false })
  })
  return found
}
