-- Up Migration
-- The audit log of a service: rows are added, never changed, and forgotten from the front alone. What stands in it: docs/audit.md.

-- For any table of that kind: a mistake of ours fails at once. The pruning says that it is one, for its transaction alone. Whoever may
-- alter the table gets past it, and is found by the chain.
create function refuse_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' and current_setting('scalpstorm.pruning', true) = 'on' then
    return old;
  end if;
  raise exception 'rows of % are never changed, and forgotten by the pruning alone', tg_table_name;
end
$$;

create table audit_records (
  chain text not null,
  sequence bigint not null,
  recorded_at_us bigint not null,
  kind text not null,
  -- Who did it; '' where nobody is known.
  actor text not null,
  -- What it was done to.
  subject text not null,
  body jsonb not null,
  -- SHA-256 of the hash before it and of the row in its canonical form.
  hash bytea not null,
  primary key (chain, sequence)
);
create trigger audit_records_append_only before update or delete on audit_records
  for each row execute function refuse_change();

-- The newest row of each chain whose writers are several: its row is locked while one of them adds the next.
create table audit_heads (
  chain text primary key,
  sequence bigint not null,
  hash bytea not null
);

-- The newest row of each chain that was forgotten; the chain goes on from it.
create table audit_checkpoints (
  chain text primary key,
  sequence bigint not null,
  hash bytea not null,
  pruned_at timestamptz not null default now()
);

-- Down Migration
drop table audit_checkpoints;
drop table audit_heads;
drop table audit_records;
drop function refuse_change();
