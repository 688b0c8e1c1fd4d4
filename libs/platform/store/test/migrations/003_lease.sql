create table lease (
  one boolean primary key default true check (one),
  token bigint not null,
  holder text not null,
  expires_at timestamptz not null
);
