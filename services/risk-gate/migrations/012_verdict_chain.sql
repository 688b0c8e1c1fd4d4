-- Up Migration
-- Verdicts are a chain: gapless, each with a hash of itself and of all before it, see docs/audit.md. Those from before this migration
-- have neither number nor hash, and stay outside of it.
alter table verdicts add column sequence bigint, add column hash bytea;
create unique index verdicts_chain on verdicts (sequence) where sequence is not null;
create trigger verdicts_append_only before update or delete on verdicts
  for each row execute function refuse_change();

-- Down Migration
drop trigger verdicts_append_only on verdicts;
drop index verdicts_chain;
alter table verdicts drop column sequence, drop column hash;
