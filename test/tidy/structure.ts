import { dirname, posix } from 'node:path'
import type { Export, Source } from './source.ts'
import { dottedName, lineOf, walk } from './source.ts'

/** The layers of src/, lowest first; files directly in src/ are the wiring above them all. */
const LAYERS: readonly (readonly string[])[] = [
  ['base'],
  ['tlog', 'attribution', 'detection', 'pgwire', 'guard'],
  [
    'sequencer',
    'witness',
    'disclosure',
    'audit',
    'cases',
    'notices',
    'calls',
    'canaries',
    'identity',
    'tickets',
    'grants',
    'reports',
  ],
  [
    'store',
    'source',
    'sealing',
    'index',
    'disk',
    'keys',
    'http',
    'gateway',
    'cli',
    'importers',
    'mail',
  ],
]

/** A file of src/ imports only from lower layers or its own folder, or by an exception such as
 * `cases -> disclosure`. */
export function layerViolations(
  sources: readonly Source[],
  exceptions: readonly string[],
): string[] {
  const found: string[] = []
  for (const source of sources) {
    const from = folderOf(source.path)
    if (from === null) continue
    const layer = layerOf(from)
    if (layer === -1) found.push(`${source.path}: the folder ${from} belongs to no layer`)
    for (const target of localImports(source)) {
      const to = folderOf(target)
      if (to === from || exceptions.includes(`${from} -> ${to}`)) continue
      if (to === null || layerOf(to) >= layer)
        found.push(`${source.path}: may not import ${target}`)
    }
  }
  return found
}

const IMPURE = /^(Date\.now|Math\.random|process|performance|fetch|crypto|console|require)(\.|$)/
const IMPURE_CALL = /^(set(Timeout|Interval|Immediate)|queueMicrotask|Date)$/

/** Layer 1 has no input, output, clock or randomness, and no package that might; tlog may hash. */
export function impurities(sources: readonly Source[], exceptions: readonly string[]): string[] {
  const found: string[] = []
  for (const source of sources) {
    if (layerOf(folderOf(source.path) ?? '') !== 1) continue
    const allowed = (module: string) =>
      module.startsWith('.') ||
      (module === 'node:crypto' && folderOf(source.path) === 'tlog') ||
      exceptions.includes(`${folderOf(source.path)} -> ${module}`)
    for (const { module } of source.imports) {
      if (!allowed(module)) found.push(`${source.path}: a pure file imports ${module}`)
    }
    walk(source.program, (node, parents) => {
      const report = (what: string) =>
        found.push(`${source.path}:${lineOf(source.text, node.start)}: a pure file uses ${what}`)
      const called =
        (node.type === 'CallExpression' || node.type === 'NewExpression') &&
        dottedName(node.callee as never)
      const isNewDateOf = node.type === 'NewExpression' && (node.arguments as unknown[]).length > 0
      if (called && IMPURE_CALL.test(called) && !isNewDateOf) report(called)
      if (node.type !== 'Identifier' && node.type !== 'MemberExpression') return
      const parent = parents.at(-1)
      const isName =
        parent?.type === 'MemberExpression' ? parent.object !== node : parent?.key === node
      const name = dottedName(node)
      if (
        name &&
        IMPURE.test(name) &&
        !isName &&
        !dottedName(parent ?? node)?.startsWith(`${name}.`)
      )
        report(name)
    })
  }
  return found
}

/** Import cycles, each once, as `a.ts -> b.ts -> a.ts`; imports of types count too. */
export function importCycles(sources: readonly Source[]): string[] {
  const graph = new Map(sources.map((source) => [source.path, localImports(source)]))
  const found: string[] = []
  const done = new Set<string>()
  const visit = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path)
    if (start >= 0) found.push([...trail.slice(start), path].join(' -> '))
    if (start >= 0 || done.has(path)) return
    for (const target of graph.get(path) ?? []) visit(target, [...trail, path])
    done.add(path)
  }
  for (const path of graph.keys()) visit(path, [])
  return found
}

/** Files that no entry point reaches. An entry is a path that exists among the sources. */
export function deadFiles(sources: readonly Source[], entries: readonly string[]): string[] {
  const graph = new Map(sources.map((source) => [source.path, localImports(source)]))
  const alive = new Set<string>()
  const queue = entries.filter((entry) => graph.has(entry))
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    if (alive.has(path)) continue
    alive.add(path)
    queue.push(...(graph.get(path) ?? []))
  }
  return [...graph.keys()]
    .filter((path) => !alive.has(path))
    .map((path) => `${path}: nothing uses it`)
}

/**
 * Names exported for nobody. A value must be imported by another file that is not a test; one that
 * serves its own file may be exported so that a test reaches it, but what only tests use is dead,
 * save for exceptions such as `src/cases/words.ts#plural`. A type may also serve its own file, as
 * part of what an exported function takes or gives. What a test helper exports, a test imports.
 */
export function deadExports(
  sources: readonly Source[],
  entries: readonly string[],
  exceptions: readonly string[],
): string[] {
  const used = new Set<string>()
  const tested = new Set<string>()
  for (const source of sources) {
    for (const { module, names } of source.imports) {
      const target = resolve(source.path, module)
      if (target === null) continue
      const uses = isTest(source.path) && !isTest(target) ? tested : used
      for (const name of names) uses.add(`${target}#${name}`)
    }
  }
  const isIn = (set: ReadonlySet<string>, path: string, name: string) =>
    set.has(`${path}#${name}`) || set.has(`${path}#*`)
  const isUsed = (path: string, { name, isType, usedAtHome }: Export) =>
    isIn(used, path, name) ||
    (usedAtHome && (isType || isIn(tested, path, name))) ||
    exceptions.includes(`${path}#${name}`)
  return sources
    .filter(({ path }) => !entries.includes(path))
    .flatMap(({ path, exports }) =>
      exports.filter((one) => !isUsed(path, one)).map(({ name }) => `${path}#${name}: dead export`),
    )
}

/** What crosses a folder's boundary is a contract: exports that another folder of the product
 * imports, without a docstring of their own. */
export function undocumented(sources: readonly Source[]): string[] {
  const contracts = new Set<string>()
  for (const source of sources.filter(({ path }) => !isTest(path))) {
    for (const { module, names } of source.imports) {
      const target = resolve(source.path, module)
      if (target === null || dirname(target) === dirname(source.path)) continue
      for (const name of names) contracts.add(`${target}#${name}`)
    }
  }
  return sources.flatMap(({ path, exports }) =>
    exports
      .filter(({ name, documented }) => !documented && contracts.has(`${path}#${name}`))
      .map(({ name }) => `${path}#${name}: no docstring`),
  )
}

/** The paths of this project that a file imports. */
function localImports(source: Source): string[] {
  return source.imports
    .map(({ module }) => resolve(source.path, module))
    .filter((path) => path !== null)
}

function resolve(from: string, module: string): string | null {
  return module.startsWith('.') ? posix.normalize(posix.join(dirname(from), module)) : null
}

/** The folder of src/ that a path lies in, '' for src/ itself, null outside. */
function folderOf(path: string): string | null {
  const match = /^src\/(?:([^/]+)\/)?/.exec(path)
  return match && (match[1] ?? '')
}

function layerOf(folder: string): number {
  return folder === '' ? LAYERS.length : LAYERS.findIndex((folders) => folders.includes(folder))
}

function isTest(path: string): boolean {
  return path.startsWith('test/')
}
