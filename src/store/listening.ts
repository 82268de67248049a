/** One connection that only listens, made again whenever it is lost. */
import pg from 'pg'
import { EVENTS_PULSE_MS, EVENTS_RETRY_MS } from '../base/ticket-limits.ts'

/** What is told of a channel. */
export interface Hearing {
  onNotice(payload: string | undefined): void
  /** The connection is back: what happened in between was heard by nobody. */
  onBack(): void
}

/** A channel that is listened to. */
export interface Listening {
  isHearing(): boolean
  close(): Promise<void>
}

/** Listens to a channel (a constant, no value of anybody's) of the database at `url`. Where it does not
 * answer at first, it is tried on. */
export async function listen(url: string, channel: string, hearing: Hearing): Promise<Listening> {
  let client: pg.Client | null = null
  let retryMs: number = EVENTS_RETRY_MS.first
  let timer: NodeJS.Timeout | undefined
  let isClosed = false

  function lose(lost: pg.Client): void {
    if (client === lost) client = null
    if (isClosed || client !== null || timer !== undefined) return
    timer = setTimeout(again, retryMs)
    retryMs = Math.min(retryMs * 2, EVENTS_RETRY_MS.longest)
  }

  async function connect(): Promise<void> {
    const fresh = new pg.Client({
      connectionString: url,
      application_name: 'telltale events',
      keepAlive: true,
      connectionTimeoutMillis: EVENTS_RETRY_MS.longest,
      query_timeout: EVENTS_RETRY_MS.longest,
    })
    fresh.on('error', () => lose(fresh))
    fresh.on('end', () => lose(fresh))
    fresh.on('notification', ({ payload }) => hearing.onNotice(payload))
    try {
      await fresh.connect()
      await fresh.query(`listen ${channel}`)
    } catch (error) {
      await fresh.end().catch(() => {})
      lose(fresh)
      throw error
    }
    if (isClosed) return fresh.end()
    client = fresh
    retryMs = EVENTS_RETRY_MS.first
  }

  function again(): void {
    timer = undefined
    connect().then(
      () => hearing.onBack(),
      () => {},
    )
  }

  await connect().catch(() => {})
  const pulse = setInterval(() => {
    const asked = client
    asked?.query('select 1').catch(() => asked.end().catch(() => {}))
  }, EVENTS_PULSE_MS)
  pulse.unref()
  return {
    isHearing: () => client !== null,
    close: async () => {
      isClosed = true
      clearTimeout(timer)
      clearInterval(pulse)
      await client?.end()
    },
  }
}
