/** Who the server runs as. PostgreSQL refuses to run as root; as anybody else it runs as us. */
import { stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { TelltaleError } from '../../base/errors.ts'

/** `nobody` on every Linux: owns nothing that the server could damage. */
const NOBODY = 65534

/** The user of the server's processes and files, where it is another than ours. */
export interface ServerUser {
  readonly uid: number
  readonly gid: number
}

/** Null where the server runs as we do. */
export function serverUser(): ServerUser | null {
  return process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : null
}

/** Throws STORE_DIR_UNREACHABLE where the server's user may not enter the absolute path `dir`. */
export async function checkReachable(dir: string, user: ServerUser | null): Promise<void> {
  if (user === null) return
  for (let path = dir; ; path = dirname(path)) {
    const { mode } = await stat(path)
    if ((mode & 0o001) === 0)
      throw new TelltaleError('STORE_DIR_UNREACHABLE', { dir: path, uid: user.uid })
    if (path === dirname(path)) return
  }
}
