/** Every way of changing a log that its makers thought of, through the real command. */
import {
  chmodSync,
  cpSync,
  globSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { entriesOf, spell } from '../../src/sequencer/frames.ts'
import { cosign, signNote } from '../../src/tlog/cosignature.ts'
import { leafHash } from '../../src/tlog/hash.ts'
import { formatNote, parseNote } from '../../src/tlog/note.ts'
import { formatVkey, KEY_TYPE, signingKey } from '../../src/tlog/vkey.ts'
import { desk } from './cli.ts'
import { type DeskLog, lines, makeLog, ORIGIN } from './logs.ts'

const here = desk()
afterAll(() => here.clear())

let log: DeskLog
/** The checkpoint of 290 entries, as somebody kept it. */
let kept: string
let keptFolder: string
let files: string[]
beforeAll(async () => {
  log = await makeLog(here)
  await log.append(lines(0, 100))
  await log.append(lines(100, 290))
  kept = here.file('kept.checkpoint', readFileSync(join(log.dir, 'checkpoint')))
  keptFolder = log.copy('yesterday')
  await log.append(lines(290, 700))
  files = globSync('**', { cwd: log.dir, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(log.dir.length + 1))
    .filter((path) => !/^(journal|lock)/.test(path))
})

/** Verifies a copy after a change. */
async function changed(change: (dir: string) => void, ...options: string[]) {
  const copy = log.copy('changed')
  try {
    change(copy)
    return await verify(copy, ...options)
  } finally {
    rmSync(copy, { recursive: true })
  }
}

async function verify(dir: string, ...options: string[]) {
  const found = await here.run('log', 'verify', dir, '--key', log.vkey, '--json', ...options)
  if (found.out === '') throw new Error(found.err)
  const report = JSON.parse(found.out)
  const where = report.findings.map(
    ({ path, problem }: Record<string, string>) => `${path}: ${problem}`,
  )
  return { code: found.code, verdict: report.verdict, where, report }
}

const read = (dir: string, path: string) => readFileSync(join(dir, path))
const write = (dir: string, path: string, bytes: Uint8Array | string) =>
  writeFileSync(join(dir, path), bytes)

/** Replaces the entries of a bundle, and its tile so that it fits where that is asked for. */
function rewrite(dir: string, change: (entries: Buffer[]) => Buffer[], withTile = false) {
  const entries = change(entriesOf(read(dir, 'tile/entries/001')) ?? [])
  write(dir, 'tile/entries/001', spell(entries))
  if (withTile) write(dir, 'tile/0/001', Buffer.concat(entries.map((entry) => leafHash(entry))))
}

const TAMPERED = { code: 1, verdict: 'tampered' }

describe('a changed log', () => {
  it('is valid before it is changed', async () => {
    expect(files).toEqual(expect.arrayContaining(['checkpoint', 'vkey', 'tile/entries/000']))
    expect(files.length).toBeGreaterThan(8)
    expect(await verify(log.dir, '--known', kept)).toMatchObject({ code: 0, where: [] })
  })

  it('is found by any bit of any file', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.nat(), async (file, bit) => {
        const path = files[file % files.length]
        const found = await changed((dir) => {
          const bytes = read(dir, path)
          bytes[(bit >> 3) % bytes.length] ^= 1 << (bit & 7)
          write(dir, path, bytes)
        })
        expect(found, path).toMatchObject(TAMPERED)
      }),
      { numRuns: 150 },
    )
  })

  it('is found by a byte more or less of any file', async () => {
    for (const path of files) {
      const longer = await changed((dir) =>
        write(dir, path, Buffer.concat([read(dir, path), Buffer.of(0)])),
      )
      expect(longer, `${path} longer`).toMatchObject(TAMPERED)
      const shorter = await changed((dir) => write(dir, path, read(dir, path).subarray(0, -1)))
      expect(shorter, `${path} shorter`).toMatchObject(TAMPERED)
    }
  })

  it('is found by a file that is gone, or something else in its place', async () => {
    // Of the partial files, those of the newest checkpoint alone: 700 = 2 * 256 + 188. Those of
    // checkpoints on the way stand or fall by how quickly the entries came.
    const needed = [
      'checkpoint',
      ...['tile/0', 'tile/entries'].flatMap((level) =>
        ['000', '001', '002.p/188'].map((name) => `${level}/${name}`),
      ),
      'tile/1/000.p/2',
    ]
    expect(files).toEqual(expect.arrayContaining(needed))
    for (const path of needed) {
      const gone = await changed((dir) => rmSync(join(dir, path)))
      expect(gone, path).toMatchObject(TAMPERED)
      const folder = await changed((dir) => {
        rmSync(join(dir, path))
        mkdirSync(join(dir, path))
      })
      expect(folder, path).toMatchObject(TAMPERED)
    }
  })

  it.each([
    ['dropped', (all: Buffer[]) => all.filter((_, i) => i !== 10)],
    ['inserted', (all: Buffer[]) => [...all.slice(0, 10), all[3], ...all.slice(10)]],
    ['swapped', (all: Buffer[]) => [...all.slice(0, 10), all[11], all[10], ...all.slice(12)]],
    ['replaced', (all: Buffer[]) => [...all.slice(0, 10), all[3], ...all.slice(11)]],
    ['truncated', (all: Buffer[]) => all.slice(0, 250)],
  ])('says where an entry was %s', async (_, change) => {
    const bundle = await changed((dir) => rewrite(dir, change))
    expect(bundle).toMatchObject(TAMPERED)
    expect(bundle.where[0]).toMatch(
      /^tile\/entries\/001: (entry 266 is not the one that was logged|it does not hold 256 entries)/,
    )
    const tileToo = await changed((dir) => rewrite(dir, change, true))
    expect(tileToo).toMatchObject(TAMPERED)
    expect(tileToo.where.join('\n')).toContain('/001: ')
  })

  it('says where a tile or a bundle was replaced by another of the log', async () => {
    for (const level of ['0', 'entries']) {
      const found = await changed((dir) =>
        cpSync(join(dir, `tile/${level}/000`), join(dir, `tile/${level}/001`)),
      )
      expect(found).toMatchObject(TAMPERED)
      expect(found.where.join('\n')).toMatch(/tile\/(0|entries)\/001: /)
    }
  })

  it('says that it was cut back, tiles, bundles and all', async () => {
    const found = await changed((dir) => {
      rmSync(join(dir, 'tile'), { recursive: true })
      cpSync(join(keptFolder, 'tile'), join(dir, 'tile'), { recursive: true })
    })
    expect(found).toMatchObject(TAMPERED)
    expect(found.where.join('\n')).toContain('tile/entries/002.p/188: it is missing')
  })

  it('tells of a file that no log has', async () => {
    const found = await changed((dir) => write(dir, 'tile/0/note.txt', 'x'))
    expect(found).toMatchObject({
      ...TAMPERED,
      where: ['tile/0/note.txt: no log has a file of this name'],
    })
  })

  it('does not end where the checkpoint claims more entries than there ever were', async () => {
    const own = signingKey(ORIGIN, KEY_TYPE.ed25519, Buffer.alloc(32, 5))
    const text = `${ORIGIN}\n9007199254740991\n${Buffer.alloc(32, 1).toString('base64')}\n`
    const found = await changed((dir) => {
      write(dir, 'checkpoint', formatNote({ text, signatures: [signNote(own, text)] }))
    })
    expect(found).toMatchObject(TAMPERED)
    expect(found.where.length).toBeLessThanOrEqual(1001)
  })
})

describe('a log that was whole once', () => {
  it('passes when rolled back, but not for who kept a checkpoint', async () => {
    expect(await verify(keptFolder)).toMatchObject({ code: 0 })
    const newest = join(log.dir, 'checkpoint')
    const found = await verify(keptFolder, '--known', newest)
    expect(found).toMatchObject(TAMPERED)
    expect(found.where[0]).toContain('has 700 entries, here are 290')
    const memory = here.file('memory', readFileSync(newest))
    expect(await verify(keptFolder, '--remember', memory)).toMatchObject(TAMPERED)
    expect(readFileSync(memory, 'utf8')).toBe(readFileSync(newest, 'utf8'))
  })

  it('is found to be forked by either of two readers who compare', async () => {
    // The operator shows one history to each: the same keys, another log.
    const fork = join(here.folder, 'fork')
    cpSync(keptFolder, fork, { recursive: true })
    cpSync(log.keys, `${fork}.keys`, { recursive: true })
    chmodSync(`${fork}.keys`, 0o700)
    writeFileSync(join(`${fork}.keys`, 'signed'), readFileSync(join(fork, 'checkpoint')))
    const append = (text: string) => here.feed(text, 'log', 'append', fork)
    expect((await append(`${lines(1000, 1300).join('\n')}\n`)).code).toBe(0)
    expect(await verify(fork, '--known', kept)).toMatchObject({ code: 0 })
    for (const to of [590, 700, 900]) {
      const found = await verify(fork, '--known', join(log.dir, 'checkpoint'))
      expect(found, String(to)).toMatchObject(TAMPERED)
      expect(found.where[0]).toMatch(to < 700 ? /rolled back/ : /forked/)
      if (to === 590) expect((await append(`${lines(0, 110).join('\n')}\n`)).code).toBe(0)
      if (to === 700) expect((await append(`${lines(0, 200).join('\n')}\n`)).code).toBe(0)
    }
    expect(await verify(log.dir, '--known', join(fork, 'checkpoint'))).toMatchObject(TAMPERED)
  })

  it('is refused when another key signs it, whatever the folder says', async () => {
    const other = await makeLog(here, 'other')
    await other.append(lines(0, 700))
    const found = await verify(other.dir)
    expect(found).toMatchObject(TAMPERED)
    expect(found.where[0]).toMatch(/^checkpoint: the key that you trust did not sign it/)
    const swapped = await changed((dir) => renameSync(join(dir, 'vkey'), join(dir, 'vkey.old')))
    expect(swapped).toMatchObject({ code: 0 })
    const vkey = await changed((dir) => write(dir, 'vkey', read(other.dir, 'vkey')))
    expect(vkey).toMatchObject({
      ...TAMPERED,
      where: ['vkey: it is not the key that signed the checkpoint'],
    })
  })
})

describe('cosignatures', () => {
  const seed = (byte: number) => Buffer.alloc(32, byte)
  const [north, south] = [1, 2].map((byte) =>
    signingKey(`witness.example/${byte}`, KEY_TYPE.cosignature, seed(byte)),
  )
  const policy = () => here.file('policy', `witness north ${formatVkey(north)}\nquorum north\n`)

  /** The checkpoint with these cosignatures. */
  const cosigned =
    (...keys: (typeof north)[]) =>
    (dir: string) => {
      const note = parseNote(read(dir, 'checkpoint'))
      const more = keys.map((key) => cosign(key, note.text, 1_767_225_600))
      write(dir, 'checkpoint', formatNote({ ...note, signatures: [...note.signatures, ...more] }))
    }

  it('count where the policy knows the witness', async () => {
    const found = await changed(cosigned(north, south), '--policy', policy())
    expect(found).toMatchObject({
      code: 0,
      report: {
        checkpoint: {
          quorum: 'reached',
          cosigned: [{ witness: 'north', at: '2026-01-01T00:00:00.000Z' }],
          unknown: [{ name: 'witness.example/2' }],
        },
      },
    })
  })

  it('count for nothing where it does not, and are listed', async () => {
    const found = await changed(cosigned(south), '--policy', policy())
    expect(found).toMatchObject({ ...TAMPERED, report: { checkpoint: { quorum: 'missing' } } })
    expect(found.where).toEqual([
      "checkpoint: 0 of the policy's 1 witnesses cosigned it, which is no quorum",
    ])
    const without = await changed(cosigned(south))
    expect(without).toMatchObject({
      code: 0,
      report: { checkpoint: { unknown: [{ name: 'witness.example/2' }], cosigned: [] } },
    })
  })

  it('are refused where one of a known witness does not hold', async () => {
    const found = await changed(
      (dir) => {
        cosigned(north)(dir)
        const note = parseNote(read(dir, 'checkpoint'))
        const [own, other] = note.signatures
        other.bytes[20] ^= 1
        write(dir, 'checkpoint', formatNote({ ...note, signatures: [own, other] }))
      },
      '--policy',
      policy(),
    )
    expect(found).toMatchObject(TAMPERED)
    expect(found.where[0]).toMatch(/the signature of witness.example\/1 .* does not hold/)
  })
})
