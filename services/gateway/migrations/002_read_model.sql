-- The read model: a fold of the events of the other services, written by the gateway only. `view` is the row as clients
-- see it (decimal texts, RFC 3339 times); the columns beside it are what is looked up by. `sequence` gives pages a stable order.
CREATE TABLE bots (
  id       text PRIMARY KEY,
  sequence bigint GENERATED ALWAYS AS IDENTITY,
  user_id  text NOT NULL,
  version  integer NOT NULL,
  -- A deleted bot stays as a tombstone, so that a late event cannot bring it back.
  deleted  boolean NOT NULL,
  view     jsonb NOT NULL
);
CREATE INDEX bots_of_user ON bots (user_id, sequence DESC) WHERE NOT deleted;

CREATE TABLE orders (
  client_order_id text PRIMARY KEY,
  sequence        bigint GENERATED ALWAYS AS IDENTITY,
  user_id         text NOT NULL,
  bot_id          text,
  version         integer NOT NULL,
  final           boolean NOT NULL,
  view            jsonb NOT NULL
);
CREATE INDEX orders_of_user ON orders (user_id, sequence DESC);
CREATE INDEX orders_open_of_user ON orders (user_id, sequence DESC) WHERE NOT final;
CREATE INDEX orders_of_bot ON orders (bot_id, sequence DESC);

CREATE TABLE fills (
  account_id    text NOT NULL,
  instrument_id text NOT NULL,
  trade_id      text NOT NULL,
  -- An order that meets our own order has two fills under one trade.
  client_order_id text NOT NULL,
  sequence      bigint GENERATED ALWAYS AS IDENTITY,
  user_id       text NOT NULL,
  bot_id        text,
  view          jsonb NOT NULL,
  PRIMARY KEY (account_id, instrument_id, trade_id, client_order_id)
);
CREATE INDEX fills_of_user ON fills (user_id, sequence DESC);
CREATE INDEX fills_of_bot ON fills (bot_id, sequence DESC);

CREATE TABLE cycles (
  bot_id   text NOT NULL,
  number   integer NOT NULL,
  sequence bigint GENERATED ALWAYS AS IDENTITY,
  user_id  text NOT NULL,
  view     jsonb NOT NULL,
  PRIMARY KEY (bot_id, number)
);
CREATE INDEX cycles_of_bot ON cycles (bot_id, sequence DESC);

CREATE TABLE accounts (
  account_id  text PRIMARY KEY,
  recorded_at bigint NOT NULL,
  view        jsonb NOT NULL,
  balances    jsonb NOT NULL,
  positions   jsonb NOT NULL
);

CREATE TABLE reconciliations (
  account_id  text PRIMARY KEY,
  recorded_at bigint NOT NULL,
  clean       boolean NOT NULL,
  differences jsonb NOT NULL
);

CREATE TABLE trading_states (
  -- The user it is for; '*' is the whole platform.
  scope       text PRIMARY KEY,
  recorded_at bigint NOT NULL,
  state       text NOT NULL CHECK (state IN ('active', 'halted')),
  text        text NOT NULL,
  since       text NOT NULL
);

-- No reference to bots: the log outlives them.
CREATE TABLE activity (
  event_id    text PRIMARY KEY,
  sequence    bigint GENERATED ALWAYS AS IDENTITY,
  -- Null: concerns everybody.
  user_id     text,
  bot_id      text,
  level       text NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT now(),
  view        jsonb NOT NULL
);
CREATE INDEX activity_of_user ON activity (user_id, sequence DESC);
CREATE INDEX activity_of_bot ON activity (bot_id, sequence DESC);
CREATE INDEX activity_age ON activity (recorded_at);
