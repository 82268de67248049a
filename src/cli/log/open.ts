/** `telltale log open`: what is sealed in one entry, for the operator or for somebody else. */
import { disclosureLine } from '../../disclosure/entries.ts'
import { sealersOf } from '../../sequencer/keyring.ts'
import { parseEntry } from '../../tlog/entry.ts'
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

/** Only who may read the disclosure may read its opening. */
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
  const { disclosure } = sealer.open(entry)
  const { agent: pseudonym, epoch, part, parts } = header
  terminal.out(
    safeJson({ index, epoch, pseudonym, part, parts, ...JSON.parse(disclosureLine(disclosure)) }),
  )
  if (forThirdParty === undefined) return
  const opening = formatOpening({ entry, key: sealer.keyOf(entry), receipt })
  await writeOut(forThirdParty, opening, OWNER_ONLY)
  terminal.err(
    `Wrote ${forThirdParty}: it opens this entry for whoever has it, and no other entry.\n` +
      `It also shows that ${pseudonym} is this agent, whose entries of epoch ${epoch} all bear it.\n`,
  )
}

function iso(atMs: number): string {
  return new Date(atMs).toISOString()
}
