/**
 * Rows for every table in the form of 0001-desk, with what is hard to carry: bytes, arrays, JSON of
 * every kind, quotes, tabs, lines, the text that ends a COPY, and nothing.
 */
import type pg from 'pg'

const SAMPLES = String.raw`
insert into telltale.teams values ('t1', 'Ärger & Söhne "quoted"', 1000);
insert into telltale.agents values
  ('a1', 'p1', E'Mina\tTab\nLine \\. end', 'mina@example.com', 'A-7F3K9Q', 't1', '{agent,lead}', 'person',
    'active', 'ext-1', 1000, 1001, null),
  ('a2', 'p2', 'Ōta 太田', null, 'A-000002', null, '{}', 'service', 'suspended', null, 1000, 1001, 1002);
insert into telltale.identities values ('https://id.example', 'sub', 'a1');
insert into telltale.passkeys values ('k1', 'a1', '\x00ff0a0d5c', 9007199254740991,
  '{usb,"a,b","with \"quotes\"",null}', 'key', 1000, null);
insert into telltale.challenges values ('c1', 'passkey', '{"deep": [1, 2.50, null, {"x": "\\."}], "n": 1e30}', 5);
insert into telltale.rosters values ('a1', 10, 20);
insert into telltale.sessions values ('s1', '\xdead', 'a1', 'thumb', '{"kty": "EC"}', 'passkey', 1, 2, 3, null, null, null),
  ('s2', '\x', 'a1', null, 'null', 'oidc', 1, 2, 3, 4, 5, 'signed out');
insert into telltale.services values ('v1', 'crm', '\x01', '{decide}', 1, null);
insert into telltale.views values ('a1', 'c1', 1000), ('a1', E'c\\2', 2000);
insert into telltale.lookups values ('l1', 'a1', 1, true), ('l2', 'a1', 2, false);
insert into telltale.budgets values ('team:t1', 1, 2, 3, '[]', 4, 'a1');
insert into telltale.grants (id, kind, agent, person, reason, text, customers, fields, extra, minutes, emergency, state,
  asked_at_ms, decided_person, review) values
  ('g1', 'see', 'a1', 'p1', 'safety', E'line\r\nbreak', '{c1,NULL,"NULL"}', '{}', 0, 10, false, 'approved', 1, 'p2', 'fine');
insert into telltale.codes (id, ticket, agent, assigned_at_ms, field, code_hash, sent_at_ms, expires_at_ms)
  values ('d1', 'T-1', 'a1', null, 'mail', '\x5c2e0a', 1, 2);
insert into telltale.assignments (ticket, at_ms) values ('T-9', 1);
insert into telltale.idempotency values ('a1', 'k', 'POST /x', '\x00', 200, 'null', 1), ('a1', 'j', 'POST /x', '\x00', null, null, 1);
insert into telltale.exports values ('e1', 'g1', 'a1', 3, '{}', 1);
insert into telltale.canaries values ('c9', 'e1', 1);
insert into telltale.hooks values ('h1', 'crm', 1);
insert into telltale.events (at_ms, kind, agent, payload) select n, 'tick', null, '{}' from generate_series(1, 41) n;
delete from telltale.events where id = 41;
insert into support.customers (key, name, mail, created_at_ms) values ('c1', 'Aiko', 'aiko@example.com', 1), ('c2', null, '', 1);
insert into support.queues values ('q1', 'Phones');
insert into support.members values ('q1', 'a1');
insert into support.tickets (number, customer, queue, channel, origin_kind, opened_at_ms, state, contact_at_ms, merged_into)
  values ('T-1', 'c1', 'q1', 'phone', 'customer', 1, 'closed', 1, 'T-2'), ('T-2', 'c1', 'q1', 'mail', 'agent', 1, 'open', 1, null);
insert into support.messages (ticket, at_ms, direction, author, body) values ('T-1', 1, 'in', null, E'\\.'), ('T-1', 2, 'note', 'a1', '');
`

/** Fills an empty database in that form. */
export async function fillSamples(client: pg.Client | pg.Pool): Promise<void> {
  await client.query(SAMPLES)
}
