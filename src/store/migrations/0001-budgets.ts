/**
 * Counting and charging an agent's budget inside the database, where nothing comes between the two.
 *
 * `charge` is one statement in a transaction of its own (read committed). The advisory lock lets one
 * charge of an agent at a time look; each statement of a volatile function sees what was committed
 * before it, so the count after the lock has every earlier charge. A time later than `at_ms`, left by a
 * clock that was since set back, counts in every window, and a time once written never goes back.
 * Counts that are told are those of before where it refuses (`over` is set), of after otherwise.
 */
export const BUDGET_FUNCTIONS = `
  create function telltale.used_customers(
    agent_id text, at_ms bigint, hour_ms bigint, day_ms bigint, week_ms bigint, other_than text[],
    out in_hour int, out in_day int, out in_week int
  ) language sql stable as $$
    select count(*) filter (where last_at_ms > at_ms - hour_ms),
           count(*) filter (where last_at_ms > at_ms - day_ms),
           count(*)
    from telltale.views
    where agent = agent_id and last_at_ms > at_ms - week_ms and customer <> all (other_than)
  $$;

  create function telltale.charge(
    agent_id text, customer_keys text[], at_ms bigint,
    hour_ms bigint, day_ms bigint, week_ms bigint,
    hour_max int, day_max int, week_max int,
    out in_hour int, out in_day int, out in_week int, out over text
  ) language plpgsql as $$
  declare
    added int;
  begin
    perform pg_advisory_xact_lock(hashtextextended(agent_id, 7403));
    select count(distinct one) into added from unnest(customer_keys) one;
    select u.in_hour + added, u.in_day + added, u.in_week + added into in_hour, in_day, in_week
    from telltale.used_customers(agent_id, at_ms, hour_ms, day_ms, week_ms, customer_keys) u;
    over := case when in_hour > hour_max then 'hour'
                 when in_day > day_max then 'day'
                 when in_week > week_max then 'week' end;
    if over is not null then
      select u.in_hour, u.in_day, u.in_week into in_hour, in_day, in_week
      from telltale.used_customers(agent_id, at_ms, hour_ms, day_ms, week_ms, '{}') u;
      return;
    end if;
    insert into telltale.views as v (agent, customer, last_at_ms)
    select distinct agent_id, one, at_ms from unnest(customer_keys) one
    on conflict (agent, customer)
      do update set last_at_ms = greatest(v.last_at_ms, excluded.last_at_ms);
  end $$;
`
