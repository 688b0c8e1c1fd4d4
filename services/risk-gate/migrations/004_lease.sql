-- Up Migration
-- The right to judge: one row. Every taking gives a higher token.
create table lease (
  one boolean primary key default true check (one),
  token bigint not null,
  holder text not null,
  expires_at timestamptz not null
);

-- Down Migration
drop table lease;
