import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createIdempotencyStore, type IdempotencyStore } from '../../src/store/idempotency.ts'
import { freshDatabase, type TestDatabase } from './database.ts'

let database: TestDatabase
let store: IdempotencyStore
beforeEach(async () => {
  database = await freshDatabase()
  store = createIdempotencyStore(database.db, () => 1000)
})
afterEach(() => database.close())

const hashOf = (text: string) => createHash('sha256').update(text).digest()
const write = { agent: 'ann', key: 'k1', route: 'POST /tickets', hash: hashOf('a') }

describe('a write with a number', () => {
  it('is begun by one, however many send it at once', async () => {
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => store.begin(write)))
    expect(outcomes.filter(({ state }) => state === 'new')).toHaveLength(1)
    expect(outcomes.filter(({ state }) => state === 'running')).toHaveLength(9)
  })

  it.each([
    ['nothing', null],
    ['an answer', { number: 'T-1', list: [1, null] }],
    ['a text', 'x'],
    ['false', false],
  ])('answers again with %s', async (_what, body) => {
    await store.begin(write)
    await store.finish(write, 201, body)
    expect(await store.begin(write)).toEqual({ state: 'done', status: 201, body })
    // What is done stays done.
    await store.finish(write, 500, 'other')
    await store.forget(write)
    expect(await store.begin(write)).toEqual({ state: 'done', status: 201, body })
  })

  it('is no other write', async () => {
    await store.begin(write)
    const others = [{ hash: hashOf('b') }, { route: 'POST /search' }]
    for (const other of others) {
      expect(await store.begin({ ...write, ...other })).toEqual({ state: 'mismatch' })
    }
    for (const other of [{ agent: 'bob' }, { key: 'k2' }]) {
      expect(await store.begin({ ...write, ...other })).toEqual({ state: 'new' })
    }
  })

  it('is free again where it did not happen, or after a while', async () => {
    await store.begin(write)
    await store.forget(write)
    expect(await store.begin(write)).toEqual({ state: 'new' })
    expect(await store.forgetBefore(1000)).toBe(0)
    expect(await store.forgetBefore(1001)).toBe(1)
    expect(await store.begin(write)).toEqual({ state: 'new' })
  })
})
