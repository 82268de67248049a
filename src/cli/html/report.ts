/**
 * The verdict as one HTML file that asks nothing of the network: it can be mailed, kept with the
 * case and opened in ten years. Everything is readable without script.
 */
import { createHash } from 'node:crypto'
import type { VerdictDocument } from '../../cases/document.ts'
import { agentsInView } from '../facts.ts'
import { shorten } from '../words.ts'
import { type Figure, figure } from './figure.ts'
import { type Markup, markup, NOTHING, verbatim } from './markup.ts'
import { possibilities } from './possibilities.ts'
import { race } from './race.ts'
import { scope, scopeTables } from './scope.ts'
import { SCRIPT } from './script.ts'
import { assumptions, beyond, care, log, next, others, reports, sure, top } from './sections.ts'
import { shares } from './shares.ts'
import { PAGE_STYLE, PICTURE_STYLE } from './styles.ts'
import { timeline } from './timeline.ts'

/** Agents with a timeline and a scope picture of their own. */
const AGENTS_MAX = 4

/** The whole page. Its size is bounded by the limits named in each part, whatever the document's. */
export function renderHtml(document: VerdictDocument): string {
  const agents = agentsInView(document, AGENTS_MAX)
  const timelines = agents.map((agent, i) => timeline(document, agent, i))
  const scopes = document.affected
    .slice(0, AGENTS_MAX)
    .map((affected, i) => ({ affected, figure: scope(affected, i) }))
  const pictures: Figure[] = [race(document), shares(document), ...timelines]
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy()}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="telltale">
<title>${shorten(document.headline, 90)} · Telltale verdict</title>
<style id="picture-style">${verbatim(PICTURE_STYLE)}</style>
<style>${verbatim(PAGE_STYLE)}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the verdict</a>
<div class="page">
${top(document)}<main id="main">
${sure(document)}<div class="pair">${next(document)}${care(document)}</div>${contents(pictures, scopes)}${pictures.map((one) => figure(one))}${scopes.map((one) => markup`${figure(one.figure, scopeTables(one.affected))}`)}${beyond(document.affected.length - AGENTS_MAX, 'lists of affected customers')}${figure(possibilities(document))}${others(document)}${reports(document)}${assumptions(document)}${log(document)}</main>
<footer>Made by Telltale. "Shown" means that the access log says so. This page loads nothing and sends nothing.</footer>
</div>
<script>${verbatim(SCRIPT)}</script>
</body>
</html>
`
  return page.markup
}

function contents(pictures: readonly Figure[], scopes: readonly { figure: Figure }[]): Markup {
  const links: [string, string][] = [
    ['evidence', 'Evidence'],
    ['shares', 'Shares'],
    ...(pictures.length > 2 ? [['timeline-1', 'Timeline'] as [string, string]] : []),
    ...(scopes.length > 0 ? [['affected-1', 'Affected customers'] as [string, string]] : []),
    ['possibilities', 'Explanations'],
    ['others', 'Whom to ask'],
    ['reports', 'Reports'],
    ['assumptions', 'Assumptions'],
    ['log', 'The log'],
  ]
  const items = links.map(([id, words]) => markup`<li><a href="#${id}">${words}</a></li>`)
  return items.length === 0
    ? NOTHING
    : markup`<nav aria-label="On this page"><ul>${items}</ul></nav>`
}

/** Nothing may be loaded; only the style and script of this very page may run. */
function policy(): string {
  const styles = [PICTURE_STYLE, PAGE_STYLE].map(hash).join(' ')
  return `default-src 'none'; style-src ${styles}; script-src ${hash(SCRIPT)}; base-uri 'none'; form-action 'none'`
}

function hash(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`
}
