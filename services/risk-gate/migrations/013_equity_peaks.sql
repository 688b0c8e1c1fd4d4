-- Up Migration
-- What an account, or a user's live accounts, were worth when last counted, and at most; by asset in the currency of the limits.
create table equity_peaks (
  scope text primary key,
  equity numeric not null,
  peak numeric not null,
  counted jsonb not null,
  counted_at_us bigint not null
);

-- Down Migration
drop table equity_peaks;
