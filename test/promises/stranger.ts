/**
 * A verifier by somebody who has read docs/formats.md and the public specifications, and none of our
 * code: nothing here is imported from src/. It is slow, reads all files, and says no for any reason.
 */
import { createHash, createPublicKey, verify } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const sha256 = (...parts: (Uint8Array | string)[]) => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

/** Section 2. */
function mth(leaves: readonly Buffer[]): Buffer {
  if (leaves.length === 0) return sha256('')
  if (leaves.length === 1) return leaves[0]
  const k = 2 ** Math.ceil(Math.log2(leaves.length) - 1)
  return sha256(Buffer.of(1), mth(leaves.slice(0, k)), mth(leaves.slice(k)))
}

/** Section 3. */
function pathOf(level: number | 'entries', index: number, width: number): string {
  const groups: string[] = []
  for (let n = index; groups.length === 0 || n > 0; n = Math.floor(n / 1000)) {
    groups.unshift(`${groups.length > 0 ? 'x' : ''}${String(n % 1000).padStart(3, '0')}`)
  }
  return `tile/${level}/${groups.join('/')}${width < 256 ? `.p/${width}` : ''}`
}

/** Section 4: the text of a note that this key has signed. */
function signedText(note: string, vkey: string): string {
  const [name, id, ...encoded] = vkey.split('+')
  const key = Buffer.from(encoded.join('+'), 'base64')
  if (key[0] !== 1 || key.length !== 33) throw new Error('no Ed25519 key')
  if (sha256(name, '\n', key).toString('hex', 0, 4) !== id) throw new Error('another key ID')
  const end = note.lastIndexOf('\n\n')
  const text = note.slice(0, end + 1)
  const publicKey = createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: key.subarray(1).toString('base64url') },
    format: 'jwk',
  })
  let isSigned = false
  for (const line of note
    .slice(end + 2)
    .split('\n')
    .slice(0, -1)) {
    const [dash, signer, signature] = line.split(' ')
    if (dash !== '—') throw new Error('no signature line')
    const bytes = Buffer.from(signature, 'base64')
    if (bytes.toString('base64') !== signature) throw new Error('another spelling')
    if (signer !== name || bytes.toString('hex', 0, 4) !== id) continue
    if (!verify(null, Buffer.from(text), publicKey, bytes.subarray(4))) throw new Error('forged')
    isSigned = true
  }
  if (!isSigned) throw new Error('not signed')
  return text
}

/** Section 10: a header in its one form. */
function checkEntry(entry: Buffer): void {
  const end = entry.indexOf(10)
  const text = entry.toString('latin1', 0, end)
  const header = JSON.parse(text)
  const sorted = Object.fromEntries(
    Object.keys(header)
      .sort()
      .map((key) => [key, header[key]]),
  )
  if (JSON.stringify(sorted) !== text) throw new Error('a header in another form')
  const keys = KEYS.get(header.kind)
  if (header.v !== 1 || keys !== Object.keys(header).join(' ')) throw new Error('no such entry')
  if (header.kind === 'decision' && !ACTS.test(header.act)) throw new Error('no such act')
}

/** The keys of each kind of header. */
const KEYS = new Map([
  [
    'disclosure',
    'agent at commitment customers epoch fields grade id kind part parts path purpose v',
  ],
  ['decision', 'act agent at commitment epoch id kind v'],
  ['destruction', 'at epoch kind v'],
])
const ACTS =
  /^(ticket\.(opened|taken|assigned|closed|reopened|merged)|code\.(sent|passed|failed)|search\.missed|reveal\.refused|grant\.(asked|approved|denied|ended|reviewed|emergency)|export\.made|call\.placed|session\.(begun|ended|refused)|agent\.(changed|suspended)|settings\.changed|lead\.read)$/

/** Section 11. Returns the entries; throws where anything is not as the checkpoint says. */
export function strangerVerifies(dir: string, vkey: string): Buffer[] {
  const text = signedText(readFileSync(join(dir, 'checkpoint'), 'utf8'), vkey)
  const [origin, size, root, rest] = text.split('\n')
  if (origin !== vkey.split('+')[0] || rest !== '') throw new Error('another log')
  const n = Number(size)
  const read = (level: number | 'entries', index: number, width: number) => {
    const partial = join(dir, pathOf(level, index, width))
    return readFileSync(existsSync(partial) ? partial : join(dir, pathOf(level, index, 256)))
  }
  const entries: Buffer[] = []
  for (let index = 0; index * 256 < n; index++) {
    const width = Math.min(256, n - index * 256)
    const bundle = read('entries', index, width)
    for (let at = 0, i = 0; i < width; i++) {
      const length = bundle.readUInt16BE(at)
      entries.push(bundle.subarray(at + 2, at + 2 + length))
      if (entries[entries.length - 1].length !== length) throw new Error('cut')
      at += 2 + length
      if (i === width - 1 && width === 256 && at !== bundle.length) throw new Error('too much')
    }
  }
  entries.forEach(checkEntry)
  let hashes: Buffer[] = entries.map((entry) => sha256(Buffer.of(0), entry))
  if (!mth(hashes).equals(Buffer.from(root, 'base64'))) throw new Error('another root')
  for (let level = 0; hashes.length > 0; level++) {
    const above: Buffer[] = []
    for (let index = 0; index * 256 < hashes.length; index++) {
      const part = hashes.slice(index * 256, index * 256 + 256)
      const tile = read(level, index, part.length).subarray(0, 32 * part.length)
      if (!tile.equals(Buffer.concat(part))) throw new Error('another tile')
      if (part.length === 256) above.push(mth(part))
    }
    hashes = above
  }
  return entries
}
