/** Single keys: one register that acts, fills the help sheet and the palette, and so never lies. */
import { type RefObject, useEffect, useRef } from 'react'

/** What a key does on this page. */
export interface Key {
  /** One character, or two in a row: `r`, `g q`; `Enter` and `Escape` by name. */
  readonly keys: string
  /** Said in the help sheet and in the palette. */
  readonly does: string
  readonly run: () => void
  /** Whether the palette offers it; keys that only move do not belong there. */
  readonly listed?: boolean
}

const SEQUENCE_MS = 1_200
const SETTING = 'telltale.keys'

const registered = new Set<RefObject<readonly Key[]>>()
let pending = ''
let pendingTimer: ReturnType<typeof setTimeout> | undefined

/** Whether single keys act; some people's tools type them by accident (WCAG 2.1.4). */
export function keysAreOn(): boolean {
  return localStorage.getItem(SETTING) !== 'off'
}

/** Turns single keys on or off on this device. */
export function turnKeys(on: boolean): void {
  localStorage.setItem(SETTING, on ? 'on' : 'off')
}

/** Lets keys act for as long as the caller is shown; a later caller's keys come first. */
export function useKeys(keys: readonly Key[]): void {
  const latest = useRef(keys)
  latest.current = keys
  useEffect(() => {
    registered.add(latest)
    return () => void registered.delete(latest)
  }, [])
}

/** All keys that act now, the page's own first. */
export function keysNow(): readonly Key[] {
  const seen = new Set<string>()
  return [...registered]
    .reverse()
    .flatMap(({ current }) => current)
    .filter(({ keys }) => !seen.has(keys) && seen.add(keys))
}

/** Listens to the keyboard, once per page. */
export function useKeyboard(): void {
  useEffect(() => {
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [])
}

function onKey(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return
  if (!keysAreOn() || isTyping(event.target) || document.querySelector('[aria-modal="true"]'))
    return
  const typed = pending === '' ? nameOf(event) : `${pending} ${nameOf(event)}`
  clearTimeout(pendingTimer)
  pending = ''
  const now = keysNow()
  const key = now.find(({ keys }) => keys === typed)
  if (key !== undefined) {
    event.preventDefault()
    key.run()
  } else if (now.some(({ keys }) => keys.startsWith(`${typed} `))) {
    pending = typed
    pendingTimer = setTimeout(() => (pending = ''), SEQUENCE_MS)
  }
}

/** The character, or on a keyboard of another script the one that Latin letters stand on. */
function nameOf(event: KeyboardEvent): string {
  const isForeign = event.key.length === 1 && event.key > '\u007f'
  return isForeign ? event.code.replace(/^Key/, '').toLowerCase() : event.key
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  )
}
