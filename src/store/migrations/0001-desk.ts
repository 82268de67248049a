/** The guarded desk: docs/desk.md, "Tables". */
import { type Kysely, sql } from 'kysely'
import { BUDGET_FUNCTIONS } from './0001-budgets.ts'
import { SUPPORT_TABLES } from './0001-support.ts'

const PEOPLE = `
  create table telltale.teams (
    id text primary key,
    name text not null,
    created_at_ms bigint not null
  );
  create table telltale.agents (
    id text primary key,
    person text not null,
    name text not null,
    mail text,
    pseudonym text not null unique,
    team text references telltale.teams,
    roles text[] not null check (roles <@ '{agent,lead,officer,admin}'::text[]),
    kind text not null check (kind in ('person', 'service')),
    status text not null check (status in ('active', 'suspended')),
    external_id text unique,
    created_at_ms bigint not null,
    changed_at_ms bigint not null,
    suspended_at_ms bigint,
    suspended_by text
  );
  create index on telltale.agents (person);
  create table telltale.identities (
    issuer text,
    subject text,
    agent text not null references telltale.agents,
    primary key (issuer, subject)
  );
  create index on telltale.identities (agent);
  create table telltale.passkeys (
    id text primary key,
    agent text not null references telltale.agents,
    public_key bytea not null,
    counter bigint not null,
    transports text[] not null,
    label text not null,
    created_at_ms bigint not null,
    used_at_ms bigint
  );
  create index on telltale.passkeys (agent);
  create table telltale.challenges (
    id text primary key,
    kind text not null,
    payload jsonb not null,
    expires_at_ms bigint not null
  );
  create index on telltale.challenges (expires_at_ms);
  create table telltale.rosters (
    agent text references telltale.agents,
    starts_at_ms bigint,
    ends_at_ms bigint not null check (ends_at_ms > starts_at_ms),
    primary key (agent, starts_at_ms)
  );
  create table telltale.sessions (
    id text primary key,
    secret_hash bytea not null unique,
    agent text not null references telltale.agents,
    device text,
    device_key jsonb,
    method text not null,
    created_at_ms bigint not null,
    seen_at_ms bigint not null,
    expires_at_ms bigint not null,
    step_up_at_ms bigint,
    ended_at_ms bigint,
    ended_why text
  );
  create index on telltale.sessions (agent, created_at_ms);
  -- A proof names its session by its key: a device has one session at a time.
  create unique index sessions_device on telltale.sessions (device) where ended_at_ms is null;
  create table telltale.services (
    id text primary key,
    name text not null unique,
    token_hash bytea not null unique,
    scopes text[] not null,
    created_at_ms bigint not null,
    revoked_at_ms bigint
  );
`

const GUARD = `
  create table telltale.views (
    agent text,
    customer text,
    last_at_ms bigint not null,
    primary key (agent, customer)
  );
  create index on telltale.views (agent, last_at_ms);
  create table telltale.lookups (
    id text primary key,
    agent text not null,
    at_ms bigint not null,
    found boolean not null
  );
  create index on telltale.lookups (agent, at_ms);
  create table telltale.budgets (
    scope text primary key,
    per_hour int not null check (per_hour >= 0),
    per_day int not null check (per_day >= 0),
    per_week int not null check (per_week >= 0),
    basis jsonb,
    set_at_ms bigint not null,
    set_by text not null
  );
  create table telltale.grants (
    id text primary key,
    kind text not null check (kind in ('see', 'export', 'budget')),
    agent text not null,
    person text not null,
    reason text not null,
    text text not null,
    ticket text,
    customers text[] not null,
    fields text[] not null,
    extra int not null check (extra >= 0),
    minutes int not null check (minutes > 0),
    emergency boolean not null,
    state text not null check (state in ('asked', 'approved', 'denied', 'ended')),
    asked_at_ms bigint not null,
    decided_by text,
    decided_person text check (decided_person <> person),
    decided_at_ms bigint,
    decision_text text,
    live_from_ms bigint,
    live_until_ms bigint,
    ended_at_ms bigint,
    reviewed_by text,
    reviewed_at_ms bigint,
    review text check (review in ('fine', 'wrong')),
    review_text text
  );
  create index on telltale.grants (state, asked_at_ms);
  create index on telltale.grants (agent, asked_at_ms);
  create index on telltale.grants (person, asked_at_ms);
  create index on telltale.grants (decided_person, decided_at_ms);
  create table telltale.codes (
    id text primary key,
    ticket text not null,
    agent text not null,
    assigned_at_ms bigint,
    field text not null,
    code_hash bytea not null,
    sent_at_ms bigint not null,
    expires_at_ms bigint not null,
    attempts int not null default 0,
    passed_at_ms bigint
  );
  create index on telltale.codes (ticket, agent);
`

const REST = `
  create table telltale.assignments (
    ticket text primary key,
    customer text,
    assignee text,
    by_kind text check (by_kind in ('router', 'agent')),
    by_agent text,
    at_ms bigint not null,
    origin_kind text check (origin_kind in ('customer', 'system', 'agent')),
    origin_agent text,
    contact_at_ms bigint,
    closed_at_ms bigint
  );
  create index on telltale.assignments (assignee);
  create table telltale.idempotency (
    agent text,
    key text,
    route text not null,
    request_hash bytea not null,
    status int,
    body jsonb,
    created_at_ms bigint not null,
    primary key (agent, key)
  );
  create index on telltale.idempotency (created_at_ms);
  create table telltale.exports (
    id text primary key,
    grant_id text not null references telltale.grants,
    agent text not null,
    rows int not null,
    canaries text[] not null,
    made_at_ms bigint not null
  );
  create table telltale.canaries (
    customer text primary key,
    export_id text,
    created_at_ms bigint not null
  );
  create table telltale.hooks (
    id text primary key,
    source text not null,
    received_at_ms bigint not null
  );
  create table telltale.events (
    id bigint generated by default as identity primary key,
    at_ms bigint not null,
    kind text not null,
    agent text,
    payload jsonb not null
  );
  create index on telltale.events (at_ms);
  create function telltale.tell_event() returns trigger language plpgsql as $$
  begin
    perform pg_notify('telltale_events', new.id::text);
    return null;
  end $$;
  create trigger tell after insert on telltale.events
    for each row execute function telltale.tell_event();
`

/** Makes everything in an empty database. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw('create schema if not exists telltale').execute(db)
  for (const part of [PEOPLE, GUARD, REST, BUDGET_FUNCTIONS, SUPPORT_TABLES])
    await sql.raw(part).execute(db)
}
