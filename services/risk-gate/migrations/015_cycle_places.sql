-- Up Migration
-- Where a cycle was: its account, which older words do not tell, and its instrument.
alter table cycle_results add column account_id text;
alter table cycle_results add column instrument_id text;
create index cycle_results_of_account on cycle_results (account_id, mode, completed_at_us);
create index cycle_results_of_instrument on cycle_results (user_id, instrument_id, mode, completed_at_us);
create index cycle_results_of_mode on cycle_results (mode, completed_at_us);

-- Down Migration
drop index cycle_results_of_mode;
drop index cycle_results_of_instrument;
drop index cycle_results_of_account;
alter table cycle_results drop column instrument_id;
alter table cycle_results drop column account_id;
