import { dirname, posix } from 'node:path'
import type { Source } from './source.ts'

const SHAPES = /^src\/http\/desk\/shapes\//

/** The console runs in a browser, at whoever's: it imports its own files and packages, and of src/
 * only types of the API's shapes; nothing imports it but tests. */
export function consoleViolations(sources: readonly Source[]): string[] {
  const found: string[] = []
  for (const { path, imports } of sources) {
    for (const { module, typesOnly } of imports) {
      const target = module.startsWith('.') ? posix.join(dirname(path), module) : module
      const isInside = target.startsWith('console/')
      if (!path.startsWith('console/')) {
        if (isInside && !path.startsWith('test/')) found.push(`${path}: may not import ${target}`)
        continue
      }
      const isShape = SHAPES.test(target) && typesOnly
      const isPackage = !module.startsWith('.') && !module.startsWith('node:')
      if (!isInside && !isShape && !isPackage) found.push(`${path}: may not import ${target}`)
    }
  }
  return found
}

/** A style sheet. */
export interface Style {
  readonly path: string
  readonly text: string
}

/** Classes that no component has. Those of the component library are its own affair. */
export function deadStyles(styles: readonly Style[], sources: readonly Source[]): string[] {
  const code = sources
    .filter(({ path }) => path.startsWith('console/'))
    .map(({ text }) => text)
    .join('\n')
  return styles.flatMap(({ path, text }) => {
    const plain = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/"[^"]*"/g, '""')
    const names = new Set([...plain.matchAll(/\.([a-z][\w-]*)/gi)].map(([, name]) => name))
    return [...names]
      .filter((name) => !/^(mantine|css)/.test(name))
      .filter((name) => !new RegExp(`["'\\s]${name}["'\\s]`).test(code))
      .map((name) => `${path}: no component has the class ${name}`)
  })
}

const PHYSICAL =
  /^\s*((margin|padding|border)-(left|right|top|bottom)\b[\w-]*|left|right|top|bottom|width|height|(min|max)-(width|height)|text-align:\s*(left|right)|float)\s*[:;]/gm

/** Sizes and sides that would stay where they are in a script that runs from right to left. */
export function physicalStyles(styles: readonly Style[]): string[] {
  return styles.flatMap(({ path, text }) =>
    [...text.matchAll(PHYSICAL)].map(([match]) => `${path}: ${match.trim()} is physical`),
  )
}
