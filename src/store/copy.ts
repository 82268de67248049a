/** COPY over a connection of pg, which has no words for it: whole tables, as fast as the wire. */
import { once } from 'node:events'
import type { Socket } from 'node:net'
import type pg from 'pg'
import { COPY_CHUNK_BYTES } from '../base/store-limits.ts'

/** The parts of pg's connection that its own copy messages go through. */
interface Wire {
  readonly stream: Socket
  query(text: string): void
  sendCopyFromChunk(chunk: Buffer): boolean | undefined
  endCopyFrom(): void
  sendCopyFail(reason: string): void
}

/** A query that answers messages itself; pg hands them to whatever has these names. */
interface WireQuery {
  submit(wire: Wire): void
  handleCopyData?(message: { chunk: Buffer }, wire: Wire): void
  handleCopyInResponse?(wire: Wire): void
  handleCommandComplete(): void
  handleReadyForQuery(): void
  handleError(error: Error): void
}

/**
 * Runs `copy ... to stdout` and hands its bytes to `take`, one chunk at a time, no faster than `take`
 * settles. After any error the client is only good to be closed.
 */
export async function copyOut(
  client: pg.ClientBase,
  statement: string,
  take: (chunk: Buffer) => Promise<void>,
): Promise<void> {
  let held: Buffer[] = []
  let heldBytes = 0
  let taken = Promise.resolve()
  const handOn = () => {
    const chunk = Buffer.concat(held)
    held = []
    heldBytes = 0
    taken = taken.then(() => take(chunk))
    return taken
  }
  await run(client, (settle, fail) => ({
    submit: (wire) => wire.query(statement),
    handleCopyData: ({ chunk }, wire) => {
      // A copy: pg reads the next message into the same memory.
      held.push(Buffer.from(chunk))
      heldBytes += chunk.length
      if (heldBytes < COPY_CHUNK_BYTES) return
      wire.stream.pause()
      const mine = handOn()
      mine.then(() => mine === taken && wire.stream.resume(), fail)
    },
    handleCommandComplete: () => {},
    handleReadyForQuery: () => handOn().then(settle, fail),
    handleError: fail,
  }))
}

/** Runs `copy ... from stdin` with what `chunks` gives; an error there ends it with that error. */
export async function copyIn(
  client: pg.ClientBase,
  statement: string,
  chunks: AsyncIterable<Buffer>,
): Promise<void> {
  let failed: unknown
  await run(client, (settle, fail) => {
    const send = async (wire: Wire) => {
      for await (const chunk of chunks) {
        if (failed !== undefined) return
        if (wire.sendCopyFromChunk(chunk) === false) await drained(wire.stream)
      }
      wire.endCopyFrom()
    }
    return {
      submit: (wire) => wire.query(statement),
      handleCopyInResponse: (wire) => {
        send(wire).catch((error) => {
          failed = error
          wire.sendCopyFail('its source failed')
        })
      },
      handleCommandComplete: () => {},
      handleReadyForQuery: settle,
      handleError: (error) => {
        failed ??= error
        fail(failed)
      },
    }
  })
}

function run(
  client: pg.ClientBase,
  make: (settle: () => void, fail: (error: unknown) => void) => WireQuery,
): Promise<void> {
  return new Promise((resolve, reject) => {
    client.query(make(resolve, reject) as unknown as pg.Submittable)
  })
}

/** A connection that breaks never drains; it closes. */
async function drained(stream: Socket): Promise<void> {
  const settled = new AbortController()
  const either = ['drain', 'close'].map((event) => once(stream, event, settled))
  await Promise.race(either).finally(() => settled.abort())
}
