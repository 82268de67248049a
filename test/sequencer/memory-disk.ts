/**
 * A disk in memory that knows what a real one would still have after the power fails: content is
 * safe once its file was synced, a name once its folder was. What is not safe is lost, kept, or torn,
 * as a seeded die decides. Operations can be made to fail, or to be the last.
 */
import { type Disk, type DiskFile, folderOf } from '../../src/sequencer/disk.ts'

interface Inode {
  now: Buffer
  safe: Buffer
}

/** A change of a folder's names that is not safe yet. */
interface Change {
  readonly folder: string
  apply(names: Map<string, Inode>): void
}

/** What happens to the operation of this number (from 0), and to those after it. */
export interface Fault {
  readonly at: number
  /** `crash`: nothing is done any more. `EIO`, `ENOSPC`: it fails; `from`: so do all later ones. */
  readonly kind: 'crash' | 'EIO' | 'ENOSPC'
  readonly from?: boolean
}

export class Crash extends Error {}

export interface MemoryDisk extends Disk {
  /** Operations so far, in words. */
  readonly operations: string[]
  /** The disk that is there after the power failed. */
  afterPowerLoss(random: () => number): MemoryDisk
  /** The disk that is there after the process was killed. */
  afterKill(): MemoryDisk
  /** Names of all files, and what they hold. */
  files(): Map<string, Buffer>
  setFault(fault: Fault | null): void
}

export function memoryDisk(
  names = new Map<string, Inode>(),
  safeNames = new Map<string, Inode>(),
): MemoryDisk {
  let changes: Change[] = []
  let fault: Fault | null = null
  const operations: string[] = []
  let isDead = false

  /** Counts an operation; returns whether it is to be done in part only before it throws. */
  function step(what: string): Error | null {
    if (isDead) throw new Crash('dead')
    const number = operations.push(what) - 1
    if (fault === null || number < fault.at || (number > fault.at && !fault.from)) return null
    if (fault.kind === 'crash') {
      isDead = true
      return new Crash(`at ${number}: ${what}`)
    }
    return Object.assign(new Error(`${fault.kind}: injected, ${what}`), { code: fault.kind })
  }

  function change(folder: string, apply: Change['apply']): void {
    apply(names)
    changes.push({ folder, apply })
  }

  function inodeAt(path: string): Inode {
    const found = names.get(path)
    if (found !== undefined) return found
    const made = { now: Buffer.alloc(0), safe: Buffer.alloc(0) }
    change(folderOf(path), (all) => all.set(path, made))
    return made
  }

  function put(inode: Inode, bytes: Uint8Array, position: number): void {
    const end = position + bytes.length
    const grown = Buffer.alloc(Math.max(end, inode.now.length))
    inode.now.copy(grown)
    grown.set(bytes, position)
    inode.now = grown
  }

  function fileAt(path: string): DiskFile {
    const inode = inodeAt(path)
    return {
      write: async (bytes, position) => {
        const error = step(`write ${path}`)
        // Short: some bytes arrive before the error.
        put(inode, error === null ? bytes : bytes.subarray(0, bytes.length >> 1), position)
        if (error !== null) throw error
      },
      sync: async () => {
        const error = step(`sync ${path}`)
        if (error !== null) throw error
        inode.safe = inode.now
      },
      truncate: async (length) => {
        const error = step(`truncate ${path}`)
        if (error !== null) throw error
        inode.now = Buffer.from(inode.now.subarray(0, length))
      },
      close: async () => {},
    }
  }

  /** Throws what is to be thrown before anything is done. */
  function whole(what: string): void {
    const error = step(what)
    if (error !== null) throw error
  }

  return {
    operations,
    setFault: (next) => {
      fault = next
      operations.length = 0
    },
    open: async (path) => {
      whole(`open ${path}`)
      return fileAt(path)
    },
    read: async (path) => {
      whole(`read ${path}`)
      return names.get(path)?.now ?? null
    },
    write: async (path, bytes) => {
      const error = step(`write ${path}`)
      const inode = inodeAt(path)
      inode.now = Buffer.from(error === null ? bytes : bytes.subarray(0, bytes.length >> 1))
      if (error !== null) throw error
    },
    rename: async (from, to) => {
      whole(`rename ${to}`)
      const inode = names.get(from)
      if (inode === undefined) throw new Error(`no ${from}`)
      change(folderOf(to), (all) => {
        all.delete(from)
        all.set(to, inode)
      })
    },
    remove: async (path) => {
      whole(`remove ${path}`)
      change(folderOf(path), (all) => {
        for (const name of all.keys()) {
          if (name === path || name.startsWith(`${path}/`)) all.delete(name)
        }
      })
    },
    list: async (folder) => {
      whole(`list ${folder}`)
      const below = [...names.keys()].filter((name) => name.startsWith(`${folder}/`))
      return [...new Set(below.map((name) => name.slice(folder.length + 1).split('/')[0]))].sort()
    },
    syncFile: async (path) => {
      whole(`sync ${path}`)
      const inode = names.get(path)
      if (inode !== undefined) inode.safe = inode.now
      return inode !== undefined
    },
    syncFolder: async (folder) => {
      whole(`sync folder ${folder}`)
      for (const one of changes) if (one.folder === folder) one.apply(safeNames)
      changes = changes.filter((one) => one.folder !== folder)
    },
    afterKill: () => copy(names, false, () => 0),
    afterPowerLoss: (random) => {
      // A folder made on the way to a file is a name too; ours are made and synced with it.
      for (const one of changes) if (random() < 0.5) one.apply(safeNames)
      return copy(safeNames, true, random)
    },
    files: () => new Map([...names].map(([name, { now }]) => [name, now])),
  }
}

function copy(names: Map<string, Inode>, loses: boolean, random: () => number): MemoryDisk {
  const copied = [...names].map(([name, inode]): [string, Inode] => {
    const content = Buffer.from(loses ? survivor(inode, random) : inode.now)
    return [name, { now: content, safe: content }]
  })
  return memoryDisk(new Map(copied), new Map(copied))
}

/** Of content that was not synced: the old, the new, a beginning of it, or one with lost sectors. */
function survivor({ now, safe }: Inode, random: () => number): Buffer {
  if (now === safe) return now
  const kind = Math.floor(random() * 4)
  if (kind === 0) return safe
  if (kind === 1) return now
  const isLonger = now.length > safe.length && now.subarray(0, safe.length).equals(safe)
  const from = isLonger ? safe.length : 0
  if (kind === 2) return now.subarray(0, from + Math.floor(random() * (now.length - from)))
  const holed = Buffer.from(now)
  for (let at = Math.ceil(from / 512) * 512; at < holed.length; at += 512) {
    if (random() < 0.3) holed.fill(0, at, Math.min(at + 512, holed.length))
  }
  return holed
}
