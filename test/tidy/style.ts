import type { Node, Source } from './source.ts'
import { dottedName, lineOf, walk } from './source.ts'

/** Lines of a file. Longer, it is two files. */
const FILE_LINES_MAX = 300
/** Lines of a function without blank ones; Biome counts the same. */
const FUNCTION_LINES_MAX = 70

/** Files of more than FILE_LINES_MAX lines. */
export function longFiles(sources: readonly Source[]): string[] {
  return sources.flatMap(({ path, text }) => {
    const lines = text.trimEnd().split('\n').length
    return lines > FILE_LINES_MAX ? [`${path}: ${lines} lines, ${FILE_LINES_MAX} at most`] : []
  })
}

/** Functions of more than FUNCTION_LINES_MAX lines, outside tests. */
export function longFunctions(sources: readonly Source[]): string[] {
  const found: string[] = []
  for (const { path, text, program } of sources) {
    if (path.startsWith('test/')) continue
    walk(program, (node) => {
      if (!/Function(Declaration|Expression)$/.test(node.type)) return
      const lines = text
        .slice(node.start, node.end)
        .split('\n')
        .filter((line) => line.trim()).length
      if (lines <= FUNCTION_LINES_MAX) return
      found.push(`${path}:${lineOf(text, node.start)}: a function of ${lines} lines`)
    })
  }
  return found
}

const TEST = /^(it|test)(\.(each|for|skip|skipIf|runIf|only|concurrent|sequential|todo))*$/

/** Tests that assert nothing: whose body calls neither `expect` or `assert`, nor a function (of the
 * tests or their helpers, by name) that does. */
export function testsWithoutAssertion(sources: readonly Source[]): string[] {
  const tests = sources.filter(({ path }) => path.startsWith('test/'))
  const asserting = assertingFunctions(tests)
  return tests.flatMap(({ path, text, program }) =>
    testCalls(program)
      .filter(({ arguments: args }) => !callsAny((args as Node[]).at(1) ?? null, asserting))
      .map((node) => `${path}:${lineOf(text, node.start)}: a test that asserts nothing`),
  )
}

/** `.only` anywhere; `.skip`, `.skipIf`, `.runIf` and `.todo` whose words do not say `(needs ...)`,
 * `(because ...)` or `(skipped ...)`. `context.skip('reason')` within a test gives its reason itself. */
export function unexplainedSkips(sources: readonly Source[]): string[] {
  const found: string[] = []
  for (const { path, text, program } of sources) {
    if (!path.startsWith('test/')) continue
    walk(program, (node) => {
      if (node.type !== 'CallExpression') return
      const name = rootName(node.callee as Node)
      if (!name) return
      const words = text.slice((node.callee as Node).end, node.end)
      const where = `${path}:${lineOf(text, node.start)}`
      if (/^(it|test|describe)\b.*\.only\b/.test(name)) found.push(`${where}: .only`)
      const isSkip = /^(it|test|describe)\b.*\.(skip|todo|skipIf\(\)|runIf\(\))$/.test(name)
      const isSkipInside = !isSkip && /^\w+\.skip$/.test(name)
      if (isSkip && !/^[^\n]*\((needs|because|skipped) /.test(words.trimStart()))
        found.push(`${where}: no reason`)
      if (isSkipInside && !/['"`]\s*,?\s*\)$/.test(words)) found.push(`${where}: no reason`)
    })
  }
  return found
}

/** Like dottedName, with `()` for a call on the way: `it.skipIf()` of `it.skipIf(x)('...')`. */
function rootName(node: Node): string | null {
  if (node.type !== 'CallExpression') return dottedName(node)
  const name = rootName(node.callee as Node)
  return name && `${name}()`
}

/** The calls that define a test: `it('...', body)`, `it.each(...)('...', body)`. */
function testCalls(program: Node): Node[] {
  const found: Node[] = []
  walk(program, (node) => {
    if (node.type !== 'CallExpression') return
    const name = rootName(node.callee as Node)?.replaceAll('()', '')
    const [title, body] = node.arguments as (Node | undefined)[]
    const hasTitle = title?.type === 'Literal' || title?.type === 'TemplateLiteral'
    if (name && TEST.test(name) && hasTitle && body) found.push(node)
  })
  return found
}

function callsAny(body: Node | null, names: ReadonlySet<string>): boolean {
  let calls = false
  if (body?.type === 'Identifier') return names.has(body.name as string)
  if (body)
    walk(body, (node) => {
      if (node.type !== 'CallExpression') return
      const name = rootName(node.callee as Node)
      if (name && names.has(name.split(/[.(]/)[0])) calls = true
      if (name === 'fc.assert') calls = true
    })
  return calls
}

function assertingFunctions(tests: readonly Source[]): Set<string> {
  const bodies: [string, Node][] = []
  for (const { program } of tests) {
    walk(program, (node) => {
      const isVariable = node.type === 'VariableDeclarator' && node.init
      const name = (node.id as Node | null)?.name as string | undefined
      if (name && isVariable) bodies.push([name, node.init as Node])
      else if (name && node.type === 'FunctionDeclaration') bodies.push([name, node])
    })
  }
  const asserting = new Set(['expect', 'assert', 'expectTypeOf'])
  for (let before = -1; before !== asserting.size; ) {
    before = asserting.size
    for (const [name, body] of bodies) if (callsAny(body, asserting)) asserting.add(name)
  }
  return asserting
}
