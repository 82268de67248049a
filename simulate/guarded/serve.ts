/** A demonstration's desk in a process of its own: says where it is, and ends with its input. */
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { endWith } from '../failure.ts'
import { type DeskProcessOptions, startDemoDesk } from './desk.ts'

async function serve({ dir: kept, size }: DeskProcessOptions): Promise<void> {
  const dir = kept ?? (await mkdtemp(join(tmpdir(), 'telltale-desk-')))
  await mkdir(dir, { recursive: true })
  // PostgreSQL runs as another user where this one is root, and has to get at its folder.
  await chmod(dir, 0o711)
  const desk = await startDemoDesk({ dir, port: 0, size, mailPort: null })
  process.stdout.write(`${JSON.stringify({ url: desk.url })}\n`)
  await Promise.race([text(process.stdin), desk.failed])
  await desk.close()
  if (kept === undefined) await rm(dir, { recursive: true, force: true })
}

await serve(JSON.parse(process.argv[2] ?? '{}')).catch(endWith)
