/** A process that keeps a server, for tests that end it: `node supervisor.ts DIR`. */
import { lockFolder } from '../../src/disk/lock.ts'
import { startEmbedded } from '../../src/store/embedded.ts'

const server = await startEmbedded({
  dir: process.argv[2],
  lock: lockFolder,
  settings: { fsync: 'off' },
})
process.stdout.write(`${JSON.stringify({ url: server.url, pid: server.pid })}\n`)
process.stdin.on('data', () => process.exit(0))
