/** The customers of a desk: its own tables, or those of a guarded help desk. */

import type { DeskSettings } from './desk-settings.ts'
import type { DeskStore } from './desk-store.ts'
import type { SourcePort } from './disclosure/ports.ts'
import { presetMap, readSourceMap } from './source/mapping.ts'
import { openSource, sourcePool } from './source/postgres.ts'
import type { TicketSource } from './source/ticket-source.ts'
import { createAgentNames } from './store/agent-names.ts'

/** An open source. */
export interface DeskSource {
  readonly port: SourcePort & TicketSource
  /** Throws where it does not answer. */
  ping(): Promise<unknown>
  close(): Promise<void>
}

/** Opens it; both kinds are read through a mapping, by connections that cannot write. */
export async function openDeskSource(
  config: DeskSettings['source'],
  store: DeskStore,
): Promise<DeskSource> {
  const mapping = config === null ? presetMap('telltale') : await readSourceMap(config.map)
  const pool = sourcePool(config?.url ?? store.url)
  try {
    return {
      port: await openSource({ mapping, pool, agents: createAgentNames(store.db) }),
      ping: () => pool.query('select 1'),
      close: () => pool.end(),
    }
  } catch (error) {
    await pool.end()
    throw error
  }
}
