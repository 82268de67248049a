/** `telltale log fsck`: everything that the operator can check of a log and its keys. */
import { auditLog } from '../../audit/log.ts'
import { checkEpochs, checkWriter, type OwnLog } from '../../audit/operator.ts'
import { type AuditVerdict, type LogReport, verdictOf } from '../../audit/report.ts'
import { trustOf } from '../../audit/trust.ts'
import { EXIT } from '../../base/errors.ts'
import type { Finding } from '../../sequencer/verify.ts'
import { safeJson } from '../output.ts'
import type { Progress } from '../progress.ts'
import type { Terminal } from '../stdio.ts'
import { plural } from '../words.ts'
import type { LogPlace, LogTools } from './ports.ts'
import { renderReport } from './verdict.ts'

export interface FsckOptions extends LogPlace {
  readonly json: boolean
}

const HEADING: Record<AuditVerdict, string> = {
  valid: 'IN ORDER',
  tampered: 'NOT IN ORDER',
  unknown: 'CANNOT TELL',
}

/** What was found beside the tree. */
interface Further {
  readonly findings: Finding[]
  readonly lines: string[]
}

/** Checks a log; returns the exit code: 0 where all is well, 1 where something was found. */
export async function runFsck(
  tools: LogTools,
  terminal: Terminal,
  options: FsckOptions,
  progress: Progress,
): Promise<number> {
  const keys = await tools.keys(options)
  // Reading them says whether others could.
  await (await tools.writers(options)).list()
  const folder = tools.files(options.dir)
  // Whoever writes now changes what is looked at: then the journal is left to them.
  const lock = await tools.tryLock(options.dir)
  try {
    progress.phase(`Verifying ${options.dir}`, 'entries')
    const { report } = await auditLog(folder, {
      target: options.dir,
      trust: trustOf({ key: keys.signer.vkey, policy: await folder.read('policy') }),
      policy: null,
      ownKeys: null,
      known: [],
      ask: null,
      onEntries: progress.rows,
    })
    const further: Further = { findings: [], lines: [] }
    if (report.checkpoint?.signedBy) {
      const { size, root } = report.checkpoint
      const head = { size, root: Buffer.from(root, 'base64') }
      const own = { folder, signer: keys.signer, ring: keys.ring, head }
      if (lock === null)
        further.lines.push('Another process writes this log: its journal was not checked.')
      else await addWriter(own, further)
      if (report.findings.length === 0) {
        progress.phase('Reading headers', 'entries')
        await addEpochs(own, further, (done) => progress.rows(done, size))
      }
    }
    progress.end()
    return tell(report, further, terminal, options.json)
  } finally {
    progress.end()
    await lock?.release()
  }
}

async function addWriter(own: OwnLog, { findings, lines }: Further): Promise<void> {
  const journal = await checkWriter(own)
  findings.push(...journal.findings)
  if (journal.unpublished > 0) {
    lines.push(
      `${plural(journal.unpublished, 'entry is', 'entries are')} durable and not published yet, which the next append does.`,
    )
  }
  if (journal.tornBytes > 0) {
    lines.push(
      `The journal ends in ${plural(journal.tornBytes, 'byte')} of a write that was never acknowledged.`,
    )
  }
}

const NO_ENTRIES = { disclosures: 0, decisions: 0 }

async function addEpochs(
  own: OwnLog,
  { findings, lines }: Further,
  onEntries: (done: number) => void,
): Promise<void> {
  const epochs = await checkEpochs(own, onEntries)
  findings.push(...epochs.findings)
  for (const { epoch, destroyedMs } of own.ring.epochs()) {
    const state =
      destroyedMs === null ? '' : `, destroyed at ${new Date(destroyedMs).toISOString()}`
    const { disclosures, decisions } = epochs.entries.get(epoch) ?? NO_ENTRIES
    const also = decisions === 0 ? '' : ` and ${plural(decisions, 'decision')}`
    lines.push(`Epoch ${epoch}: ${plural(disclosures, 'disclosure')}${also}${state}.`)
  }
}

function tell(report: LogReport, further: Further, terminal: Terminal, json: boolean): number {
  const findings = [...report.findings, ...further.findings]
  const whole = { ...report, findings, verdict: verdictOf(findings, report.doubts) }
  if (json) terminal.out(safeJson({ ...whole, notes: further.lines }))
  else {
    const lines = further.lines.map((line) => `  ${line}\n`).join('')
    terminal.out(renderReport(whole, terminal.columns, HEADING) + lines)
  }
  return findings.length > 0 ? EXIT.finding : EXIT.done
}
