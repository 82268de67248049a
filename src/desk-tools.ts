/** The wiring of `telltale desk`: loaded by that command alone, since it brings a server along. */
import { userInfo } from 'node:os'
import type { DeskTold, DeskTools, ManagedDesk } from './cli/desk.ts'
import { openDesk } from './desk.ts'
import { readSettings } from './desk-settings.ts'
import { openDeskLog, openStore } from './desk-store.ts'
import { createPeople } from './identity/people.ts'
import { createServices } from './identity/services.ts'
import { createLogTools } from './log-tools.ts'
import { createPeopleStore } from './store/identity/people.ts'
import { createServiceStore } from './store/identity/services.ts'
import { packageVersion } from './version.ts'

/** Serves a desk as the command line, the environment and a file say. */
export const serveDesk: DeskTools['serve'] = async (told, sink) => {
  const settings = await readSettings(told, process.env)
  return openDesk(settings, {
    version: packageVersion(),
    tools: createLogTools(),
    sink: { write: sink },
    nowMs: Date.now,
  })
}

/** Opens a desk's database and log for one change. Throws FOLDER_LOCKED while the desk serves. */
export async function manageDesk<T>(
  told: DeskTold,
  act: (desk: ManagedDesk) => Promise<T>,
): Promise<T> {
  const settings = await readSettings(told, process.env)
  const store = await openStore(settings.database)
  try {
    const log = await openDeskLog(createLogTools(), settings.log)
    try {
      const deps = { decisions: log.recorder, nowMs: Date.now }
      return await act({
        people: createPeople({ ...deps, store: createPeopleStore(store.db) }),
        services: createServices({ ...deps, store: createServiceStore(store.db) }),
        by: userInfo().username,
      })
    } finally {
      await log.close()
    }
  } finally {
    await store.close()
  }
}
