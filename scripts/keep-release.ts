/**
 * Keeps what this version's database looks like, for later versions to be tested with:
 * `node scripts/run.mjs scripts/keep-release.ts 0.2.0` writes `test/store/releases/0.2.0.backup.gz`. A second
 * argument names an earlier migration to stop at.
 */
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { lockFolder } from '../src/disk/lock.ts'
import { backup } from '../src/store/backup.ts'
import { startEmbedded } from '../src/store/embedded.ts'
import { MIGRATIONS, type MigrationName, migrate } from '../src/store/migrate.ts'
import { fillSamples } from '../test/store/samples.ts'

const [release, form] = process.argv.slice(2)
const dir = await mkdtemp(join(tmpdir(), 'tt-release-'))
await chmod(dir, 0o711)
const server = await startEmbedded({ dir: join(dir, 'postgres'), lock: lockFolder })
try {
  await migrate(server.url, Object.keys(MIGRATIONS)[0] as MigrationName)
  const client = new pg.Client({ connectionString: server.url })
  await client.connect()
  await fillSamples(client)
  await client.end()
  await migrate(server.url, form as MigrationName | undefined)
  const file = join(import.meta.dirname, '..', 'test', 'store', 'releases', `${release}.backup.gz`)
  const { rows } = await backup(server.url, file)
  process.stdout.write(`${file}: ${Object.keys(rows).length} tables\n`)
} finally {
  await server.stop()
  await rm(dir, { recursive: true })
}
