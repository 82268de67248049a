/** What a verification found, in words. */
import type { PaperReport } from '../../audit/paper.ts'
import type { AuditVerdict, CheckpointReport, LogReport, SignerName } from '../../audit/report.ts'
import { EXIT } from '../../base/errors.ts'
import type { Finding } from '../../sequencer/verify.ts'
import type { Decision } from '../../tlog/decision.ts'
import type { Disclosure } from '../../tlog/sealed.ts'
import { hanging } from '../layout.ts'
import { count, listed, minute, plural, visible } from '../words.ts'
import type { VerifyReport } from './verify.ts'

/** The exit code of a verdict: 2 where it cannot be told. */
export const VERDICT_EXIT: Record<AuditVerdict, number> = {
  valid: EXIT.done,
  tampered: EXIT.finding,
  unknown: EXIT.badInput,
}

const HEADING: Record<AuditVerdict, string> = {
  valid: 'VALID',
  tampered: 'TAMPERED',
  unknown: 'CANNOT TELL',
}

/** Findings shown; the JSON has all that were kept. */
const FINDINGS_SHOWN = 20
const TERM_COLUMNS = 11

/** The report for a person; `heading` is the word for each verdict. */
export function renderReport(report: VerifyReport, columns: number, heading = HEADING): string {
  const { verdict, checkpoint, findings, doubts, target } = report
  const lines = [`${heading[verdict]}  ${visible(checkpoint?.origin ?? target)}`]
  const say = (term: string, text: string) =>
    lines.push(...hanging(term, text, TERM_COLUMNS, columns))
  if (checkpoint !== null) sayCheckpoint(checkpoint, verdict, say)
  if (report.kind === 'log') sayLog(report, say)
  else sayPaper(report, say)
  for (const finding of findings.slice(0, FINDINGS_SHOWN)) say('Found', where(finding))
  if (findings.length > FINDINGS_SHOWN) {
    say('', `... and ${count(findings.length - FINDINGS_SHOWN)} more findings (--json lists them)`)
  }
  for (const doubt of doubts) say('Unsure', visible(doubt))
  if (verdict === 'unknown') lines.push('Nothing was found that speaks against it.')
  return `${lines.join('\n')}\n`
}

/** Where and what, as one text. */
function where({ path, problem }: Finding): string {
  return visible(`${path}: ${problem}`)
}

type Say = (term: string, text: string) => void

function sayCheckpoint(checkpoint: CheckpointReport, verdict: AuditVerdict, say: Say): void {
  const { size, signedBy, cosigned, quorum, unknown } = checkpoint
  const signer =
    signedBy === null ? 'no signature of a key that you trust' : `signed by ${named(signedBy)}`
  say('Checkpoint', `${plural(size, 'entry', 'entries')}, ${signer}`)
  if (quorum !== 'none' || cosigned.length > 0) {
    const names = cosigned.map(({ witness, at }) =>
      visible(at === null ? witness : `${witness} at ${minute(at)} UTC`),
    )
    const asked = {
      reached: ', as your policy asks',
      missing: ', too few for your policy',
      none: '',
    }
    say('Witnesses', `cosigned by ${listed(names, 8)}${asked[quorum]}`)
  }
  if (unknown.length > 0) {
    const what = plural(unknown.length, 'signature')
    const names = listed(unknown.map(named), 4)
    say('Not known', `${what} by keys that you did not name, which count for nothing: ${names}`)
  }
  if (verdict !== 'tampered' && cosigned.length === 0) {
    say('Note', 'no witness vouches that other readers were shown the same log')
  }
}

function sayLog(report: LogReport, say: Say): void {
  const { entries, checkpoint, findings, compared, ownKeys } = report
  if (checkpoint === null) return
  if (ownKeys !== null) {
    say('Key', visible(`the one in ${ownKeys}, on this machine; who audits it brings another`))
  }
  const are = entries === 1 ? 'entry is the one' : 'entries are those'
  if (findings.length === 0)
    say('Entries', `${count(entries)} ${are} that the checkpoint stands for`)
  else say('Entries', `${plural(entries, 'entry', 'entries')} read`)
  for (const { what, size } of compared) {
    say('Compared', visible(`${what}, of ${plural(size, 'entry', 'entries')}: only added to since`))
  }
}

function sayPaper(report: PaperReport, say: Say): void {
  const { index, header, disclosure, decision, verdict } = report
  // Nothing is shown as if the log said it where it does not.
  if (verdict === 'tampered') return
  say('Entry', `number ${count(index)} of the log is this one`)
  if (header?.kind === 'disclosure') {
    say('Shown', `at ${new Date(header.atMs).toISOString()}, to ${header.agent}, by ${header.path}`)
  }
  if (header?.kind === 'decision') {
    say('Decided', `${header.act} at ${new Date(header.atMs).toISOString()}, by ${header.agent}`)
  }
  if (disclosure !== null) sayDisclosure(disclosure, say)
  if (decision !== null) sayDecision(decision, say)
}

function sayDisclosure(disclosure: Disclosure, say: Say): void {
  say('Agent', visible(disclosure.agent))
  say('Customers', visible(listed(disclosure.customers, 20)))
  if (disclosure.fields.length > 0) say('Fields', visible(disclosure.fields.join(', ')))
  if (disclosure.masked.length > 0) say('Masked', visible(disclosure.masked.join(', ')))
  const { purpose, reference, grade } = disclosure
  say('Purpose', visible(`${purpose}${reference === null ? '' : ` ${reference}`} (grade ${grade})`))
}

function sayDecision(decision: Decision, say: Say): void {
  const { agent, subject, customers, reference, reason, detail } = decision
  say('Agent', visible(agent))
  if (subject !== null) say('About', visible(subject))
  if (customers.length > 0) say('Customers', visible(listed(customers, 20)))
  if (reference !== null) say('Number', visible(reference))
  if (reason !== null) say('Reason', visible(reason))
  if (detail !== null) say('Detail', visible(detail))
}

function named({ name, keyId }: SignerName): string {
  return visible(`${name} (key ${keyId})`)
}
