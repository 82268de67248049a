import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { followEvents, type Line } from '../api/events.ts'
import { refresh } from '../api/queries.ts'

/** Keeps the pages up to date, and says whether it can. */
export function useLive(): Line {
  const client = useQueryClient()
  const [line, setLine] = useState<Line>('live')
  useEffect(() => {
    const stop = new AbortController()
    void followEvents((event) => refresh(client, event), setLine, stop.signal)
    return () => stop.abort()
  }, [client])
  return line
}
