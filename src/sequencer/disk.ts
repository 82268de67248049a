/**
 * The port to the folder that a log is kept in: one method for each thing that a file system is
 * asked, so that a test can let any of them fail, or lose whatever was not synced. Paths are
 * relative to the folder, with `/`.
 */
export interface Disk {
  /** Opens a file for writing at given places; makes it where it is absent. */
  open(path: string): Promise<DiskFile>
  /** The whole content; null where there is no such file. */
  read(path: string): Promise<Buffer | null>
  /** Makes or replaces a file, its folder too. Not atomic: for content that nobody trusts yet. */
  write(path: string, bytes: Uint8Array): Promise<void>
  /** Atomic: whoever reads `to` finds the old content or the new. */
  rename(from: string, to: string): Promise<void>
  /** Removes a file, or a folder with what is in it; does nothing where there is none. */
  remove(path: string): Promise<void>
  /** Names of the files and folders in a folder, ascending; none where there is no such folder. */
  list(folder: string): Promise<string[]>
  /** Has a file's content on the disk when it returns; false where there is no such file. */
  syncFile(path: string): Promise<boolean>
  /** Has the names in a folder on the disk when it returns. */
  syncFolder(folder: string): Promise<void>
}

/** A file open for writing. */
export interface DiskFile {
  /** Writes all of `bytes` at `position`, or throws; then some of them may have been written. */
  write(bytes: Uint8Array, position: number): Promise<void>
  /** Has everything written on the disk when it returns. After it threw, nothing is known. */
  sync(): Promise<void>
  truncate(length: number): Promise<void>
  close(): Promise<void>
}

/** The folder that a path stands in. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/')
  return slash === -1 ? '' : path.slice(0, slash)
}

/** Replaces a file so that a crash at any moment leaves the old content or the new. */
export async function replaceFile(disk: Disk, path: string, bytes: Uint8Array): Promise<void> {
  const fresh = `${path}.new`
  await disk.write(fresh, bytes)
  await disk.syncFile(fresh)
  await disk.rename(fresh, path)
  await disk.syncFolder(folderOf(path))
}
