/** The wiring of a verification that asks others: a log that is served, and witnesses. */
import type { VerifyPorts } from './cli/log/verify.ts'
import { readServedLog } from './http/log-reader.ts'
import { createWitnessClients } from './http/witness-client.ts'

/** What the command can fetch. The one file for auditors has none of it. */
export const VERIFY_NETWORK: NonNullable<VerifyPorts['network']> = {
  log: (url) => ({ ...readServedLog(url), list: null }),
  ask: async (witness, origin) => {
    const alone = { logs: [], witnesses: [witness], groups: [], quorum: null }
    const { clients, close } = createWitnessClients(alone)
    try {
      const answers = clients.map((client) => client.latest(origin, new AbortController().signal))
      return (await Promise.all(answers))[0] ?? null
    } finally {
      close()
    }
  },
}
