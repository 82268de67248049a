/** What signing in keeps in the database: identities, ceremonies, passkeys. */
import { type Kysely, sql } from 'kysely'
import type { ChallengeStore, IdentityStore, Passkey, PasskeyStore } from '../../identity/stores.ts'
import { brokenConstraint } from '../faults.ts'
import type { Tables } from '../tables.ts'

/** Identities of other systems. */
export function createIdentityStore(db: Kysely<Tables>): IdentityStore {
  const identities = () => db.selectFrom('telltale.identities')
  return {
    async agentOf(issuer, subject) {
      const query = identities().select('agent').where('issuer', '=', issuer)
      return (await query.where('subject', '=', subject).executeTakeFirst())?.agent ?? null
    },
    async subjectOf(issuer, agent) {
      const query = identities().select('subject').where('issuer', '=', issuer)
      return (await query.where('agent', '=', agent).executeTakeFirst())?.subject ?? null
    },
    async link(issuer, subject, agent) {
      await db
        .insertInto('telltale.identities')
        .values({ issuer, subject, agent })
        .onConflict((conflict) => conflict.doNothing())
        .execute()
      return (await this.agentOf(issuer, subject)) === agent
    },
    name: (issuer, subject, agent) =>
      db.transaction().execute(async (tx) => {
        await tx
          .deleteFrom('telltale.identities')
          .where('issuer', '=', issuer)
          .where('agent', '=', agent)
          .where('subject', '<>', subject)
          .execute()
        return createIdentityStore(tx).link(issuer, subject, agent)
      }),
    async byMail(mail) {
      const rows = await db
        .selectFrom('telltale.agents')
        .select('id')
        .where(sql`lower(mail)`, '=', mail.toLowerCase())
        .where('status', '=', 'active')
        .limit(2)
        .execute()
      return rows.map(({ id }) => id)
    },
    async byExternalId(externalId) {
      const query = db.selectFrom('telltale.agents').select('id')
      return (await query.where('external_id', '=', externalId).executeTakeFirst())?.id ?? null
    },
  }
}

/** How many challenges that are over one more takes along. */
const CLEARED_AT_ONCE = 100

/** Ceremonies under way. */
export function createChallengeStore(db: Kysely<Tables>): ChallengeStore {
  return {
    async add({ id, kind, payload, expiresAtMs }, nowMs, max) {
      await sql`delete from telltale.challenges where id in (
        select id from telltale.challenges where expires_at_ms <= ${nowMs}
        limit ${CLEARED_AT_ONCE} for update skip locked)`.execute(db)
      const { numAffectedRows } = await sql`
        insert into telltale.challenges (id, kind, payload, expires_at_ms)
        select ${id}, ${kind}, ${JSON.stringify(payload)}::jsonb, ${expiresAtMs}::bigint
        where (select count(*) from (select from telltale.challenges limit ${max}) found) < ${max}
      `.execute(db)
      return numAffectedRows === 1n
    },
    async take(id, kind, nowMs) {
      const row = await db
        .deleteFrom('telltale.challenges')
        .where('id', '=', id)
        .where('kind', '=', kind)
        .returning(['payload', 'expires_at_ms'])
        .executeTakeFirst()
      return row && row.expires_at_ms > nowMs ? row.payload : null
    },
  }
}

/** Passkeys. */
export function createPasskeyStore(db: Kysely<Tables>): PasskeyStore {
  const passkeys = () => db.selectFrom('telltale.passkeys').selectAll()
  return {
    async of(agent) {
      const query = passkeys().where('agent', '=', agent).orderBy('created_at_ms')
      return (await query.execute()).map(passkeyOf)
    },
    async find(id) {
      const row = await passkeys().where('id', '=', id).executeTakeFirst()
      return row ? passkeyOf(row) : null
    },
    add: (passkey, max) =>
      db
        .transaction()
        .execute(async (tx) => {
          // One after the other: two at once do not both find room.
          const owner = tx.selectFrom('telltale.agents').select('id')
          await owner.where('id', '=', passkey.agent).forNoKeyUpdate().execute()
          const { count } = await tx
            .selectFrom('telltale.passkeys')
            .select((of) => of.fn.countAll<number>().as('count'))
            .where('agent', '=', passkey.agent)
            .executeTakeFirstOrThrow()
          if (count >= max) return false
          await tx.insertInto('telltale.passkeys').values(rowOf(passkey)).execute()
          return true
        })
        .catch((error) => {
          if (brokenConstraint(error) === 'passkeys_pkey') return false
          throw error
        }),
    async used(id, counter, atMs) {
      const { numUpdatedRows } = await db
        .updateTable('telltale.passkeys')
        .set({ counter, used_at_ms: atMs })
        .where('id', '=', id)
        // An authenticator that does not count says 0, always.
        .where((of) =>
          of.or([
            of('counter', '<', counter),
            of.and([of('counter', '=', 0), of.val(counter === 0)]),
          ]),
        )
        .executeTakeFirst()
      return numUpdatedRows === 1n
    },
    async remove(agent, id) {
      const { numDeletedRows } = await db
        .deleteFrom('telltale.passkeys')
        .where('agent', '=', agent)
        .where('id', '=', id)
        .executeTakeFirst()
      return numDeletedRows === 1n
    },
  }
}

interface PasskeyRow {
  id: string
  agent: string
  public_key: Uint8Array
  counter: number
  transports: string[]
  label: string
  created_at_ms: number
  used_at_ms: number | null
}

function passkeyOf(row: PasskeyRow): Passkey {
  const { id, agent, counter, transports, label } = row
  return {
    id,
    agent,
    publicKey: row.public_key,
    counter,
    transports,
    label,
    createdAtMs: row.created_at_ms,
    usedAtMs: row.used_at_ms,
  }
}

function rowOf({ id, agent, publicKey, counter, transports, label, ...at }: Passkey): PasskeyRow {
  return {
    id,
    agent,
    // pg takes bytes as a Buffer only.
    public_key: Buffer.from(publicKey),
    counter,
    transports: [...transports],
    label,
    created_at_ms: at.createdAtMs,
    used_at_ms: at.usedAtMs,
  }
}
