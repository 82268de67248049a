/** An outbox in a process of its own, to be killed: `node outbox-child.ts DATABASE_URL SMTP_PORT NOW_MS`. */
import { presetMap } from '../../src/source/mapping.ts'
import { openSource, sourcePool } from '../../src/source/postgres.ts'
import { openDatabase } from '../../src/store/database.ts'
import { createOutboxStore } from '../../src/store/outbox.ts'
import { createOutbox } from '../../src/tickets/outbox.ts'
import { senderAt } from '../mail/sender.ts'

const [url, port, nowMs] = process.argv.slice(2)
const { db } = await openDatabase({ url })
const source = await openSource({
  mapping: presetMap('telltale'),
  pool: sourcePool(url),
  agents: { idsOf: async () => new Map(), nameOf: async () => null },
})
const outbox = createOutbox({
  store: createOutboxStore(db),
  source,
  sender: senderAt(Number(port)),
  now: () => Number(nowMs),
})
await outbox.run()
