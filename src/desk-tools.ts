/** The wiring of `telltale desk`: loaded by that command alone, since it brings a server along. */
import type { DeskTools } from './cli/desk.ts'
import { openDesk } from './desk.ts'
import { readSettings } from './desk-settings.ts'
import { createLogTools } from './log-tools.ts'
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
