import { dirname, posix } from 'node:path'

/** A tracked text file; `path` is relative to the root. */
export interface TextFile {
  readonly path: string
  readonly text: string
}

/** A command line that a document tells the reader to type. */
export interface DocumentedCommand {
  readonly path: string
  readonly line: number
  readonly command: string
}

// Written so that this file does not break its own rule.
const PLACES: readonly [RegExp, string][] = [
  [/\bregistry[.](npmjs|yarnpkg)[.](org|com)\b|\bnpm[.]pkg[.]github[.]com\b/, 'a registry host'],
  [/"resolved": "(https?|git)/, 'the address that a package came from'],
  [/(^|[\s'"`(=:])[/](work|root|home|Users)[/]\w/m, 'a folder of one machine'],
  [/[/]tmp[/]bash/, 'a folder of one machine'],
]

/** Files that name a package registry or a folder of somebody's machine. */
export function machineTraces(files: readonly TextFile[]): string[] {
  return files.flatMap(({ path, text }) =>
    PLACES.filter(([pattern]) => pattern.test(text)).map(([, what]) => `${path}: names ${what}`),
  )
}

/** Relative links and pictures in Markdown that lead nowhere, by file or by heading. */
export function brokenLinks(
  files: readonly TextFile[],
  exists: (path: string) => boolean,
): string[] {
  const found: string[] = []
  const texts = new Map(files.map(({ path, text }) => [path, text]))
  for (const { path, text } of files.filter(isMarkdown)) {
    for (const [, link] of withoutCode(text).matchAll(/\]\(<?([^)\s>]+)/g)) {
      if (/^[a-z]+:/.test(link)) continue
      const [file, heading] = link.split('#')
      const target = file ? posix.normalize(posix.join(dirname(path), decodeURI(file))) : path
      const leads =
        exists(target) && (!heading || headings(texts.get(target) ?? '').includes(heading))
      if (!leads) found.push(`${path}: the link ${link} leads nowhere`)
    }
  }
  return found
}

/** Lines in Markdown that start with `./telltale`, `npm run` or `npm test`, continued lines joined,
 * and each command of a `&&` chain. */
export function documentedCommands(files: readonly TextFile[]): DocumentedCommand[] {
  const pattern = /(?:^[ ]*(?:\$ )?|`|&& )((?:\.\/telltale|npm (?:run|test))\b[^\n`&]*)/gm
  return files.filter(isMarkdown).flatMap(({ path, text }) => {
    // A continued line keeps its place as a vertical tab, so that lines are still counted right.
    const joined = text.replace(/\\\n\s*/g, ' \v ')
    return [...joined.matchAll(pattern)].map((match) => ({
      path,
      line: joined.slice(0, match.index).split(/[\n\v]/).length,
      command: match[1].replaceAll('\v', '').trim(),
    }))
  })
}

/** Documented `npm` commands whose script is not in package.json. */
export function missingScripts(
  commands: readonly DocumentedCommand[],
  scripts: readonly string[],
): string[] {
  return commands.flatMap(({ path, line, command }) => {
    const name = /^npm (?:run )?([\w:-]+)/.exec(command)?.[1]
    return !name || scripts.includes(name) ? [] : [`${path}:${line}: there is no script ${name}`]
  })
}

/** Documented `./telltale` commands and options that the program's own help does not list.
 * `help(words)` gives the help text of a subcommand, or null where there is none. */
export function missingOptions(
  commands: readonly DocumentedCommand[],
  help: (subcommand: string) => string | null,
): string[] {
  return commands.flatMap(({ path, line, command }) => {
    const match = /^\.\/telltale((?: +[a-z][\w-]*)*)([^|>#]*)/.exec(command)
    if (!match) return []
    const [, words, rest] = match
    const { subcommand, text } = subcommandOf(words.trim().split(/ +/), help)
    if (text === null) return [`${path}:${line}: there is no command ${subcommand}`]
    const options = rest.match(/(?<=\s|\[)--?[a-z][\w-]*/g) ?? []
    const isListed = (option: string) => new RegExp(`(^|[\\s,])${option}(?![\\w-])`, 'm').test(text)
    return options
      .filter((option) => !isListed(option))
      .map((option) => `${path}:${line}: ${subcommand} has no ${option}`)
  })
}

/** The words that name a subcommand, such as `log append`; what follows them is given to it. */
function subcommandOf(words: readonly string[], help: (subcommand: string) => string | null) {
  let subcommand = words[0]
  let text = help(subcommand)
  for (const word of words.slice(1)) {
    const deeper = text?.includes('Commands:') ? help(`${subcommand} ${word}`) : null
    if (deeper === null) break
    subcommand += ` ${word}`
    text = deeper
  }
  return { subcommand, text }
}

function isMarkdown({ path }: TextFile): boolean {
  return path.endsWith('.md')
}

function withoutCode(text: string): string {
  return text.replace(/^```[\s\S]*?^```/gm, '').replace(/`[^`\n]*`/g, '')
}

/** The anchors that a reader of the rendered page can link to. */
function headings(text: string): string[] {
  return [...text.matchAll(/^#+ +(.+)$/gm)].map(([, title]) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .trim()
      .replaceAll(' ', '-'),
  )
}
