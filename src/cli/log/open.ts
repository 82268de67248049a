/** `telltale log open`: what is sealed in one entry, for the operator or for somebody else. */
import { decisionLine, disclosureLine } from '../../disclosure/entries.ts'
import { sealersOf } from '../../sequencer/keyring.ts'
import { type Opened, parseEntry } from '../../tlog/entry.ts'
import { formatOpening } from '../../tlog/opening.ts'
import { parseVkey } from '../../tlog/vkey.ts'
import { safeJson, writeOut } from '../output.ts'
import type { Terminal } from '../stdio.ts'
import { provenEntry, publishedBy } from './entry.ts'
import type { LogPlace, LogTools } from './ports.ts'

export interface OpenOptions extends LogPlace {
  readonly index: number
  /** Where to write what lets somebody without keys open and check this entry, and no other. */
  readonly forThirdParty?: string
}

/** Only who may read what is sealed may read its opening. */
const OWNER_ONLY = 0o600

/** Opens an entry and prints it as JSON. */
export async function runOpen(tools: LogTools, terminal: Terminal, options: OpenOptions) {
  const { dir, index, forThirdParty } = options
  const { signer, ring } = await tools.keys(options)
  const files = tools.files(dir)
  const published = await publishedBy(files, parseVkey(signer.vkey))
  const { entry, receipt } = await provenEntry(files, published, index)
  const { header } = parseEntry(entry)
  if (header.kind === 'destruction') {
    terminal.out(
      safeJson({ index, kind: 'destruction', epoch: header.epoch, at: iso(header.atMs) }),
    )
    return
  }
  const sealer = await sealersOf(ring).of(header.epoch)
  terminal.out(safeJson({ index, ...shown(sealer.open(entry)) }))
  if (forThirdParty === undefined) return
  const opening = formatOpening({ entry, key: sealer.keyOf(entry), receipt })
  await writeOut(forThirdParty, opening, OWNER_ONLY)
  terminal.err(
    `Wrote ${forThirdParty}: it opens this entry for whoever has it, and no other entry.\n` +
      `It also shows that ${header.agent} is this agent, whose entries of epoch ${header.epoch} all bear it.\n`,
  )
}

function shown({ header, disclosure, decision }: Opened) {
  const { agent: pseudonym, epoch } = header
  if (decision !== null) {
    return { kind: 'decision', epoch, pseudonym, ...JSON.parse(decisionLine(decision)) }
  }
  const { part, parts } = header
  return { epoch, pseudonym, part, parts, ...JSON.parse(disclosureLine(disclosure)) }
}

function iso(atMs: number): string {
  return new Date(atMs).toISOString()
}
