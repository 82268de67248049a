/**
 * How fast the index answers: 100M disclosures of 12M customers to 2,000 agents over two years, and
 * 1,000 reports. `--rows N` for a smaller log of the same proportions. The table goes to the
 * terminal, the figures to bench/results/attribution-speed.json.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, release, tmpdir, totalmem, type } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { buildPhase, coldPhase, type Phase, warmPhase } from './speed/phases.ts'

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '100000000' },
    phase: { type: 'string' },
    dir: { type: 'string' },
  },
})
const rows = Number(values.rows)

if (values.phase) await runPhase(values.phase, values.dir ?? '')
else runAll()

async function runPhase(name: string, dir: string): Promise<void> {
  const phases: Record<string, () => Promise<Phase>> = {
    build: () => buildPhase(dir, rows),
    cold: () => coldPhase(dir),
    warm: () => warmPhase(dir),
  }
  process.stdout.write(JSON.stringify((await phases[name]()).figures))
}

function runAll(): void {
  const dir = mkdtempSync(join(tmpdir(), 'telltale-speed-'))
  try {
    const built = child('build', dir)
    const dropped = dropFromCache(dir)
    const cold = child('cold', dir)
    const warm = child('warm', dir)
    const figures = { ...built, cacheDropped: String(dropped), ...cold, ...warm }
    print(figures)
    const machine = `${cpus().length} x ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${type()} ${release()}, Node ${process.version}`
    const results = join(import.meta.dirname, 'results')
    mkdirSync(results, { recursive: true })
    writeFileSync(
      join(results, 'attribution-speed.json'),
      `${JSON.stringify({ date: new Date().toISOString().slice(0, 10), machine, rows, figures }, null, 2)}\n`,
    )
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

function child(phase: string, dir: string): Record<string, number | string> {
  process.stderr.write(`${phase} ...\n`)
  const start = performance.now()
  const args = [import.meta.filename, '--phase', phase, '--dir', dir, '--rows', String(rows)]
  const run = spawnSync(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  if (run.status !== 0) throw new Error(`the ${phase} phase failed`)
  const wallMs = Math.round(performance.now() - start)
  return { ...JSON.parse(run.stdout.toString()), [`${phase} process, wall ms`]: wallMs }
}

/** Takes the index out of the file cache where `dd` can, so that opening it reads the disk. */
function dropFromCache(dir: string): boolean {
  const files = readdirSync(dir).map((name) => join(dir, name))
  return files.every((file) => {
    const args = [`of=${file}`, 'oflag=nocache', 'conv=notrunc,fdatasync', 'count=0']
    return spawnSync('dd', args, { stdio: 'ignore' }).status === 0
  })
}

function print(figures: Record<string, number | string>): void {
  process.stdout.write(`${rows.toLocaleString('en')} disclosures, 1,000 reports\n`)
  for (const [name, value] of Object.entries(figures)) {
    const shown = typeof value === 'number' ? value.toLocaleString('en') : value
    process.stdout.write(`  ${name.padEnd(36)} ${shown.padStart(12)}\n`)
  }
}
