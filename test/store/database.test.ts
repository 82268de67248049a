import { afterEach, describe, expect, it } from 'vitest'
import { freshDatabase, type TestDatabase } from './database.ts'

let open: TestDatabase[] = []
afterEach(async () => {
  for (const database of open) await database.close()
  open = []
})
const fresh = async () => {
  const database = await freshDatabase()
  open.push(database)
  return database
}

describe('a fresh database', () => {
  it('is migrated, and nobody else writes into it', async () => {
    const [one, other] = [await fresh(), await fresh()]
    await one.db.insertInto('support.queues').values({ id: 'phones', name: 'Phones' }).execute()
    const inOne = await one.db.selectFrom('support.queues').selectAll().execute()
    const inOther = await other.db.selectFrom('support.queues').selectAll().execute()
    expect(inOne).toEqual([{ id: 'phones', name: 'Phones' }])
    expect(inOther).toEqual([])
  })
})
