/** The read endpoints of C2SP tlog-tiles: a log's checkpoint, tiles and bundles, and no other file. */
import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream'
import { createGzip } from 'node:zlib'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { TelltaleError } from '../base/errors.ts'
import { parseTilePath } from '../tlog/tile.ts'
import { type Paths, refuse } from './serve.ts'

/** The paths of the endpoints and what they take. */
export const FILE_PATHS: Paths = [
  [/^\/checkpoint$/, 'GET, HEAD'],
  [/^\/tile\//, 'GET, HEAD'],
]

const IMMUTABLE = 'public, max-age=31536000, immutable'

/** Adds the endpoints for the log in `dir`. */
export function addFiles(app: FastifyInstance, dir: string): void {
  const method = ['GET', 'HEAD']
  const checkpoint = async (request: FastifyRequest, reply: FastifyReply) => {
    if (request.raw.url !== '/checkpoint') return notServed(reply)
    reply.header('content-type', 'text/plain; charset=utf-8').header('cache-control', 'no-cache')
    return sendFile(request, reply, join(dir, 'checkpoint'), false)
  }
  const tile = async (request: FastifyRequest, reply: FastifyReply) => {
    // The address as it came: nothing in it is decoded or tidied up, so that it is a tile's own
    // path or none.
    const path = (request.raw.url ?? '').slice(1)
    const name = parseTilePath(path)
    if (name === null) return notServed(reply)
    reply.header('content-type', 'application/octet-stream').header('cache-control', IMMUTABLE)
    return sendFile(request, reply, join(dir, path), name.level === 'entries')
  }
  app.route({ method, url: '/checkpoint', handler: checkpoint })
  app.route({ method, url: '/tile/*', handler: tile })
}

async function sendFile(
  request: FastifyRequest,
  reply: FastifyReply,
  path: string,
  mayPack: boolean,
): Promise<FastifyReply> {
  const file = await openFile(path)
  if (file === null) return notServed(reply)
  // Closed by the stream that reads it, or here.
  let size: number | null = null
  try {
    const stat = await file.stat()
    if (stat.isFile()) size = stat.size
  } finally {
    if (size === null) await file.close()
  }
  if (size === null) return notServed(reply)
  const packs = mayPack && takesGzip(request.headers['accept-encoding'])
  if (mayPack) reply.header('vary', 'accept-encoding')
  if (packs) reply.header('content-encoding', 'gzip')
  else reply.header('content-length', size)
  if (request.method === 'HEAD' || size === 0) {
    await file.close()
    return reply.send('')
  }
  const stream = file.createReadStream({ end: size - 1 })
  // Hashes do not pack, nor does what is sealed; the headers between do.
  return reply.send(packs ? pipeline(stream, createGzip({ level: 1 }), () => {}) : stream)
}

/** Null where there is no such file. Does not wait where somebody put a pipe in its place. */
async function openFile(path: string): Promise<FileHandle | null> {
  try {
    return await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return null
    throw error
  }
}

function notServed(reply: FastifyReply): FastifyReply {
  reply.removeHeader('content-type').removeHeader('cache-control')
  return refuse(reply, new TelltaleError('NOT_SERVED', {}))
}

/** Whether a client takes gzip (RFC 9110, section 12.5.3); `*` is not taken for it. */
function takesGzip(accepted: string | string[] | undefined): boolean {
  return String(accepted ?? '')
    .split(',')
    .some((one) => /^\s*gzip\s*(;\s*q=(?!0(\.0*)?\s*$).*)?$/i.test(one))
}
