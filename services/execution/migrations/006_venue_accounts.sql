-- Accounts that users brought. Key and secret are in one envelope, bound to this very user and account; nothing else in this
-- schema can be turned into them. Times are microseconds.
create table venue_accounts (
  account_id    text primary key,
  user_id       text not null,
  label         text not null,
  venue         text not null,
  mode          text not null check (mode in ('demo', 'paper', 'live')),
  state         text not null check (state in ('enabled', 'disabled')),
  envelope      bytea not null,
  key_ending    text not null,
  checked_at_us bigint not null,
  may_trade     boolean not null,
  -- Null: the venue does not tell.
  may_withdraw  boolean,
  warning       text not null,
  created_at_us bigint not null,
  changed_at_us bigint not null
);
create index venue_accounts_of_user on venue_accounts (user_id);
