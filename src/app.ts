/** The wiring: which adapter serves which port. The only file that knows them all. */
import { userInfo } from 'node:os'
import type { AccessOptions, Tools } from './cli/tools.ts'
import { parseMap, readMapping } from './importers/mapping.ts'
import { openAccessLog } from './importers/open.ts'
import { readReports } from './importers/reports.ts'
import { readStaff } from './importers/staff.ts'
import { openVerifiedLog } from './log-source.ts'
import { createLogTools } from './log-tools.ts'
import { untilAskedToEnd } from './signals.ts'
import { packageVersion } from './version.ts'
import { createWitnessTools } from './witness-tools.ts'

/** The real tools, for the command line. */
export function createTools(): Tools {
  return {
    version: packageVersion(),
    nowMs: () => performance.now(),
    openAccessLog: async (file, options) => openAccessLog(file, await logOptions(options)),
    // The engine takes a third of a second to load, and most commands on a log need none.
    readDisclosures: async (source) =>
      (await import('./index/disclosures.ts')).readDisclosures(source, nowS()),
    openLog: openVerifiedLog,
    createIndex: async ({ dir, strict }) =>
      (await import('./index/builder.ts')).createIndexBuilder({
        ...(dir === undefined ? {} : { dir }),
        strict,
        nowS: nowS(),
      }),
    readReports: (file, options) => readReports(file, timeOf(options)),
    readStaff: (file) => readStaff(file),
    budgets: {
      peaks: async (from, onRows) => (await import('./budget-tools.ts')).countPeaks(from, onRows),
      openStore: async (url) => (await import('./budget-tools.ts')).openBudgets(url),
      wallMs: () => Date.now(),
      account: accountName,
    },
    desk: {
      serve: async (told, sink) => (await import('./desk-tools.ts')).serveDesk(told, sink),
      manage: async (told, act) => (await import('./desk-tools.ts')).manageDesk(told, act),
      untilAskedToEnd,
    },
    log: createLogTools(),
    // Nor do they need a database's client and the world's phone numbers.
    map: {
      check: async (options) => (await import('./map-tools.ts')).checkMapping(options),
      begin: async (options) => (await import('./map-tools.ts')).beginMapping(options),
    },
    store: {
      backup: async (place, file) => (await import('./store-tools.ts')).backupStore(place, file),
      restore: async (place, file) => (await import('./store-tools.ts')).restoreStore(place, file),
    },
    people: {
      sync: async (...told) => (await import('./http/people-client.ts')).syncAtDesk(...told),
    },
    witness: createWitnessTools(),
  }
}

/** Where the account has no name, as in a container, its number. */
function accountName(): string {
  try {
    return userInfo().username
  } catch {
    return `account ${process.getuid?.() ?? 'unknown'}`
  }
}

function nowS(): number {
  return Math.floor(Date.now() / 1000)
}

/** What the command line says wins over the mapping file. */
async function logOptions(options: AccessOptions) {
  const file = options.mapping === undefined ? {} : await readMapping(options.mapping)
  const map = options.map === undefined ? undefined : parseMap(options.map)
  return {
    ...file,
    ...(map === undefined ? {} : { map }),
    ...presetOf(options),
    time: { ...file.time, ...timeOf(options) },
  }
}

function presetOf({ preset }: AccessOptions) {
  return preset === undefined ? {} : { preset }
}

function timeOf({ timeFormat, timeZone }: AccessOptions) {
  return {
    ...(timeFormat === undefined ? {} : { format: timeFormat }),
    ...(timeZone === undefined ? {} : { zone: timeZone }),
  }
}
