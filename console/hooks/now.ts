import { useSyncExternalStore } from 'react'
import { serverNowMs } from '../api/proof.ts'

/** A clock that all of a page's times share. */
function clock(everyMs: number): () => number {
  let nowMs = 0
  let timer: ReturnType<typeof setInterval> | undefined
  const watchers = new Set<() => void>()
  const tick = () => {
    nowMs = serverNowMs()
    for (const watcher of watchers) watcher()
  }
  const watch = (watcher: () => void) => {
    watchers.add(watcher)
    timer ??= setInterval(tick, everyMs)
    return () => {
      watchers.delete(watcher)
      if (watchers.size > 0) return
      clearInterval(timer)
      timer = undefined
      nowMs = 0
    }
  }
  const read = () => {
    if (nowMs === 0) nowMs = serverNowMs()
    return nowMs
  }
  return () => useSyncExternalStore(watch, read)
}

/** Now, for what is told in minutes. */
export const useNow = clock(20_000)
/** Now, for what runs out within minutes. */
export const useNowInSeconds = clock(1_000)
