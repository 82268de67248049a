import { chmodSync, cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { builderOf, rowsOf } from '../imports.ts'
import { disclosure, disclosures, type MadeLog, madeLog, makeLog, ownFolder } from './made.ts'

/** Follows the log into a kept index; gives the error's code, or how many rows were added. */
async function followed(log: MadeLog, dir: string): Promise<string | number> {
  const builder = await builderOf({ dir })
  try {
    return (await builder.addLog(await log.open(), () => {})).rowsAdded
  } catch (error) {
    return (error as { code: string }).code
  } finally {
    builder.close()
  }
}

async function stateOf(dir: string) {
  const builder = await builderOf({ dir })
  try {
    const tables = ['agent', 'customer', 'disclosure', 'source', 'reject', 'followed', 'epoch']
    return await Promise.all(tables.map((table) => rowsOf(builder, `SELECT * FROM ${table}`)))
  } finally {
    builder.close()
  }
}

/** A copy of a log and its keys, which goes on by itself. */
async function copyOf(log: MadeLog): Promise<MadeLog> {
  const dir = join(ownFolder(), 'desk.log')
  cpSync(log.dir, dir, { recursive: true })
  cpSync(`${log.dir}.keys`, `${dir}.keys`, { recursive: true })
  chmodSync(`${dir}.keys`, 0o700)
  return madeLog(dir)
}

const index = () => join(ownFolder(), 'index')

describe('a log that was tampered with', () => {
  it('in any file that its checkpoint stands for adds nothing', async () => {
    const log = await makeLog()
    await log.append(disclosures(600))
    const dir = index()
    expect(await followed(log, dir)).toBe(600)
    const before = await stateOf(dir)
    await log.append(disclosures(700, 600))
    const paths = ['002', '003', '005.p/20'].map((name) => `tile/entries/${name}`)
    for (const path of [...paths, 'tile/0/002', 'checkpoint']) {
      for (const isGone of [false, true]) {
        const bad = await copyOf(log)
        const file = join(bad.dir, path)
        const bytes = readFileSync(file)
        rmSync(file)
        if (!isGone) {
          // Of the bundle that was read in part, the part that was not.
          bytes[path.startsWith('tile/entries') ? bytes.length - 20 : 20] ^= 4
          writeFileSync(file, bytes)
        }
        expect(await followed(bad, dir), `${path} ${isGone}`).toMatch(
          isGone
            ? /^LOG_(INCOMPLETE|MISSING)$/
            : /^(LOG_DAMAGED|LOG_FORKED|SIGNATURE_INVALID|CHECKPOINT_INVALID)$/,
        )
        expect(await stateOf(dir)).toEqual(before)
      }
    }
    expect(await followed(log, dir)).toBe(700)
  })
})

describe('a log with another past', () => {
  it('because it was put back is refused', async () => {
    const log = await makeLog()
    await log.append(disclosures(300))
    const yesterday = await copyOf(log)
    await log.append(disclosures(10, 300))
    const dir = index()
    await followed(log, dir)
    const before = await stateOf(dir)
    expect(await followed(yesterday, dir)).toBe('LOG_ROLLED_BACK')
    expect(await stateOf(dir)).toEqual(before)
  })

  it('because it went on in two ways is refused, whichever is longer', async () => {
    for (const more of [10, 11, 500]) {
      const log = await makeLog()
      await log.append(disclosures(300))
      const fork = await copyOf(log)
      await log.append(disclosures(10, 300))
      await fork.append(disclosures(more, 400))
      const dir = index()
      await followed(log, dir)
      const before = await stateOf(dir)
      expect(await followed(fork, dir), String(more)).toBe('LOG_FORKED')
      expect(await stateOf(dir)).toEqual(before)
    }
  })

  it('because it was replaced by another is refused, of the same name or in the same place', async () => {
    const log = await makeLog()
    await log.append(disclosures(300))
    const dir = index()
    await followed(log, dir)
    const before = await stateOf(dir)
    const named = await makeLog()
    await named.append(disclosures(400))
    expect(await followed(named, dir)).toBe('LOG_FORKED')
    for (const path of [log.dir, `${log.dir}.keys`]) rmSync(path, { recursive: true })
    const placed = await makeLog(log.dir, 'other.example/log')
    await placed.append([disclosure(1)])
    expect(await followed(placed, dir)).toBe('LOG_FORKED')
    expect(await stateOf(dir)).toEqual(before)
  })
})
