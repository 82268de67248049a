/** Replies on their way to customers, and the mails that customers sent: docs/desk.md, "Tables". */
import { type Kysely, sql } from 'kysely'

const OUTBOX = `
  create table telltale.outbox (
    message bigint primary key references support.messages,
    agent text not null,
    state text not null check (state in ('queued', 'sent', 'failed')),
    attempts int not null default 0,
    queued_at_ms bigint not null,
    next_at_ms bigint not null,
    message_id_header text not null unique,
    last_error_class text
  );
  create index on telltale.outbox (next_at_ms) where state = 'queued';
  create index on telltale.outbox (agent, queued_at_ms);
  alter table support.messages add column mail_id text;
`

/** Adds to what 0002 made. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(OUTBOX).execute(db)
}
