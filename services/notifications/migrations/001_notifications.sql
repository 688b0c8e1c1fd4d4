-- Times are microseconds since the epoch. Written by notifications only.

-- Who wants to be told, and how. The role is the one that the gateway named last.
CREATE TABLE profiles (
  user_id      text PRIMARY KEY,
  role         text NOT NULL CHECK (role IN ('viewer', 'trader', 'admin')),
  preferences  jsonb NOT NULL,
  -- The last day, in the user's time zone, that a summary was made for.
  summary_day  text NOT NULL DEFAULT ''
);

CREATE TABLE telegram_links (
  id               text PRIMARY KEY,
  user_id          text NOT NULL REFERENCES profiles (user_id),
  chat_id          bigint NOT NULL,
  telegram_user_id bigint NOT NULL,
  label            text NOT NULL,
  linked_at        bigint NOT NULL,
  UNIQUE (chat_id, telegram_user_id)
);
CREATE INDEX telegram_links_user ON telegram_links (user_id);

-- Only the hash of a code is kept; a user has at most one that works.
CREATE TABLE link_codes (
  user_id    text PRIMARY KEY REFERENCES profiles (user_id),
  hash       text NOT NULL UNIQUE,
  expires_at bigint NOT NULL
);

CREATE TABLE emails (
  user_id         text PRIMARY KEY REFERENCES profiles (user_id),
  address         text NOT NULL,
  set_at          bigint NOT NULL,
  verified_at     bigint,
  code_hash       text,
  code_expires_at bigint,
  code_attempts   integer NOT NULL DEFAULT 0
);

CREATE TABLE webhooks (
  user_id       text PRIMARY KEY REFERENCES profiles (user_id),
  url           text NOT NULL,
  sealed_secret bytea NOT NULL,
  set_at        bigint NOT NULL
);

-- The outbox. A row is one message of one channel to one destination.
CREATE TABLE deliveries (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  user_id     text NOT NULL,
  channel     text NOT NULL CHECK (channel IN ('telegram', 'email', 'webhook')),
  destination text NOT NULL,
  notice_id   text NOT NULL,
  -- A long message is several.
  part        integer NOT NULL,
  title       text NOT NULL,
  payload     jsonb NOT NULL,
  state       text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'failed')),
  attempts    integer NOT NULL DEFAULT 0,
  -- Not before. While a message is being sent: when it is tried again should its sender never come back.
  next_at     bigint NOT NULL,
  error       text NOT NULL DEFAULT '',
  created_at  bigint NOT NULL,
  settled_at  bigint,
  UNIQUE (notice_id, channel, destination, part)
);
CREATE INDEX deliveries_waiting ON deliveries (channel, destination, id) WHERE state = 'waiting';
CREATE INDEX deliveries_user_waiting ON deliveries (user_id, channel) WHERE state = 'waiting';
CREATE INDEX deliveries_failed ON deliveries (user_id, id DESC) WHERE state = 'failed';
CREATE INDEX deliveries_settled ON deliveries (settled_at) WHERE settled_at IS NOT NULL;

-- Notices that become one message: too many at once, quiet hours, bursts of one thing.
CREATE TABLE gatherings (
  user_id  text NOT NULL,
  channel  text NOT NULL,
  key      text NOT NULL,
  count    integer NOT NULL,
  -- Counts by kind.
  kinds    jsonb NOT NULL,
  -- The first titles.
  titles   jsonb NOT NULL,
  from_at  bigint NOT NULL,
  to_at    bigint NOT NULL,
  due_at   bigint NOT NULL,
  PRIMARY KEY (user_id, channel, key)
);
CREATE INDEX gatherings_due ON gatherings (due_at);

-- Every bot as its last event said it, in the form of the wire.
CREATE TABLE bots (
  bot_id  text PRIMARY KEY,
  user_id text NOT NULL,
  version integer NOT NULL,
  event   bytea NOT NULL
);

-- What completed cycles earned, for the summary of a day. Modes and currencies are never summed.
CREATE TABLE daily_results (
  user_id  text NOT NULL,
  day      text NOT NULL,
  mode     text NOT NULL,
  currency text NOT NULL,
  cycles   integer NOT NULL,
  wins     integer NOT NULL,
  net      numeric NOT NULL,
  fees     numeric NOT NULL,
  PRIMARY KEY (user_id, day, mode, currency)
);

-- A question "really?" in a chat: for one person in one chat, for a short time, once.
CREATE TABLE confirmations (
  hash             text PRIMARY KEY,
  user_id          text NOT NULL,
  chat_id          bigint NOT NULL,
  telegram_user_id bigint NOT NULL,
  command_id       text NOT NULL,
  intent           jsonb NOT NULL,
  expires_at       bigint NOT NULL
);
CREATE INDEX confirmations_age ON confirmations (expires_at);
