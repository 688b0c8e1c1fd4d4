create table entries (
  id text primary key,
  units bigint not null,
  amount numeric not null
);
